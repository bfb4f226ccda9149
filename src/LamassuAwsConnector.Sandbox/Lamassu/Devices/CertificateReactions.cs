using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Devices;

/// <summary>
/// What the Device Manager does when a certificate changes: it moves the slot of the device whose active certificate it is. It believes the event and does
/// not look at the certificate again.
/// </summary>
internal sealed partial class CertificateReactions(LamassuContext context, IdentitySlotService slots, ILogger<CertificateReactions> logger)
{
    /// <summary>Answers with the certificate events that its own changes caused.</summary>
    public async Task<IReadOnlyCollection<CertificateEvent>> ReactAsync(CertificateEvent certificateEvent, CancellationToken cancellationToken)
    {
        var certificate = certificateEvent.Updated;
        var status = certificateEvent.Type == "certificate.status.update" ? SlotStatusOf((string)certificate["status"]!) : TriggeredStatus(certificateEvent);
        var deviceId = GoJson.At(certificate, "metadata", "lamassu.io/ra/attached-to", "device_id")?.ToString();
        if (status is null
            || deviceId is null
            || context.State.Find(LamassuKind.Device, deviceId)?["identity"] is not JsonObject slot
            || DeviceEvents.ActiveSerialNumber(slot) != (string)certificate["serial_number"]!)
        {
            return [];
        }

        var operation = Operation.OfEvent(certificateEvent.TraceId);
        var changed = slot.DeepClone().AsObject();
        changed["status"] = status;
        try
        {
            await slots.UpdateAsync(operation, deviceId, changed, cancellationToken);
        }
        catch (Exception e) when (e is LamassuException or CrashException)
        {
            // Lamassu tries a few times and gives up; the slot stays as it is.
            Log.ReactionFailed(logger, deviceId, e);
        }

        return operation.Announced;
    }

    private static string? SlotStatusOf(string certificateStatus) => certificateStatus is "ACTIVE" or "REVOKED" or "EXPIRED" ? certificateStatus : null;

    /// <summary>The status for the most urgent delta that this event triggers; null when none is.</summary>
    private static string? TriggeredStatus(CertificateEvent certificateEvent)
    {
        var before = TriggeredDeltas(certificateEvent.Previous);
        var after = TriggeredDeltas(certificateEvent.Updated);
        return after.Except(before).ToList() switch
        {
            var triggered when triggered.Contains("Critical") => "EXPIRING_SOON",
            var triggered when triggered.Contains("Preventive") => "RENEWAL_PENDING",
            _ => null,
        };
    }

    private static List<string> TriggeredDeltas(JsonObject certificate) =>
        GoJson.At(certificate, "metadata", "lamassu.io/ca/expiration-deltas") is not JsonArray deltas ? [] :
        [
            .. deltas.OfType<JsonObject>()
                .Where(delta => delta["triggered"] is JsonValue value && value.TryGetValue<bool>(out var triggered) && triggered)
                .Select(delta => delta["name"]?.ToString() ?? ""),
        ];

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The slot of device {DeviceId} could not follow its certificate.")]
        public static partial void ReactionFailed(ILogger logger, string deviceId, Exception exception);
    }
}
