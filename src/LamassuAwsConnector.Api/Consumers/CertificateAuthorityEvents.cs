using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.CertificateAuthorities;
using LamassuAwsConnector.Core.Certificates;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Events of CAs: they tell which CA to look at.</summary>
internal sealed partial class CertificateAuthorityEvents(
    CARegistrationService caRegistration, CAStatusService caStatus, CAReissueService caReissue, ILogger<CertificateAuthorityEvents> logger)
{
    public Task<EventOutcome> OnCreated(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken) =>
        RegisterAsync(cloudEvent, cloudEvent.ReadData<NamedCA>(), delivery, cancellationToken);

    public Task<EventOutcome> OnUpdated(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken) =>
        RegisterAsync(cloudEvent, cloudEvent.ReadData<CAUpdate>().Updated, delivery, cancellationToken);

    public async Task<EventOutcome> OnStatusUpdated(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var caId = IdOf(cloudEvent, cloudEvent.ReadData<CAUpdate>().Updated?.Id);
        return Outcome(caId, await caStatus.ApplyAsync(caId, cancellationToken));
    }

    public async Task<EventOutcome> OnReissued(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var data = cloudEvent.ReadData<CAReissue>();
        var command = new ReissueCA(IdOf(cloudEvent, data.Updated?.Id), data.Previous?.Certificate?.EncodedPem, data.Previous?.Metadata as JsonObject);
        switch (await caReissue.RegisterAsync(command, cancellationToken))
        {
            case ReissueCAOutcome.NotRegistered not:
                Log.LeftAlone(logger, command.CAId, not.Reason);
                return EventOutcome.Ignored;
            case ReissueCAOutcome.Failed { IsNoted: false } failed:
                return NotNoted(failed.Failure, delivery);
            default:
                return EventOutcome.Handled;
        }
    }

    public async Task<EventOutcome> OnDeleted(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var caId = IdOf(cloudEvent, cloudEvent.ReadData<DeletedCA>().Id);
        return Outcome(caId, await caStatus.RetireAsync(caId, cancellationToken));
    }

    private async Task<EventOutcome> RegisterAsync(CloudEvent cloudEvent, NamedCA? ca, Delivery delivery, CancellationToken cancellationToken) =>
        await caRegistration.RegisterAsync(new RegisterCA(IdOf(cloudEvent, ca?.Id)), cancellationToken) switch
        {
            RegisterCAOutcome.NotRequested => EventOutcome.Ignored,
            RegisterCAOutcome.Failed { IsNoted: false } failed => NotNoted(failed.Failure, delivery),
            _ => EventOutcome.Handled,
        };

    // A failure that stands nowhere would leave the CA as requested for ever.
    private static EventOutcome NotNoted(ConnectorException failure, Delivery delivery) => delivery.IsLastAttempt ? throw failure : EventOutcome.Waiting;

    private EventOutcome Outcome(string caId, ApplyCertificateStatusOutcome outcome)
    {
        switch (outcome)
        {
            case ApplyCertificateStatusOutcome.NotOurs not:
                Log.LeftAlone(logger, caId, not.Reason);
                return EventOutcome.Ignored;
            case ApplyCertificateStatusOutcome.Unchanged unchanged:
                Log.LeftAlone(logger, caId, unchanged.Reason);
                return EventOutcome.Handled;
            default:
                return EventOutcome.Handled;
        }
    }

    private static string IdOf(CloudEvent cloudEvent, string? caId) => caId is { Length: > 0 }
        ? caId
        : throw new ConnectorException(FailureKind.Invalid, "ca_missing", FailureSource.Lamassu, $"The event {cloudEvent.Type} names no CA.");

    internal sealed record CAUpdate
    {
        [JsonPropertyName("updated")]
        public NamedCA? Updated { get; init; }
    }

    internal sealed record CAReissue
    {
        [JsonPropertyName("previous")]
        public FormerCA? Previous { get; init; }

        [JsonPropertyName("updated")]
        public NamedCA? Updated { get; init; }
    }

    internal sealed record FormerCA
    {
        [JsonPropertyName("certificate")]
        public FormerCertificate? Certificate { get; init; }

        [JsonPropertyName("metadata")]
        public JsonNode? Metadata { get; init; }
    }

    internal sealed record FormerCertificate
    {
        [JsonPropertyName("certificate")]
        public string? EncodedPem { get; init; }
    }

    /// <summary>Delete events name the id with Go's field names.</summary>
    internal sealed record DeletedCA
    {
        [JsonPropertyName("CAID")]
        public string? Id { get; init; }
    }

    internal sealed record NamedCA
    {
        [JsonPropertyName("id")]
        public string? Id { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "CA {CAId} is left as it is: {Reason}")]
        public static partial void LeftAlone(ILogger logger, string caId, string reason);
    }
}
