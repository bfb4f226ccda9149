using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>CAs: reading, metadata, status with its cascade, deletion, signing. How they come about is in <see cref="CAFoundry"/>.</summary>
internal sealed class CAService(LamassuContext context, CertificateService certificates, CertificateSigner signer, CAFoundry foundry)
{
    private const string NotFound = "CA not found";
    private const string StatusRefused = "CA Status inconsistent";

    private static readonly (string, int) Invalid = (LamassuException.Invalid().Message, 400);

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("GET", "/v1/cas", exchange => Task.FromResult(List(exchange, null))),
        new("GET", "/v1/cas/cn/{cn}", exchange => Task.FromResult(
            List(exchange, ca => (string?)ca["certificate"]?["subject"]?["common_name"] == exchange["cn"]))),
        new("POST", "/v1/cas", CreateAsync, Mapped: [Invalid, (ProfileService.NotFound, 404), ("CA already exists", 409)]),
        new("POST", "/v1/cas/import", ImportAsync, Mapped: [Invalid, (ProfileService.NotFound, 404), (CAFoundry.KeyMismatch, 400)]),
        new("GET", "/v1/cas/{id}", exchange => Task.FromResult(Reply.Json(200, Get(exchange["id"]))), Mapped: [(NotFound, 404)]),
        new("DELETE", "/v1/cas/{id}", DeleteAsync, Mapped: [(NotFound, 404), (StatusRefused, 400), (CascadeRefused, 403)]),
        new("PUT|PATCH", "/v1/cas/{id}/metadata", UpdateMetadataAsync, Mapped: [(NotFound, 404), Invalid]),
        new("POST", "/v1/cas/{id}/status", UpdateStatusAsync, Mapped: [(NotFound, 404), Invalid, (CertificateService.TransitionRefused, 400)]),
        new(
            "POST",
            "/v1/cas/{id}/reissue",
            ReissueAsync,
            Mapped: [(NotFound, 404), Invalid, (CAFoundry.AlreadyRevoked, 400), (CAFoundry.Expired, 400), (ProfileService.NotFound, 404)]),
        new("POST", "/v1/cas/{id}/certificates/sign", SignAsync, Mapped: [(NotFound, 404), (StatusRefused, 400)]),
        new("GET", "/v1/cas/{id}/certificates", ListCertificates, Mapped: [(NotFound, 404)]),
    ];

    private const string CascadeRefused = "cascade delete operations are not allowed by configuration";

    public JsonObject Get(string id) => context.State.Find(LamassuKind.CA, id) ?? throw new LamassuException(NotFound);

    /// <summary>
    /// Revoking a CA revokes what it issued, each with an event of its own, before the CA's event: child CAs first, then certificates. A root is among its
    /// own certificates.
    /// </summary>
    public Task<JsonObject> UpdateStatusAsync(Operation operation, string id, string status, string reason, CancellationToken cancellationToken)
    {
        var target = new UpdateTarget(operation, LamassuKind.CA, id, "ca.status.update")
        {
            AfterSave = ca => (string)ca["certificate"]!["status"]! == "REVOKED" ? RevokeIssuedAsync(operation, id, cancellationToken) : Task.CompletedTask,
        };
        return context.Events.AuditedAsync(
            operation,
            target.EventType,
            new JsonObject { ["CAID"] = id, ["Status"] = status, ["RevocationReason"] = reason },
            () => context.UpdateAsync(
                target,
                ca => Task.FromResult(CertificateService.ChangeStatus(ca["certificate"]!.AsObject(), status, reason, context.Clock.Now(), isCA: true)),
                cancellationToken),
            cancellationToken);
    }

    private async Task RevokeIssuedAsync(Operation operation, string id, CancellationToken cancellationToken)
    {
        const string Reason = "CessationOfOperation";
        var within = operation.Within($"ca/{id}");
        var children = context.State.All(LamassuKind.CA)
            .Where(ca => (string)ca["id"]! != id && (string?)ca["certificate"]?["issuer_metadata"]?["id"] == id)
            .Select(ca => (string)ca["id"]!)
            .Order(StringComparer.Ordinal);
        foreach (var child in children)
        {
            await IgnoringRefusalAsync(() => UpdateStatusAsync(within, child, "REVOKED", Reason, cancellationToken));
        }

        var issued = context.State.All(LamassuKind.Certificate)
            .Where(certificate => (string?)certificate["issuer_metadata"]?["id"] == id)
            .Select(certificate => (string)certificate["serial_number"]!)
            .Order(StringComparer.Ordinal);
        foreach (var serialNumber in issued)
        {
            await IgnoringRefusalAsync(() => certificates.UpdateStatusAsync(within, serialNumber, "REVOKED", Reason, cancellationToken));
        }
    }

    /// <summary>What cannot change any more has said so with an error event; the cascade goes on.</summary>
    private static async Task IgnoringRefusalAsync(Func<Task> update)
    {
        try
        {
            await update();
        }
        catch (LamassuException e) when (e.Message == CertificateService.TransitionRefused)
        {
        }
    }

    private Reply List(Exchange exchange, Func<JsonObject, bool>? scope) =>
        Reply.Json(200, new ListQuery(exchange.Request.Query, ListField.CAs).Run(context.State, LamassuKind.CA, scope));

    private Task<Reply> ListCertificates(Exchange exchange)
    {
        var id = exchange["id"];
        Get(id);
        var query = new ListQuery(exchange.Request.Query, ListField.Certificates);
        return Task.FromResult(Reply.Json(
            200, query.Run(context.State, LamassuKind.Certificate, certificate => (string?)certificate["issuer_metadata"]?["id"] == id)));
    }

    private async Task<Reply> CreateAsync(Exchange exchange) =>
        Reply.Json(201, await foundry.CreateAsync(exchange.Operation, exchange.Read(WireModels.CreateCA), exchange.Cancelled));

    private async Task<Reply> ImportAsync(Exchange exchange) =>
        Reply.Json(201, await foundry.ImportAsync(exchange.Operation, exchange.Read(WireModels.ImportCA), exchange.Cancelled));

    private async Task<Reply> ReissueAsync(Exchange exchange)
    {
        var request = exchange.Read(WireModels.Reissue);
        return Reply.Json(200, await foundry.ReissueAsync(
            exchange.Operation, exchange["id"], request["profile"] as JsonObject, (string)request["profile_id"]!, exchange.Cancelled));
    }

    private async Task<Reply> UpdateMetadataAsync(Exchange exchange)
    {
        var patches = exchange.Read(WireModels.UpdateMetadata)["patches"] as JsonArray;
        var target = new UpdateTarget(exchange.Operation, LamassuKind.CA, exchange["id"], "ca.metadata.update");
        return Reply.Json(200, await context.Events.AuditedAsync(
            exchange.Operation,
            target.EventType,
            new JsonObject { ["CAID"] = target.Id, ["Patches"] = patches?.DeepClone() },
            () => context.UpdateAsync(target, ca => CertificateService.PatchMetadata(ca, patches), exchange.Cancelled),
            exchange.Cancelled));
    }

    private async Task<Reply> UpdateStatusAsync(Exchange exchange)
    {
        var request = exchange.Read(WireModels.UpdateStatus);
        return Reply.Json(201, await UpdateStatusAsync(
            exchange.Operation, exchange["id"], (string)request["status"]!, (string)request["revocation_reason"]!, exchange.Cancelled));
    }

    private async Task<Reply> SignAsync(Exchange exchange)
    {
        var request = exchange.Read(WireModels.Sign);
        return Reply.Json(201, await signer.SignAsync(
            exchange.Operation, exchange["id"], request["csr"], request["profile"] as JsonObject, (string)request["profile_id"]!, exchange.Cancelled));
    }

    private async Task<Reply> DeleteAsync(Exchange exchange)
    {
        var id = exchange["id"];
        var cascade = exchange.Request.Query["cascade_delete"].LastOrDefault() is "true" or "1";
        var input = new JsonObject { ["CAID"] = id, ["CascadeDelete"] = cascade };
        var deleted = await context.Events.AuditedAsync(
            exchange.Operation,
            "ca.delete",
            input,
            async () =>
            {
                var certificate = Get(id)["certificate"]!;
                if ((string)certificate["status"]! is not ("REVOKED" or "EXPIRED") && (string)certificate["type"]! != "IMPORTED_WITHOUT_KEY")
                {
                    throw new LamassuException(StatusRefused);
                }

                if (cascade)
                {
                    throw new LamassuException(CascadeRefused);
                }

                await RevokeIssuedAsync(exchange.Operation, id, exchange.Cancelled);
                context.State.Remove(LamassuKind.CA, id);
                await context.Events.PublishAsync(exchange.Operation, "ca.delete", $"ca/{id}", input.DeepClone(), exchange.Cancelled);
                return [];
            },
            exchange.Cancelled);
        return Reply.Json(200, deleted);
    }
}
