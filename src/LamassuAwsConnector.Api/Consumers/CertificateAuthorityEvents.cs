using System.Text.Json.Serialization;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.CertificateAuthorities;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Events of CAs: they tell which CA to look at.</summary>
internal sealed class CertificateAuthorityEvents(CARegistrationService caRegistration)
{
    public Task<EventOutcome> OnCreated(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken) =>
        RegisterAsync(cloudEvent, cloudEvent.ReadData<NamedCA>(), cancellationToken);

    public Task<EventOutcome> OnUpdated(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken) =>
        RegisterAsync(cloudEvent, cloudEvent.ReadData<CAUpdate>().Updated, cancellationToken);

    private async Task<EventOutcome> RegisterAsync(CloudEvent cloudEvent, NamedCA? ca, CancellationToken cancellationToken)
    {
        if (ca?.Id is not { Length: > 0 } caId)
        {
            throw new ConnectorException(FailureKind.Invalid, "ca_missing", FailureSource.Lamassu, $"The event {cloudEvent.Type} names no CA.");
        }

        return await caRegistration.RegisterAsync(new RegisterCA(caId), cancellationToken) is RegisterCAOutcome.NotRequested
            ? EventOutcome.Ignored
            : EventOutcome.Handled;
    }

    internal sealed record CAUpdate
    {
        [JsonPropertyName("updated")]
        public NamedCA? Updated { get; init; }
    }

    internal sealed record NamedCA
    {
        [JsonPropertyName("id")]
        public string? Id { get; init; }
    }
}
