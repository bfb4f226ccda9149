using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Authorities;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Devices;

/// <summary>Devices: reading, creation, metadata, decommissioning, deletion. The identity slot is in <see cref="IdentitySlotService"/>.</summary>
internal sealed class DeviceService(LamassuContext context, CertificateService certificates, IdentitySlotService slots)
{
    private const string NotFound = "device not found";
    private const string StatusRefused = "device status does not allow this operation";

    private static readonly string[] Required = ["id", "dms_id", "icon", "icon_color"];

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("GET", "/v1/devices", exchange => Task.FromResult(List(exchange, null)), HidesErrors: true),
        new(
            "GET",
            "/v1/devices/dms/{dms}",
            exchange => Task.FromResult(List(exchange, device => (string?)device["dms_owner"] == exchange["dms"])),
            HidesErrors: true),
        new("POST", "/v1/devices", CreateAsync, HidesErrors: true),

        // A missing device is a bad request here.
        new("GET", "/v1/devices/{id}", exchange => Task.FromResult(Reply.Json(200, Get(exchange["id"]))), Mapped: [(NotFound, 400)]),
        new("PUT|PATCH", "/v1/devices/{id}/metadata", UpdateMetadataAsync, HidesErrors: true),
        new(
            "PUT",
            "/v1/devices/{id}/idslot",
            async exchange => Reply.Json(
                200, await slots.UpdateAsync(exchange.Operation, exchange["id"], exchange.Read(WireModels.Slot), exchange.Cancelled)),
            HidesErrors: true),
        new("DELETE", "/v1/devices/{id}/decommission", DecommissionAsync, HidesErrors: true),
        new("DELETE", "/v1/devices/{id}", DeleteAsync, Mapped: [(NotFound, 404), (StatusRefused, 422)]),
    ];

    public JsonObject Get(string id) => context.State.Find(LamassuKind.Device, id) ?? throw new LamassuException(NotFound);

    /// <param name="operation">Who asks for it.</param>
    /// <param name="request">As in the request's model; an alias is dropped.</param>
    /// <param name="cancellationToken">Ends the creation.</param>
    public async Task<JsonObject> CreateAsync(Operation operation, JsonObject request, CancellationToken cancellationToken)
    {
        var id = (string)request["id"]!;
        if (Required.Any(member => (string)request[member]! == ""))
        {
            throw LamassuException.Invalid();
        }

        if (context.State.Find(LamassuKind.Device, id) is not null)
        {
            throw DuplicateKey(id);
        }

        var now = context.Clock.Now();
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
            ["events"] = new JsonObject { [now] = DeviceEvents.Create("CREATED") },
        };
        context.State.Save(LamassuKind.Device, device);
        await context.Events.PublishAsync(operation, "device.create", $"device/{id}", device.DeepClone(), cancellationToken);
        return device;
    }

    private static LamassuException DuplicateKey(string id)
    {
        const string Message = "duplicate key value violates unique constraint \"devices_pkey\"";
        return new LamassuException(Message, new JsonObject
        {
            ["Severity"] = "ERROR",
            ["SeverityUnlocalized"] = "ERROR",
            ["Code"] = "23505",
            ["Message"] = Message,
            ["Detail"] = $"Key (id)=({id}) already exists.",
            ["SchemaName"] = "public",
            ["TableName"] = "devices",
            ["ConstraintName"] = "devices_pkey",
        });
    }

    private Reply List(Exchange exchange, Func<JsonObject, bool>? scope) =>
        Reply.Json(200, new ListQuery(exchange.Request.Query, ListField.Devices).Run(context.State, LamassuKind.Device, scope));

    private async Task<Reply> CreateAsync(Exchange exchange) =>
        Reply.Json(201, await CreateAsync(exchange.Operation, exchange.Read(WireModels.CreateDevice), exchange.Cancelled));

    private async Task<Reply> UpdateMetadataAsync(Exchange exchange)
    {
        var patches = exchange.Read(WireModels.UpdateMetadata)["patches"] as JsonArray;
        var target = new UpdateTarget(exchange.Operation, LamassuKind.Device, exchange["id"], "device.metadata.update");
        return Reply.Json(200, await context.UpdateAsync(target, device => CertificateService.PatchMetadata(device, patches), exchange.Cancelled));
    }

    private async Task<Reply> DecommissionAsync(Exchange exchange)
    {
        var id = exchange["id"];
        string? serialNumber = null;
        var target = new UpdateTarget(exchange.Operation, LamassuKind.Device, id, "device.status.update")
        {
            // The device is stored before the certificate is revoked, and its event comes after that.
            AfterSave = _ => RevokeAsync(exchange.Operation, serialNumber, exchange.Cancelled),
        };
        var device = await context.UpdateAsync(
            target,
            row =>
            {
                if ((string)row["status"]! == "DECOMMISSIONED")
                {
                    return Task.CompletedTask;
                }

                row["status"] = "DECOMMISSIONED";
                DeviceEvents.Add(row, context.Clock.Now(), DeviceEvents.Create("DECOMMISSIONED"));
                if (row["identity"] is JsonObject slot)
                {
                    slot["status"] = "REVOKED";
                    serialNumber = DeviceEvents.ActiveSerialNumber(slot);
                }

                return Task.CompletedTask;
            },
            exchange.Cancelled);
        return Reply.Json(200, device);
    }

    private async Task RevokeAsync(Operation operation, string? serialNumber, CancellationToken cancellationToken)
    {
        // No event when the certificate is revoked already; a missing one is only logged by Lamassu.
        var certificate = serialNumber is null ? null : context.State.Find(LamassuKind.Certificate, serialNumber);
        if (certificate is not null && (string)certificate["status"]! is not ("REVOKED" or "EXPIRED"))
        {
            await certificates.UpdateStatusAsync(
                operation.CallBy(ServiceIdentity.DeviceManager), serialNumber!, "REVOKED", "CessationOfOperation", cancellationToken);
        }
    }

    private async Task<Reply> DeleteAsync(Exchange exchange)
    {
        var id = exchange["id"];
        if ((string)Get(id)["status"]! != "DECOMMISSIONED")
        {
            throw new LamassuException(StatusRefused);
        }

        context.State.Remove(LamassuKind.Device, id);
        await context.Events.PublishAsync(exchange.Operation, "device.delete", $"device/{id}", new JsonObject { ["ID"] = id }, exchange.Cancelled);
        return Reply.NoContent;
    }
}
