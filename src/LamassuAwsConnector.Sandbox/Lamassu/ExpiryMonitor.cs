using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Devices;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Manufacturing;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>The CA's periodic job. Its events have the id <c>unknown</c>.</summary>
internal sealed class ExpiryMonitor(Rows rows, EventPublisher events, ReactionQueue reactions)
{
    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var certificate in rows.All(LamassuKind.Certificate).Where(certificate => (string)certificate["status"]! == "ACTIVE").ToList())
        {
            var end = GoTime.Parse((string)certificate["valid_to"]!);
            if (end <= now)
            {
                await UpdateAsync(certificate, "certificate.status.update", updated => updated["status"] = "EXPIRED", cancellationToken);
            }
            else if (certificate["metadata"]?[IdentityBinding.Deltas] is JsonArray deltas && deltas.Any(delta => IsDue(delta, end, now)))
            {
                await UpdateAsync(certificate, "certificate.metadata.update", updated => Trigger(updated, end, now), cancellationToken);
            }
        }
    }

    private async Task UpdateAsync(JsonObject previous, string type, Action<JsonObject> change, CancellationToken cancellationToken)
    {
        var operation = Operation.OfJob(ServiceIdentity.CA);
        var serialNumber = (string)previous["serial_number"]!;
        var updated = previous.DeepClone().AsObject();
        change(updated);
        await rows.SaveAsync(LamassuKind.Certificate, serialNumber, updated, cancellationToken);
        await events.PublishUpdateAsync(operation, type, $"certificate/{serialNumber}", previous, updated, cancellationToken);
        reactions.Take(operation.Announced);
    }

    // The list comes back sorted by growing delta.
    private static void Trigger(JsonObject certificate, DateTimeOffset end, DateTimeOffset now)
    {
        var deltas = (JsonArray)certificate["metadata"]![IdentityBinding.Deltas]!;
        var sorted = deltas.OrderBy(delta => LamassuDuration.Parse((string)delta!["delta"]!)).Select(delta => delta!.DeepClone()).ToList();
        foreach (var delta in sorted.Where(delta => IsDue(delta, end, now)))
        {
            delta["triggered"] = true;
        }

        certificate["metadata"]![IdentityBinding.Deltas] = new JsonArray([.. sorted]);
    }

    private static bool IsDue(JsonNode? delta, DateTimeOffset end, DateTimeOffset now) =>
        (bool?)delta?["triggered"] == false && end - LamassuDuration.Parse((string)delta["delta"]!) <= now;
}
