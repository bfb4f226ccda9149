using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Manufacturing;

/// <summary>The routes of Lamassu's DMS Manager.</summary>
internal sealed class DmsRoutes(LamassuState state, Rows rows, DmsManager dmss, IdentityBinding binding, Est est)
{
    public IReadOnlyList<ServiceRoute> All =>
    [
        new("GET", "/v1/dms", exchange => Task.FromResult(Reply.Json(
            200, new ListQuery(exchange.Request.Query, ListField.Dmss).Run(state, LamassuKind.Dms))), HidesErrors: true),
        new("GET", "/v1/dms/{id}", exchange => Task.FromResult(Reply.Json(200, rows.Get(LamassuKind.Dms, exchange["id"]))), HidesErrors: true),
        new("POST", "/v1/dms", async exchange => Reply.Json(201, await dmss.CreateAsync(exchange.Operation, exchange.Read(WireModels.Dms), exchange.Cancelled))),
        new("PUT", "/v1/dms/{id}", async exchange => Reply.Json(200, await dmss.ReplaceAsync(exchange.Operation, exchange.Read(WireModels.Dms), exchange.Cancelled))),
        new("PUT|PATCH", "/v1/dms/{id}/metadata", async exchange => Reply.Json(
            200, await dmss.UpdateMetadataAsync(exchange.Operation, exchange["id"], exchange.Read(WireModels.UpdateMetadata), exchange.Cancelled))),
        new("DELETE", "/v1/dms/{id}", async exchange =>
        {
            await dmss.DeleteAsync(exchange.Operation, exchange["id"], exchange.Cancelled);
            return Reply.NoContent;
        }, Mapped: ("DMS not found", 404)),
        new("POST", "/v1/dms/bind-identity", async exchange =>
        {
            var request = exchange.Read(WireModels.BindIdentity);
            return Reply.Json(200, await binding.BindAsync(
                exchange.Operation, (string)request["bind_mode"]!, (string)request["device_id"]!, (string)request["certificate_serial_number"]!, exchange.Cancelled));
        }, HidesErrors: true),
        new("POST", "/.well-known/est/{aps}/simpleenroll", est.EnrollAsync),
        new("POST", "/.well-known/est/{aps}/simplereenroll", est.ReenrollAsync),
    ];
}
