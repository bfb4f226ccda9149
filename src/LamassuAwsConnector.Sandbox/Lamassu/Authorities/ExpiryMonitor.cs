using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>The CA's periodic job: triggers expiration deltas and expires certificates. Its events have no id.</summary>
internal sealed class ExpiryMonitor(LamassuContext context, CertificateService certificates, CAService cas)
{
    private const string DeltasKey = "lamassu.io/ca/expiration-deltas";

    public async Task<Operation> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var operation = Operation.OfJob(ServiceIdentity.CA);
        var ofCAs = context.State.All(LamassuKind.CA).ToDictionary(ca => (string)ca["serial_number"]!, ca => (string)ca["id"]!);
        foreach (var certificate in context.State.All(LamassuKind.Certificate).Where(row => (string)row["status"]! == "ACTIVE"))
        {
            var serialNumber = (string)certificate["serial_number"]!;
            var end = GoTime.Parse((string)certificate["valid_to"]!);
            if (end > now)
            {
                await TriggerAsync(operation, certificate, end - now, cancellationToken);
            }
            else if (ofCAs.TryGetValue(serialNumber, out var caId))
            {
                await cas.UpdateStatusAsync(operation, caId, "EXPIRED", "Unspecified", cancellationToken);
            }
            else
            {
                await certificates.UpdateStatusAsync(operation, serialNumber, "EXPIRED", "Unspecified", cancellationToken);
            }
        }

        return operation;
    }

    private async Task TriggerAsync(Operation operation, JsonObject certificate, TimeSpan left, CancellationToken cancellationToken)
    {
        if (certificate["metadata"]?[DeltasKey] is not JsonArray present)
        {
            return;
        }

        // The list is put in order of growing deltas when one of them is triggered.
        var deltas = present.DeepClone().AsArray().Select(delta => delta!.AsObject()).OrderBy(SizeOf).ToList();
        var due = deltas.Where(delta => !(bool)delta["triggered"]! && left <= SizeOf(delta)).ToList();
        if (due.Count == 0)
        {
            return;
        }

        foreach (var delta in due)
        {
            delta["triggered"] = true;
        }

        var patch = new JsonObject
        {
            ["op"] = "add",
            ["path"] = "/lamassu.io~1ca~1expiration-deltas",
            ["value"] = new JsonArray([.. deltas.Select(delta => delta.DeepClone())]),
        };
        await certificates.UpdateMetadataAsync(operation, (string)certificate["serial_number"]!, [patch], cancellationToken);
    }

    private static TimeSpan SizeOf(JsonObject delta) => LamassuDuration.Parse((string)delta["delta"]!);
}
