using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>
/// The Device Manager's answer to a certificate status event: the slot of the device whose active version the certificate is takes its status. Where the recording
/// has the event of that change, it is left to it.
/// </summary>
internal sealed class SlotMoves(LamassuState state, string connectorId)
{
    /// <returns>Whether the slot was moved.</returns>
    public bool Apply(IReadOnlyList<RecordedMessage> messages, int index)
    {
        var message = messages[index];
        if (message.Type != EventTypes.CertificateStatus || message.IsOwn(connectorId) || message.Data.Object("updated").Text("serial_number") is not { } serialNumber
            || state.Find(LamassuKind.Certificate, serialNumber) is not { } certificate || LamassuCertificate.AttachedDeviceId(certificate) is not { } deviceId
            || state.Find(LamassuKind.Device, deviceId) is not { } known || Identity.CurrentSerialNumber(known) != serialNumber
            || Target(certificate, known) is not { } status || IsRecorded(messages, index, deviceId, serialNumber, status))
        {
            return false;
        }

        var device = (JsonObject)known.DeepClone();
        Identity.SetStatus(device, status, message.Event.Text("time") ?? "");
        state.Store(LamassuKind.Device, device);
        return true;
    }

    private static string? Target(JsonObject certificate, JsonObject device)
    {
        var present = device.Object("identity").Text("status");
        var target = certificate.Text("status") switch
        {
            "REVOKED" => "REVOKED",
            "EXPIRED" => "EXPIRED",

            // A slot that waits for its renewal is not thrown back by a status that did not change.
            "ACTIVE" when present is "REVOKED" or "EXPIRED" => "ACTIVE",
            _ => null,
        };
        return device.Text("status") == "DECOMMISSIONED" || target == present ? null : target;
    }

    private bool IsRecorded(IReadOnlyList<RecordedMessage> messages, int index, string deviceId, string serialNumber, string status)
    {
        foreach (var later in messages.Skip(index + 1).Where(later => !later.IsOwn(connectorId)))
        {
            var updated = later.Data.Object("updated");
            if (later.Type == EventTypes.CertificateStatus && updated.Text("serial_number") == serialNumber)
            {
                return false;
            }

            if (later.Type == EventTypes.DeviceIdentity && updated.Text("id") == deviceId)
            {
                return updated.Object("identity").Text("status") == status;
            }
        }

        return false;
    }
}
