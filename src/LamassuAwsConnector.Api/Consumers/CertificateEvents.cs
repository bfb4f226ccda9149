using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Devices;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Events of certificates: their status, and that their time to be renewed has come.</summary>
internal sealed partial class CertificateEvents(
    CertificateStatusService certificateStatus, RenewalService renewal, TimeProvider timeProvider, ILogger<CertificateEvents> logger)
{
    private const string ExpirationDeltas = "lamassu.io/ca/expiration-deltas";
    private const string Preventive = "Preventive";

    public async Task<EventOutcome> OnStatusUpdated(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var data = cloudEvent.ReadData<CertificateUpdate>();
        var command = new ApplyCertificateStatus(SerialNumber(cloudEvent, data))
        {
            PreviousStatus = data.Previous?.Status,
            PreviousReason = data.Previous?.Reason,
            Status = data.Updated?.Status,
            Reason = data.Updated?.Reason,
            EncodedPem = data.Updated?.EncodedPem,
            Time = TimeOf(cloudEvent),
        };
        var outcome = await certificateStatus.ApplyAsync(command, cancellationToken);
        switch (outcome)
        {
            case ApplyCertificateStatusOutcome.Disputed when !delivery.IsLastAttempt:
                return EventOutcome.Waiting;
            case ApplyCertificateStatusOutcome.NotOurs not:
                Log.NotOurs(logger, command.SerialNumber, not.Reason);
                return EventOutcome.Ignored;
            case ApplyCertificateStatusOutcome.Unchanged unchanged:
                Log.Unchanged(logger, command.SerialNumber, unchanged.Reason);
                return EventOutcome.Handled;
            default:
                return EventOutcome.Handled;
        }
    }

    /// <summary>Lamassu is asked only when the event shows that the preventive time has come newly.</summary>
    public async Task<EventOutcome> OnMetadataUpdated(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var data = cloudEvent.ReadData<CertificateUpdate>();
        var serialNumber = SerialNumber(cloudEvent, data);
        if (!IsTriggered(data.Updated) || IsTriggered(data.Previous))
        {
            return EventOutcome.Ignored;
        }

        return await renewal.AskAsync(serialNumber, TimeOf(cloudEvent), cancellationToken) is null ? EventOutcome.Ignored : EventOutcome.Handled;
    }

    // The list is re-sorted when a delta is triggered, so it is found by its name.
    private static bool IsTriggered(CertificateData? certificate) => (certificate?.Metadata?[ExpirationDeltas] as JsonArray)?
        .OfType<JsonObject>()
        .Any(delta => (delta["name"] as JsonValue)?.TryGetValue<string>(out var name) == true && name == Preventive
            && (delta["triggered"] as JsonValue)?.TryGetValue<bool>(out var triggered) == true && triggered) ?? false;

    private DateTimeOffset TimeOf(CloudEvent cloudEvent) => cloudEvent.Time ?? timeProvider.GetUtcNow();

    private static string SerialNumber(CloudEvent cloudEvent, CertificateUpdate data) => data.Updated?.SerialNumber is { Length: > 0 } serial
        ? serial
        : throw new ConnectorException(FailureKind.Invalid, "certificate_missing", FailureSource.Lamassu, $"The event {cloudEvent.Type} names no certificate in updated.serial_number.");

    internal sealed record CertificateUpdate
    {
        [JsonPropertyName("previous")]
        public CertificateData? Previous { get; init; }

        [JsonPropertyName("updated")]
        public CertificateData? Updated { get; init; }
    }

    internal sealed record CertificateData
    {
        [JsonPropertyName("serial_number")]
        public string? SerialNumber { get; init; }

        [JsonPropertyName("status")]
        public string? Status { get; init; }

        [JsonPropertyName("revocation_reason")]
        public string? Reason { get; init; }

        [JsonPropertyName("certificate")]
        public string? EncodedPem { get; init; }

        [JsonPropertyName("metadata")]
        public JsonObject? Metadata { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Certificate {SerialNumber} is left alone: {Reason}")]
        public static partial void NotOurs(ILogger logger, string serialNumber, string reason);

        [LoggerMessage(2, LogLevel.Debug, "Certificate {SerialNumber} stays as it is: {Reason}")]
        public static partial void Unchanged(ILogger logger, string serialNumber, string reason);
    }
}
