using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Authorities;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Devices;

/// <summary>Devices and their identity slot, with the order of steps and the crashes of Lamassu's Device Manager.</summary>
internal sealed class DeviceManager(Rows rows, EventPublisher events, CertificateService certificates, GoClock clock)
{
    private const string Decommissioned = "DECOMMISSIONED";
    private static readonly string[] Required = ["id", "dms_id", "icon", "icon_color"];
    private static readonly string[] SlotStatuses = ["ACTIVE", "RENEWAL_PENDING", "EXPIRING_SOON", "EXPIRED", "REVOKED"];

    public async Task<JsonObject> CreateAsync(Operation operation, JsonObject request, CancellationToken cancellationToken)
    {
        if (Required.Any(name => (string)request[name]! == ""))
        {
            throw LamassuException.Invalid();
        }

        var id = (string)request["id"]!;
        if (rows.Find(LamassuKind.Device, id) is not null)
        {
            throw new LamassuException("device already exists", new JsonObject
            {
                ["Severity"] = "ERROR",
                ["Code"] = "23505",
                ["Message"] = "duplicate key value violates unique constraint \"devices_pkey\"",
                ["Detail"] = $"Key (id)=({id}) already exists.",
            });
        }

        var now = clock.Now();
        var device = new JsonObject
        {
            ["id"] = id,
            ["tags"] = request["tags"]?.DeepClone() ?? new JsonArray(),
            ["status"] = "NO_IDENTITY",
            ["icon"] = (string)request["icon"]!,
            ["icon_color"] = (string)request["icon_color"]!,
            ["creation_timestamp"] = now,
            ["metadata"] = request["metadata"]?.DeepClone() ?? new JsonObject(),
            ["dms_owner"] = (string)request["dms_id"]!,
            ["slots"] = new JsonObject(),
            ["events"] = new JsonObject { [now] = Event("CREATED") },
        };
        await rows.SaveAsync(LamassuKind.Device, id, device, cancellationToken);
        await events.PublishAsync(operation, "device.create", $"device/{id}", device.DeepClone(), cancellationToken);
        return device;
    }

    public async Task<JsonObject> UpdateMetadataAsync(Operation operation, string id, JsonObject request, CancellationToken cancellationToken)
    {
        var previous = rows.ForUpdate(LamassuKind.Device, id);
        var updated = previous.DeepClone().AsObject();
        Rows.Patch(updated, request);
        await rows.SaveAsync(LamassuKind.Device, id, updated, cancellationToken);
        await events.PublishUpdateAsync(operation, "device.metadata.update", $"device/{id}", previous, updated, cancellationToken);
        return updated;
    }

    /// <summary>Replaces the slot. What is checked, and what is not, is as in Lamassu: versions and certificates are not.</summary>
    public async Task<JsonObject> UpdateSlotAsync(Operation operation, string id, JsonObject slot, CancellationToken cancellationToken)
    {
        var previous = rows.ForUpdate(LamassuKind.Device, id);
        if ((string)previous["status"]! == Decommissioned)
        {
            return previous;
        }

        var status = (string)slot["status"]!;
        var present = previous["identity"] as JsonObject;
        if (status == "REVOKED")
        {
            await RevokeAsync(operation, present ?? throw new CrashException("nil pointer: identity slot"), "Unspecified", cancellationToken);
        }

        if (present is not null && (string)present["status"]! != status)
        {
            var slotEvents = slot["events"] as JsonObject ?? throw new CrashException("assignment to entry in nil map");
            slotEvents[clock.Now()] = Event("STATUS-UPDATED", $"Identity Slot Status updated from '{present["status"]}' to '{status}'");
        }

        var updated = Insert(previous, slot);
        await rows.SaveAsync(LamassuKind.Device, id, updated, cancellationToken);
        if (!SlotStatuses.Contains(status))
        {
            throw new LamassuException("device status does not allow this operation");
        }

        updated = await SetStatusAsync(operation, id, updated, status, cancellationToken);
        await events.PublishUpdateAsync(operation, "device.identity.update", $"device/{id}", previous, updated, cancellationToken);
        return updated;
    }

