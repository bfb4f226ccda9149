using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>The routes of Lamassu's CA.</summary>
internal sealed class CARoutes(LamassuState state, Rows rows, CAService cas, CALife life, CertificateService certificates, ProfileService profiles)
{
    private static readonly (string, int)[] NoCA = [("CA not found", 404)];
    private static readonly (string, int)[] NoCertificate = [("certificate not found", 404)];

    public IReadOnlyList<ServiceRoute> All =>
    [
        new("GET", "/v1/profiles", exchange => List(exchange, LamassuKind.Profile, ListField.Profiles)),
        new("POST", "/v1/profiles", async exchange => Reply.Json(201, await profiles.CreateAsync(exchange.Operation, exchange.Read(WireModels.Profile), exchange.Cancelled))),
        new("GET", "/v1/profiles/{id}", exchange => Found(rows.Get(LamassuKind.Profile, exchange["id"]))),
        new("PUT", "/v1/profiles/{id}", async exchange =>
            Reply.Json(200, await profiles.UpdateAsync(exchange.Operation, exchange["id"], exchange.Read(WireModels.Profile), exchange.Cancelled))),
        new("GET", "/v1/cas", exchange => List(exchange, LamassuKind.CA, ListField.CAs)),
        new("POST", "/v1/cas", async exchange => Reply.Json(201, await cas.CreateAsync(exchange.Operation, exchange.Read(WireModels.CreateCA), exchange.Cancelled)),
            Mapped: [("struct validation error", 400), ("issuance profile not found", 404), ("CA already exists", 409)]),
        new("POST", "/v1/cas/import", async exchange => Reply.Json(201, await cas.ImportAsync(exchange.Operation, exchange.Read(WireModels.ImportCA), exchange.Cancelled)),
            Mapped: [("struct validation error", 400), ("issuance profile not found", 404), ("CA already exists", 409)]),
        new("GET", "/v1/cas/cn/{cn}", exchange => List(
            exchange, LamassuKind.CA, ListField.CAs, ca => (string?)ca["certificate"]?["subject"]?["common_name"] == exchange["cn"])),
        new("GET", "/v1/cas/{id}", exchange => Found(rows.Get(LamassuKind.CA, exchange["id"])), Mapped: NoCA),
        new("DELETE", "/v1/cas/{id}", async exchange => Reply.Json(
            200, await life.DeleteAsync(exchange.Operation, exchange["id"], exchange.Request.Query["cascade_delete"] is ["true" or "1"], exchange.Cancelled)),
            Mapped: [("CA not found", 404), ("CA Status inconsistent", 400), ("cascade delete operations are not allowed by configuration", 403)]),
        new("PUT|PATCH", "/v1/cas/{id}/metadata", async exchange => Reply.Json(
            200, await cas.UpdateMetadataAsync(exchange.Operation, exchange["id"], exchange.Read(WireModels.UpdateMetadata), exchange.Cancelled)),
            Mapped: [("CA not found", 404), ("struct validation error", 400)]),
        new("POST", "/v1/cas/{id}/status", async exchange =>
        {
            var request = exchange.Read(WireModels.UpdateStatus);
            return Reply.Json(201, await life.UpdateStatusAsync(
                exchange.Operation, exchange["id"], (string)request["status"]!, (string)request["revocation_reason"]!, exchange.Cancelled));
        }, Mapped: [("CA not found", 404), ("struct validation error", 400), ("new status transition not allowed for certificate", 400)]),
        new("POST", "/v1/cas/{id}/reissue", async exchange =>
        {
            exchange.Read(WireModels.Reissue);
            return Reply.Json(200, await cas.ReissueAsync(exchange.Operation, exchange["id"], exchange.Cancelled));
        }, Mapped: [("CA not found", 404), ("CA already revoked", 400), ("CA is expired", 400), ("struct validation error", 400)]),
        new("POST", "/v1/cas/{id}/certificates/sign", async exchange => Reply.Json(
            201, await cas.SignAsync(exchange.Operation, exchange["id"], exchange.Read(WireModels.Sign), exchange.Cancelled)),
            Mapped: [("CA not found", 404), ("CA Status inconsistent", 400)]),
        new("GET", "/v1/cas/{id}/certificates", exchange =>
        {
            rows.Get(LamassuKind.CA, exchange["id"]);
            return List(exchange, LamassuKind.Certificate, ListField.Certificates, certificate => (string?)certificate["issuer_metadata"]?["id"] == exchange["id"]);
        }, Mapped: NoCA),
        new("GET", "/v1/certificates", exchange => List(exchange, LamassuKind.Certificate, ListField.Certificates)),
        new("GET", "/v1/certificates/{sn}", exchange => Found(rows.Get(LamassuKind.Certificate, exchange["sn"])), Mapped: NoCertificate),
        new("GET", "/v1/cas/{id}/certificates/{sn}", exchange => Found(rows.Get(LamassuKind.Certificate, exchange["sn"])), Mapped: NoCertificate),
        new("PUT|PATCH", "/v1/certificates/{sn}/metadata", async exchange => Reply.Json(
            200, await certificates.UpdateMetadataAsync(exchange.Operation, exchange["sn"], exchange.Read(WireModels.UpdateMetadata), exchange.Cancelled)),
            Mapped: [("certificate not found", 404), ("struct validation error", 400)]),
        new("PUT", "/v1/certificates/{sn}/status", async exchange =>
        {
            var request = exchange.Read(WireModels.UpdateStatus);
            return Reply.Json(200, await certificates.UpdateStatusAsync(
                exchange.Operation, exchange["sn"], (string)request["status"]!, (string)request["revocation_reason"]!, exchange.Cancelled));
        }, Mapped: [("certificate not found", 404), ("struct validation error", 400), ("new status transition not allowed for certificate", 400)]),
    ];

    private Task<Reply> List(
        Exchange exchange, LamassuKind kind, System.Collections.Frozen.FrozenDictionary<string, ListField> fields, Func<JsonObject, bool>? scope = null) =>
        Task.FromResult(Reply.Json(200, new ListQuery(exchange.Request.Query, fields).Run(state, kind, scope)));

    private static Task<Reply> Found(JsonObject value) => Task.FromResult(Reply.Json(200, value));
}
