using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;

namespace LamassuAwsConnector.Sandbox.Lamassu.Devices;

/// <summary>What the Device Manager does by itself when a certificate changes: the slot follows, a moment later.</summary>
internal sealed class CertificateReactions(Rows rows, DeviceManager devices)
{
    private const string Deltas = "lamassu.io/ca/expiration-deltas";

    public async Task ReactAsync(CertificateEvent certificateEvent, CancellationToken cancellationToken)
    {
        var certificate = certificateEvent.Updated;
        var target = certificateEvent.Type == "certificate.status.update" ? StatusTarget((string)certificate["status"]!) : DeltaTarget(certificateEvent);
        var deviceId = (string?)certificate["metadata"]?["lamassu.io/ra/attached-to"]?["device_id"];
        if (target is null || deviceId is null || rows.Find(LamassuKind.Device, deviceId) is not { } device
            || DeviceManager.ActiveSerialNumber(device) != (string)certificate["serial_number"]!)
        {
            return;
        }

        var slot = device["identity"]!.DeepClone().AsObject();
        var present = (string)slot["status"]!;
        if (present == target || (target == "ACTIVE" && present is not ("REVOKED" or "EXPIRED")))
        {
            return;
        }

        slot["status"] = target;
        await devices.UpdateSlotAsync(Operation.OfEvent(certificateEvent.TraceId), deviceId, slot, cancellationToken);
    }

    private static string? StatusTarget(string status) => status is "REVOKED" or "EXPIRED" or "ACTIVE" ? status : null;

    private static string? DeltaTarget(CertificateEvent certificateEvent) =>
        IsNew(certificateEvent, "Critical") ? "EXPIRING_SOON" : IsNew(certificateEvent, "Preventive") ? "RENEWAL_PENDING" : null;

    private static bool IsNew(CertificateEvent certificateEvent, string name) =>
        IsTriggered(certificateEvent.Updated, name) && !IsTriggered(certificateEvent.Previous, name);

    private static bool IsTriggered(JsonObject certificate, string name) => (certificate["metadata"]?[Deltas] as JsonArray)?
        .Any(delta => (string?)delta?["name"] == name && (bool?)delta?["triggered"] == true) ?? false;
}
