using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Manufacturing;

/// <summary>DMSs. In a process of its own, which is the default, the metadata route crashes.</summary>
internal sealed class DmsManager(Rows rows, EventPublisher events, GoClock clock, bool isAlone)
{
    public async Task<JsonObject> CreateAsync(Operation operation, JsonObject dms, CancellationToken cancellationToken)
    {
        var id = (string)dms["id"]!;
        if (id.Length == 0 || (string)dms["name"]! == "")
        {
            throw LamassuException.Invalid();
        }

        if (rows.Find(LamassuKind.Dms, id) is not null)
        {
            throw new LamassuException("DMS already exists");
        }

        dms["creation_ts"] = clock.Now();
        await rows.SaveAsync(LamassuKind.Dms, id, dms, cancellationToken);
        await events.PublishAsync(operation, "dms.create", $"dms/{id}", dms.DeepClone(), cancellationToken);
        return dms;
    }

    /// <summary>The whole DMS is replaced; the body's id decides which, and its creation time does not count.</summary>
    public async Task<JsonObject> ReplaceAsync(Operation operation, JsonObject dms, CancellationToken cancellationToken)
    {
        var id = (string)dms["id"]!;
        if (id.Length == 0)
        {
            throw new LamassuException("mw error: could not get DMS : struct validation error");
        }

        var previous = rows.ForUpdate(LamassuKind.Dms, id);
        dms["creation_ts"] = previous["creation_ts"]!.DeepClone();
        await rows.SaveAsync(LamassuKind.Dms, id, dms, cancellationToken);
        await events.PublishUpdateAsync(operation, "dms.update", $"dms/{id}", previous, dms, cancellationToken);
        return dms;
    }

    public async Task<JsonObject> UpdateMetadataAsync(Operation operation, string id, JsonObject request, CancellationToken cancellationToken)
    {
        var previous = rows.ForUpdate(LamassuKind.Dms, id);
        if (isAlone)
        {
            throw new CrashException("nil pointer: validator");
        }

        var updated = previous.DeepClone().AsObject();
        Rows.Patch(updated, request);
        await rows.SaveAsync(LamassuKind.Dms, id, updated, cancellationToken);
        await events.PublishUpdateAsync(operation, "dms.metadata.update", $"dms/{id}", previous, updated, cancellationToken);
        return updated;
    }

    public async Task DeleteAsync(Operation operation, string id, CancellationToken cancellationToken)
    {
        rows.Get(LamassuKind.Dms, id);
        rows.Remove(LamassuKind.Dms, id);
        await events.PublishAsync(operation, "dms.delete", $"dms/{id}", new JsonObject { ["ID"] = id }, cancellationToken);
    }
}
