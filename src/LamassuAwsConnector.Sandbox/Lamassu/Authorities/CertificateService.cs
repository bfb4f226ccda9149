using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>Certificates: reading, status, metadata, import.</summary>
internal sealed class CertificateService(LamassuContext context)
{
    public const string NotFound = "certificate not found";
    public const string TransitionRefused = "new status transition not allowed for certificate";

    private static readonly (string, int)[] Mapped = [(NotFound, 404), (TransitionRefused, 400), (LamassuException.Invalid().Message, 400)];

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("GET", "/v1/certificates", exchange => Task.FromResult(
            Reply.Json(200, new ListQuery(exchange.Request.Query, ListField.Certificates).Run(context.State, LamassuKind.Certificate)))),
        new("GET", "/v1/certificates/{sn}", exchange => Task.FromResult(Reply.Json(200, Get(exchange["sn"]))), Mapped: Mapped),
        new("POST", "/v1/certificates/import", ImportAsync),
        new(
            "PUT",
            "/v1/certificates/{sn}/status",
            async exchange =>
            {
                var request = exchange.Read(WireModels.UpdateStatus);
                return Reply.Json(200, await UpdateStatusAsync(
                    exchange.Operation, exchange["sn"], (string)request["status"]!, (string)request["revocation_reason"]!, exchange.Cancelled));
            },
            Mapped: Mapped),
        new(
            "PUT|PATCH",
            "/v1/certificates/{sn}/metadata",
            async exchange => Reply.Json(200, await UpdateMetadataAsync(
                exchange.Operation, exchange["sn"], exchange.Read(WireModels.UpdateMetadata)["patches"] as JsonArray, exchange.Cancelled)),
            Mapped: Mapped),
    ];

    public JsonObject Get(string serialNumber) => context.State.Find(LamassuKind.Certificate, serialNumber) ?? throw new LamassuException(NotFound);

    public Task<JsonObject> UpdateStatusAsync(
        Operation operation, string serialNumber, string status, string reason, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["SerialNumber"] = serialNumber, ["NewStatus"] = status, ["RevocationReason"] = reason };
        var target = new UpdateTarget(operation, LamassuKind.Certificate, serialNumber, "certificate.status.update");
        return context.Events.AuditedAsync(
            operation,
            target.EventType,
            input,
            () => context.UpdateAsync(target, row => Task.FromResult(ChangeStatus(row, status, reason, context.Clock.Now())), cancellationToken),
            cancellationToken);
    }

    public Task<JsonObject> UpdateMetadataAsync(Operation operation, string serialNumber, JsonArray? patches, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["SerialNumber"] = serialNumber, ["Patches"] = patches?.DeepClone() };
        var target = new UpdateTarget(operation, LamassuKind.Certificate, serialNumber, "certificate.metadata.update");
        return context.Events.AuditedAsync(
            operation, target.EventType, input, () => context.UpdateAsync(target, row => PatchMetadata(row, patches), cancellationToken), cancellationToken);
    }

    /// <summary>Applies patches to the metadata of any object.</summary>
    public static Task PatchMetadata(JsonObject row, JsonArray? patches)
    {
        row["metadata"] = MetadataPatch.Apply(row["metadata"], patches ?? throw LamassuException.Invalid());
        return Task.CompletedTask;
    }

    /// <summary>Any change is accepted unless the certificate has expired or was revoked for good; unknown words are stored unchecked.</summary>
    /// <param name="certificate">Changed in place.</param>
    /// <param name="status">The new status.</param>
    /// <param name="reason">Counts for a revocation only.</param>
    /// <param name="now">The time of the revocation.</param>
    /// <param name="isCA">A CA that comes back keeps the time of its revocation.</param>
    public static JsonObject ChangeStatus(JsonObject certificate, string status, string reason, string now, bool isCA = false)
    {
        if (status.Length == 0)
        {
            throw LamassuException.Invalid();
        }

        var present = (string)certificate["status"]!;
        if (present == "EXPIRED" || (present == "REVOKED" && (string)certificate["revocation_reason"]! != "CertificateHold"))
        {
            throw new LamassuException(TransitionRefused);
        }

        certificate["status"] = status;
        if (status == "REVOKED")
        {
            certificate["revocation_reason"] = reason;
            certificate["revocation_timestamp"] = now;
        }
        else if (status == "ACTIVE" && !isCA)
        {
            // The reason stays: an active certificate can still say CertificateHold.
            certificate["revocation_timestamp"] = GoTime.Zero;
        }

        return certificate;
    }

    private async Task<Reply> ImportAsync(Exchange exchange)
    {
        var request = exchange.Read(WireModels.ImportCertificate);
        var input = new JsonObject { ["Metadata"] = request["metadata"]?.DeepClone(), ["Certificate"] = request["certificate"]?.DeepClone() };
        var imported = await context.Events.AuditedAsync(
            exchange.Operation,
            "certificate.import",
            input,
            async () =>
            {
                using var certificate = CertificateText.LoadCertificate(request["certificate"] ?? throw LamassuException.Invalid());
                var model = CertificateModel.Imported(certificate, CertificateModel.IssuerOf("-", "-", -1), "IMPORTED_WITHOUT_KEY", "");
                model["issuer"] = WireModels.Subject.Zero();
                model["metadata"] = request["metadata"]?.DeepClone();
                context.State.Save(LamassuKind.Certificate, model);

                // This one event has the serial number as a decimal number in its subject.
                var number = new System.Numerics.BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true);
                await context.Events.PublishAsync(exchange.Operation, "certificate.import", $"certificate/{number}", model.DeepClone(), exchange.Cancelled);
                return model;
            },
            exchange.Cancelled);
        return Reply.Json(201, imported);
    }
}
