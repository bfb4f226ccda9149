using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Devices;

/// <summary>The routes of Lamassu's Device Manager.</summary>
internal sealed class DeviceRoutes(LamassuState state, Rows rows, DeviceManager devices)
{
    public IReadOnlyList<ServiceRoute> All =>
    [
        new("GET", "/v1/devices", exchange => List(exchange, dmsId: null), HidesErrors: true),
        new("GET", "/v1/devices/dms/{dms}", exchange => List(exchange, exchange["dms"]), HidesErrors: true),
        new("GET", "/v1/devices/{id}", exchange => Task.FromResult(Reply.Json(200, rows.Get(LamassuKind.Device, exchange["id"]))), HidesErrors: true,
            Mapped: ("device not found", 400)),
        new("POST", "/v1/devices", async exchange => Reply.Json(
            201, await devices.CreateAsync(exchange.Operation, exchange.Read(WireModels.CreateDevice), exchange.Cancelled)), HidesErrors: true),
        new("PUT|PATCH", "/v1/devices/{id}/metadata", async exchange => Reply.Json(
            200, await devices.UpdateMetadataAsync(exchange.Operation, exchange["id"], exchange.Read(WireModels.UpdateMetadata), exchange.Cancelled)), HidesErrors: true),
        new("PUT", "/v1/devices/{id}/idslot", async exchange => Reply.Json(
            200, await devices.UpdateSlotAsync(exchange.Operation, exchange["id"], exchange.Read(WireModels.Slot), exchange.Cancelled)), HidesErrors: true),
        new("DELETE", "/v1/devices/{id}/decommission", async exchange => Reply.Json(
            200, await devices.DecommissionAsync(exchange.Operation, exchange["id"], exchange.Cancelled)), HidesErrors: true),
        new("DELETE", "/v1/devices/{id}", async exchange =>
        {
            await devices.DeleteAsync(exchange.Operation, exchange["id"], exchange.Cancelled);
            return Reply.NoContent;
        }, Mapped: [("device not found", 404), ("device status does not allow this operation", 422)]),
    ];

    private Task<Reply> List(Exchange exchange, string? dmsId) => Task.FromResult(Reply.Json(200, new ListQuery(exchange.Request.Query, ListField.Devices)
        .Run(state, LamassuKind.Device, dmsId is null ? null : device => (string?)device["dms_owner"] == dmsId)));
}
