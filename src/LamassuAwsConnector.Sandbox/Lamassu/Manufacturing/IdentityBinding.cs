using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Authorities;
using LamassuAwsConnector.Sandbox.Lamassu.Devices;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Manufacturing;

/// <summary>Binds a certificate to a device: the certificate is marked, the device's slot gets a version.</summary>
internal sealed class IdentityBinding(Rows rows, EventPublisher events, CertificateService certificates, DeviceManager devices, GoClock clock)
{
    public const string AttachedTo = "lamassu.io/ra/attached-to";
    public const string Deltas = "lamassu.io/ca/expiration-deltas";

    /// <summary>
    /// The slot that is written is that of the device that the certificate's CN names; the device in the answer and in the event is the one that was asked
    /// for, as it was before. Not idempotent: the same certificate again is another version.
    /// </summary>
    public async Task<JsonObject> BindAsync(Operation operation, string bindMode, string deviceId, string serialNumber, CancellationToken cancellationToken)
    {
        var device = rows.Get(LamassuKind.Device, deviceId);
        var dms = rows.Get(LamassuKind.Dms, (string)device["dms_owner"]!);
        var named = (string)rows.Get(LamassuKind.Certificate, serialNumber)["subject"]!["common_name"]!;
        var call = operation.CallBy(ServiceIdentity.DmsManager);
        var certificate = await certificates.UpdateMetadataAsync(call, serialNumber, Marks(deviceId, dms), cancellationToken);
        var target = rows.Get(LamassuKind.Device, named);
        var slot = NextSlot(target, bindMode, serialNumber, certificate);
        await devices.UpdateSlotAsync(operation.CallBy(ServiceIdentity.DmsManager), named, slot, cancellationToken);
        if (device["identity"] is not null)
        {
            // Only the slot of the object that was read is changed in place; its status stays old.
            device["identity"] = slot.DeepClone();
        }

        var bound = new JsonObject { ["certificate"] = certificate.DeepClone(), ["dms"] = dms, ["device"] = device };
        await events.PublishAsync(operation, "dms.bind-device-id", $"device/{deviceId}", bound.DeepClone(), cancellationToken);
        return bound;
    }

    private JsonObject NextSlot(JsonObject device, string bindMode, string serialNumber, JsonObject certificate)
    {
        if (device["identity"] is not JsonObject present)
        {
            return new JsonObject
            {
                ["status"] = "ACTIVE",
                ["active_version"] = 0L,
                ["type"] = "x509",
                ["versions"] = new JsonObject { ["0"] = serialNumber },
                ["expiration_date"] = (string)certificate["valid_to"]!,
                ["events"] = new JsonObject { [clock.Now()] = DeviceManager.Event("PROVISIONED") },
            };
        }

        var slot = present.DeepClone().AsObject();
        var version = (long)slot["active_version"]! + 1;
        slot["versions"]![version.ToString(CultureInfo.InvariantCulture)] = serialNumber;
        slot["active_version"] = version;
        slot["status"] = "ACTIVE";
        slot["expiration_date"] = (string)certificate["valid_to"]!;
        if (slot["events"] is not JsonObject slotEvents)
        {
            slot["events"] = slotEvents = [];
        }

        slotEvents[clock.Now()] = DeviceManager.Event(bindMode, $"New Active Version set to {version}");
        return slot;
    }

    private static JsonObject Marks(string deviceId, JsonObject dms)
    {
        var settings = dms["settings"]!["reenrollment_settings"]!;
        return new JsonObject
        {
            ["patches"] = new JsonArray(
                Add(Deltas, new JsonArray(Delta("Preventive", settings["preventive_delta"]), Delta("Critical", settings["critical_delta"]))),
                Add(AttachedTo, new JsonObject { ["authorized_by"] = new JsonObject { ["ra_id"] = dms["id"]!.DeepClone() }, ["device_id"] = deviceId })),
        };
    }

    private static JsonObject Delta(string name, JsonNode? delta) => new() { ["delta"] = delta?.DeepClone() ?? "0s", ["name"] = name, ["triggered"] = false };

    private static JsonObject Add(string key, JsonNode value) => new() { ["op"] = "add", ["path"] = Pointer(key), ["value"] = value };

    public static string Pointer(string key) => "/" + key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
