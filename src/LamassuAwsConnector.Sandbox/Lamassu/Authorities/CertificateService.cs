using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>Certificates: their metadata and their status.</summary>
internal sealed class CertificateService(Rows rows, EventPublisher events, GoClock clock)
{
    private const string NotAllowed = "new status transition not allowed for certificate";

    public Task<JsonObject> UpdateMetadataAsync(Operation operation, string serialNumber, JsonObject request, CancellationToken cancellationToken) => UpdateAsync(
        operation,
        "certificate.metadata.update",
        serialNumber,
        new JsonObject { ["SerialNumber"] = serialNumber, ["Patches"] = request["patches"]?.DeepClone() },
        certificate => Rows.Patch(certificate, request),
        cancellationToken);

    public Task<JsonObject> UpdateStatusAsync(Operation operation, string serialNumber, string status, string reason, CancellationToken cancellationToken) => UpdateAsync(
        operation,
        "certificate.status.update",
        serialNumber,
        new JsonObject { ["SerialNumber"] = serialNumber, ["NewStatus"] = status, ["RevocationReason"] = reason },
        certificate => SetStatus(certificate, status, reason),
        cancellationToken);

    /// <summary>EXPIRED never changes, REVOKED only from a hold; any other text is stored unchecked. Going back to ACTIVE keeps the reason.</summary>
    public void SetStatus(JsonObject certificate, string status, string reason)
    {
        if (status.Length == 0)
        {
            throw LamassuException.Invalid();
        }

        var present = (string)certificate["status"]!;
        if (present == "EXPIRED" || (present == "REVOKED" && (string)certificate["revocation_reason"]! != "CertificateHold"))
        {
            throw new LamassuException(NotAllowed);
        }

        certificate["status"] = status;
        if (status == "REVOKED")
        {
            certificate["revocation_reason"] = reason;
            certificate["revocation_timestamp"] = clock.Now();
        }
        else
        {
            certificate["revocation_timestamp"] = GoTime.Zero;
        }
    }

    private Task<JsonObject> UpdateAsync(
        Operation operation, string type, string serialNumber, JsonObject input, Action<JsonObject> change, CancellationToken cancellationToken) => events.AuditedAsync(
        operation,
        type,
        input,
        async () =>
        {
            var previous = rows.ForUpdate(LamassuKind.Certificate, serialNumber);
            var updated = previous.DeepClone().AsObject();
            change(updated);
            await rows.SaveAsync(LamassuKind.Certificate, serialNumber, updated, cancellationToken);
            await events.PublishUpdateAsync(operation, type, $"certificate/{serialNumber}", previous, updated, cancellationToken);
            return updated;
        },
        cancellationToken);
}
