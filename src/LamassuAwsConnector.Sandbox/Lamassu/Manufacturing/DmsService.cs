using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Authorities;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Manufacturing;

/// <summary>DMSs: reading, creation, replacement, metadata, deletion.</summary>
/// <param name="context">State, faults, events.</param>
/// <param name="alone">The DMS Manager is a process of its own, in which every metadata patch crashes.</param>
internal sealed class DmsService(LamassuContext context, bool alone)
{
    public const string NotFound = "DMS not found";

    private static readonly string[] Replaced = ["name", "metadata", "settings"];

    public IEnumerable<ServiceRoute> Routes =>
    [
        new(
            "GET",
            "/v1/dms",
            exchange => Task.FromResult(Reply.Json(200, new ListQuery(exchange.Request.Query, ListField.Dmss).Run(context.State, LamassuKind.Dms))),
            HidesErrors: true),
        new("POST", "/v1/dms", CreateAsync),
        new("GET", "/v1/dms/{id}", exchange => Task.FromResult(Reply.Json(200, Get(exchange["id"]))), HidesErrors: true),
        new("PUT", "/v1/dms/{id}", ReplaceAsync),
        new("DELETE", "/v1/dms/{id}", DeleteAsync, Mapped: [(NotFound, 404)]),
        new("PUT|PATCH", "/v1/dms/{id}/metadata", UpdateMetadataAsync),
    ];

    public JsonObject Get(string id) => context.State.Find(LamassuKind.Dms, id) ?? throw new LamassuException(NotFound);

    private async Task<Reply> CreateAsync(Exchange exchange)
    {
        var dms = exchange.Read(WireModels.Dms);
        var id = (string)dms["id"]!;
        if (id.Length == 0 || (string)dms["name"]! == "")
        {
            throw LamassuException.Invalid();
        }

        if (context.State.Find(LamassuKind.Dms, id) is not null)
        {
            throw new LamassuException("DMS already exists");
        }

        dms["creation_ts"] = context.Clock.Now();
        context.State.Save(LamassuKind.Dms, dms);
        await context.Events.PublishAsync(exchange.Operation, "dms.create", $"dms/{id}", dms.DeepClone(), exchange.Cancelled);
        return Reply.Json(201, dms);
    }

    /// <summary>Replaces all but the time of creation. The id of the path is not looked at: that of the body says which DMS is overwritten.</summary>
    private async Task<Reply> ReplaceAsync(Exchange exchange)
    {
        var dms = exchange.Read(WireModels.Dms);
        var target = new UpdateTarget(exchange.Operation, LamassuKind.Dms, (string)dms["id"]!, "dms.update");
        return Reply.Json(200, await context.UpdateAsync(
            target,
            row =>
            {
                foreach (var member in Replaced)
                {
                    row[member] = dms[member]?.DeepClone();
                }

                return Task.CompletedTask;
            },
            exchange.Cancelled));
    }

    private async Task<Reply> UpdateMetadataAsync(Exchange exchange)
    {
        var patches = exchange.Read(WireModels.UpdateMetadata)["patches"] as JsonArray;
        var target = new UpdateTarget(exchange.Operation, LamassuKind.Dms, exchange["id"], "dms.metadata.update");
        if (alone)
        {
            // The wrapper that reads the old object goes well; then the handler uses a validator that nobody made.
            context.ReadPrevious(target);
            throw new CrashException("a DMS metadata patch in a DMS Manager of its own");
        }

        return Reply.Json(200, await context.UpdateAsync(target, row => CertificateService.PatchMetadata(row, patches), exchange.Cancelled));
    }

    private async Task<Reply> DeleteAsync(Exchange exchange)
    {
        var id = exchange["id"];
        if (!context.State.Remove(LamassuKind.Dms, id))
        {
            throw new LamassuException(NotFound);
        }

        await context.Events.PublishAsync(exchange.Operation, "dms.delete", $"dms/{id}", new JsonObject { ["ID"] = id }, exchange.Cancelled);
        return Reply.NoContent;
    }
}
