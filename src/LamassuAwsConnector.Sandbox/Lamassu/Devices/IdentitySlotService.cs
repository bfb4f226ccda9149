using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Authorities;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;

namespace LamassuAwsConnector.Sandbox.Lamassu.Devices;

/// <summary>Replaces a device's identity slot as a whole, with the side effects that this has, in their order.</summary>
internal sealed class IdentitySlotService(LamassuContext context, CertificateService certificates)
{
    private static readonly string[] KnownStatuses = ["ACTIVE", "RENEWAL_PENDING", "EXPIRING_SOON", "EXPIRED", "REVOKED"];

    public async Task<JsonObject> UpdateAsync(Operation operation, string deviceId, JsonObject slot, CancellationToken cancellationToken)
    {
        var target = new UpdateTarget(operation, LamassuKind.Device, deviceId, "device.identity.update");
        var previous = context.ReadPrevious(target);
        var device = context.State.Find(LamassuKind.Device, deviceId) ?? throw new LamassuException(target.NotFound);
        if ((string)device["status"]! != "DECOMMISSIONED")
        {
            await context.Faults.RunModificationAsync(LamassuKind.Device, deviceId, cancellationToken);
            await ReplaceAsync(operation, device, slot.DeepClone().AsObject(), cancellationToken);
            device = await UpdateStatusAsync(operation, deviceId, (string)slot["status"]!, cancellationToken);
        }

        if (previous is not null)
        {
            await context.Events.PublishUpdateAsync(operation, target.EventType, target.Subject, previous, device, cancellationToken);
        }

        return device;
    }

    private async Task ReplaceAsync(Operation operation, JsonObject device, JsonObject slot, CancellationToken cancellationToken)
    {
        var stored = device["identity"] as JsonObject;
        var status = (string)slot["status"]!;
        if (status == "REVOKED")
        {
            await RevokeAsync(operation, stored ?? throw new CrashException("a first slot that is revoked"), cancellationToken);
        }

        if (stored is not null && (string)stored["status"]! != status)
        {
            if (slot["events"] is null)
            {
                // The certificate is revoked by now.
                throw new CrashException("a slot without events whose status changes");
            }

            DeviceEvents.Add(
                slot, context.Clock.Now(), DeviceEvents.Create("STATUS-UPDATED", $"Identity Slot Status updated from '{stored["status"]}' to '{status}'"));
        }

        PutSlot(device, slot);
        context.State.Save(LamassuKind.Device, device);
    }

    private async Task RevokeAsync(Operation operation, JsonObject stored, CancellationToken cancellationToken)
    {
        var serialNumber = DeviceEvents.ActiveSerialNumber(stored) ?? "";
        if ((string)certificates.Get(serialNumber)["status"]! != "REVOKED")
        {
            await certificates.UpdateStatusAsync(
                operation.CallBy(ServiceIdentity.DeviceManager), serialNumber, "REVOKED", "Unspecified", cancellationToken);
        }
    }

    /// <summary>The device follows its slot; an unknown status is refused only now that the slot is stored.</summary>
    private async Task<JsonObject> UpdateStatusAsync(Operation operation, string deviceId, string status, CancellationToken cancellationToken)
    {
        if (!KnownStatuses.Contains(status))
        {
            throw new LamassuException($"unknown slot status {status}");
        }

        var previous = context.State.Find(LamassuKind.Device, deviceId) ?? throw new LamassuException("device not found");
        if ((string)previous["status"]! == status)
        {
            return previous;
        }

        var device = previous.DeepClone().AsObject();
        device["status"] = status;
        DeviceEvents.Add(
            device, context.Clock.Now(), DeviceEvents.Create("STATUS-UPDATED", $"Status updated from '{previous["status"]}' to '{status}'"));
        context.State.Save(LamassuKind.Device, device);
        await context.Events.PublishUpdateAsync(operation, "device.status.update", $"device/{deviceId}", previous, device, cancellationToken);
        return device;
    }

    /// <summary>The member stands between the owner and the slots, also when it was not there before.</summary>
    private static void PutSlot(JsonObject device, JsonObject slot)
    {
        if (device.ContainsKey("identity"))
        {
            device["identity"] = slot;
            return;
        }

        var index = device.IndexOf("slots");
        device.Insert(index < 0 ? device.Count : index, "identity", slot);
    }
}