    /// <summary>Final: every later change of status or slot is answered and ignored.</summary>
    public async Task<JsonObject> DecommissionAsync(Operation operation, string id, CancellationToken cancellationToken)
    {
        var previous = rows.ForUpdate(LamassuKind.Device, id);
        var updated = previous.DeepClone().AsObject();
        if ((string)previous["status"]! != Decommissioned)
        {
            updated["status"] = Decommissioned;
            Events(updated)[clock.Now()] = Event(Decommissioned);
            if (updated["identity"] is JsonObject slot)
            {
                slot["status"] = "REVOKED";
                await rows.SaveAsync(LamassuKind.Device, id, updated, cancellationToken);
                await RevokeAsync(operation, slot, "CessationOfOperation", cancellationToken);
            }

            await rows.SaveAsync(LamassuKind.Device, id, updated, cancellationToken);
        }

        await events.PublishUpdateAsync(operation, "device.status.update", $"device/{id}", previous, updated, cancellationToken);
        return updated;
    }

    public async Task DeleteAsync(Operation operation, string id, CancellationToken cancellationToken)
    {
        if ((string)rows.Get(LamassuKind.Device, id)["status"]! != Decommissioned)
        {
            throw new LamassuException("device status does not allow this operation");
        }

        rows.Remove(LamassuKind.Device, id);
        await events.PublishAsync(operation, "device.delete", $"device/{id}", new JsonObject { ["ID"] = id }, cancellationToken);
    }

    public static string? ActiveSerialNumber(JsonObject device) =>
        device["identity"] is JsonObject slot ? (string?)slot["versions"]?[((long)slot["active_version"]!).ToString(CultureInfo.InvariantCulture)] : null;

    public static JsonObject Event(string type, string description = "") => new() { ["type"] = type, ["description"] = description };

    // The database keeps the member where the model has it: after dms_owner.
    private static JsonObject Insert(JsonObject device, JsonObject slot)
    {
        var updated = new JsonObject();
        foreach (var (name, value) in device.Where(member => member.Key != "identity"))
        {
            updated[name] = value?.DeepClone();
            if (name == "dms_owner")
            {
                updated["identity"] = WithoutAbsent(slot);
            }
        }

        return updated;
    }

    private static JsonObject WithoutAbsent(JsonObject slot)
    {
        var copy = slot.DeepClone().AsObject();
        if (copy["expiration_date"] is null)
        {
            copy.Remove("expiration_date");
        }

        return copy;
    }

    private async Task<JsonObject> SetStatusAsync(Operation operation, string id, JsonObject device, string status, CancellationToken cancellationToken)
    {
        var present = (string)device["status"]!;
        if (present == status)
        {
            return device;
        }

        var updated = device.DeepClone().AsObject();
        updated["status"] = status;
        Events(updated)[clock.Now()] = Event("STATUS-UPDATED", $"Status updated from '{present}' to '{status}'");
        await rows.SaveAsync(LamassuKind.Device, id, updated, cancellationToken);
        await events.PublishUpdateAsync(operation, "device.status.update", $"device/{id}", device, updated, cancellationToken);
        return updated;
    }

    private async Task RevokeAsync(Operation operation, JsonObject slot, string reason, CancellationToken cancellationToken)
    {
        var serialNumber = (string?)slot["versions"]?[((long)slot["active_version"]!).ToString(CultureInfo.InvariantCulture)];
        if (serialNumber is not null && rows.Find(LamassuKind.Certificate, serialNumber) is { } certificate && (string)certificate["status"]! is not ("REVOKED" or "EXPIRED"))
        {
            await certificates.UpdateStatusAsync(operation.CallBy(ServiceIdentity.DeviceManager), serialNumber, "REVOKED", reason, cancellationToken);
        }
    }

    private static JsonObject Events(JsonObject device)
    {
        if (device["events"] is not JsonObject deviceEvents)
        {
            device["events"] = deviceEvents = [];
        }

        return deviceEvents;
    }
}
