using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>How CAs are revoked and deleted: with everything below them.</summary>
internal sealed class CALife(Rows rows, EventPublisher events, CertificateService certificates)
{
    private const string Cessation = "CessationOfOperation";
    private const string Inconsistent = "CA Status inconsistent";

    /// <summary>A revocation cascades: child CAs first, then every certificate of the CA, its own and former ones among them, then the CA itself.</summary>
    public Task<JsonObject> UpdateStatusAsync(Operation operation, string caId, string status, string reason, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["CAID"] = caId, ["Status"] = status, ["RevocationReason"] = reason };
        return events.AuditedAsync(operation, "ca.status.update", input, async () =>
        {
            var previous = rows.ForUpdate(LamassuKind.CA, caId);
            var own = previous["certificate"]!.DeepClone().AsObject();
            certificates.SetStatus(own, status, reason);
            if (status == "REVOKED")
            {
                await RevokeBelowAsync(operation.Within($"ca/{caId}"), caId, cancellationToken);

                // A root's own certificate was revoked on the way and keeps the cascade's reason.
                own = (string)previous["certificate"]!["issuer_metadata"]!["id"]! == caId ? rows.Get(LamassuKind.CA, caId)["certificate"]!.DeepClone().AsObject() : own;
            }

            var updated = previous.DeepClone().AsObject();
            updated["certificate"] = own;
            await rows.SaveAsync(LamassuKind.CA, caId, updated, cancellationToken);
            await events.PublishUpdateAsync(operation, "ca.status.update", $"ca/{caId}", previous, updated, cancellationToken);
            return updated;
        }, cancellationToken);
    }

    /// <summary>Only of revoked, expired or key-less CAs; the certificates of the CA are revoked.</summary>
    public Task<JsonObject> DeleteAsync(Operation operation, string caId, bool cascade, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["CAID"] = caId, ["CascadeDelete"] = cascade };
        return events.AuditedAsync(operation, "ca.delete", input, async () =>
        {
            var certificate = rows.Get(LamassuKind.CA, caId)["certificate"]!;
            if (cascade)
            {
                throw new LamassuException("cascade delete operations are not allowed by configuration");
            }

            if ((string)certificate["status"]! is not ("REVOKED" or "EXPIRED") && (string)certificate["type"]! != "IMPORTED_WITHOUT_KEY")
            {
                throw new LamassuException(Inconsistent);
            }

            await RevokeBelowAsync(operation.Within($"ca/{caId}"), caId, cancellationToken);
            rows.Remove(LamassuKind.CA, caId);
            await events.PublishAsync(operation, "ca.delete", $"ca/{caId}", input.DeepClone(), cancellationToken);
            return new JsonObject();
        }, cancellationToken);
    }

    private async Task RevokeBelowAsync(Operation within, string caId, CancellationToken cancellationToken)
    {
        foreach (var child in rows.All(LamassuKind.CA).Where(ca => (string)ca["id"]! != caId && IssuerOf(ca["certificate"]!) == caId).ToList())
        {
            await IgnoreRefusalAsync(() => UpdateStatusAsync(within, (string)child["id"]!, "REVOKED", Cessation, cancellationToken));
        }

        foreach (var certificate in rows.All(LamassuKind.Certificate).Where(certificate => IssuerOf(certificate) == caId).ToList())
        {
            await IgnoreRefusalAsync(() => certificates.UpdateStatusAsync(within, (string)certificate["serial_number"]!, "REVOKED", Cessation, cancellationToken));
        }
    }

    // What can't change any more is recorded as refused, and the cascade goes on.
    private static async Task IgnoreRefusalAsync(Func<Task> update)
    {
        try
        {
            await update();
        }
        catch (LamassuException exception) when (exception.Message.StartsWith("new status transition", StringComparison.Ordinal))
        {
            return;
        }
    }

    private static string? IssuerOf(JsonNode certificate) => (string?)certificate["issuer_metadata"]?["id"];
}
