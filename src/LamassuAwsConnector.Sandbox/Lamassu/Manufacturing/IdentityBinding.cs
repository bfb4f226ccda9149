using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Authorities;
using LamassuAwsConnector.Sandbox.Lamassu.Devices;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Manufacturing;

/// <summary>Makes a certificate the identity of a device. Neither transactional nor idempotent.</summary>
internal sealed class IdentityBinding(
    LamassuContext context, DmsService dmss, CertificateService certificates, DeviceService devices, IdentitySlotService slots)
{
    public ServiceRoute Route => new("POST", "/v1/dms/bind-identity", BindAsync, HidesErrors: true);

    /// <summary>
    /// Answers with the certificate as it is now, the DMS, and the device as it was before the slot was stored: on a first bind it has no identity yet.
    /// </summary>
    public async Task<JsonObject> BindAsync(Operation operation, string deviceId, string serialNumber, string mode, CancellationToken cancellationToken)
    {
        certificates.Get(serialNumber);
        var device = devices.Get(deviceId);
        var dms = dmss.Get((string)device["dms_owner"]!);
        var certificate = await certificates.UpdateMetadataAsync(
            operation.CallBy(ServiceIdentity.DmsManager), serialNumber, BookkeepingFor(deviceId, dms), cancellationToken);

        var slot = device["identity"] is JsonObject present
            ? AppendVersion(present, certificate, mode)
            : FirstSlot(certificate);

        // The slot goes to the device that the certificate's common name says, whatever device was asked for.
        await slots.UpdateAsync(
            operation.CallBy(ServiceIdentity.DmsManager), (string)certificate["subject"]!["common_name"]!, slot, cancellationToken);
        var bound = new JsonObject { ["certificate"] = certificate.DeepClone(), ["dms"] = dms, ["device"] = device };
        await context.Events.PublishAsync(operation, "dms.bind-device-id", $"device/{deviceId}", bound.DeepClone(), cancellationToken);
        return bound;
    }

    private async Task<Reply> BindAsync(Exchange exchange)
    {
        var request = exchange.Read(WireModels.BindIdentity);
        return Reply.Json(200, await BindAsync(
            exchange.Operation,
            (string)request["device_id"]!,
            (string)request["certificate_serial_number"]!,
            (string)request["bind_mode"]!,
            exchange.Cancelled));
    }

    private static JsonArray BookkeepingFor(string deviceId, JsonObject dms)
    {
        var settings = dms["settings"]!["reenrollment_settings"]!;
        return
        [
            AddPatch("/lamassu.io~1ca~1expiration-deltas", new JsonArray(Delta("Preventive", "preventive_delta"), Delta("Critical", "critical_delta"))),
            AddPatch(
                "/lamassu.io~1ra~1attached-to",
                new JsonObject { ["authorized_by"] = new JsonObject { ["ra_id"] = (string)dms["id"]! }, ["device_id"] = deviceId }),
        ];

        JsonObject Delta(string name, string setting) => new() { ["delta"] = (string)settings[setting]!, ["name"] = name, ["triggered"] = false };
    }

    private static JsonObject AddPatch(string path, JsonNode value) => new() { ["op"] = "add", ["path"] = path, ["value"] = value };

    private JsonObject FirstSlot(JsonObject certificate) => new()
    {
        ["status"] = "ACTIVE",
        ["active_version"] = 0,
        ["type"] = "x509",
        ["versions"] = new JsonObject { ["0"] = (string)certificate["serial_number"]! },
        ["expiration_date"] = (string)certificate["valid_to"]!,
        ["events"] = new JsonObject { [context.Clock.Now()] = DeviceEvents.Create("PROVISIONED") },
    };

    /// <summary>Changes the device's slot in place, which is why the answer shows the new version beside the old device status.</summary>
    private JsonObject AppendVersion(JsonObject slot, JsonObject certificate, string mode)
    {
        var version = (GoJson.Whole(slot["active_version"]) + 1).ToString(CultureInfo.InvariantCulture);
        var versions = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal) { [version] = (string)certificate["serial_number"]! };
        foreach (var (name, value) in slot["versions"] as JsonObject ?? [])
        {
            versions.TryAdd(name, value?.DeepClone());
        }

        slot["active_version"] = int.Parse(version, CultureInfo.InvariantCulture);
        slot["versions"] = new JsonObject(versions);
        slot["expiration_date"] = (string)certificate["valid_to"]!;
        slot["status"] = "ACTIVE";
        DeviceEvents.Add(slot, context.Clock.Now(), DeviceEvents.Create(mode, $"New Active Version set to {version}"));
        return slot;
    }
}
