using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>Issuance profiles: rules for the certificates that a CA signs.</summary>
internal sealed class ProfileService(LamassuContext context)
{
    public const string NotFound = "issuance profile not found";

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("GET", "/v1/profiles", exchange => Task.FromResult(
            Reply.Json(200, new ListQuery(exchange.Request.Query, ListField.Profiles).Run(context.State, LamassuKind.Profile)))),
        new("POST", "/v1/profiles", CreateAsync),
        new("GET", "/v1/profiles/{id}", exchange => Task.FromResult(Reply.Json(200, Get(exchange["id"])))),
        new("PUT", "/v1/profiles/{id}", UpdateAsync),
    ];

    public JsonObject Get(string id) => context.State.Find(LamassuKind.Profile, id) ?? throw new LamassuException(NotFound);

    private async Task<Reply> CreateAsync(Exchange exchange)
    {
        var profile = exchange.Read(WireModels.Profile);
        profile["id"] = "";
        var input = new JsonObject { ["Profile"] = profile.DeepClone() };
        var created = await context.Events.AuditedAsync(
            exchange.Operation,
            "profile.issuance.create",
            input,
            async () =>
            {
                var id = Guid.NewGuid().ToString();
                profile["id"] = id;
                context.State.Save(LamassuKind.Profile, profile);
                await context.Events.PublishAsync(
                    exchange.Operation, "profile.issuance.create", $"profile/{id}", profile.DeepClone(), exchange.Cancelled);
                return profile;
            },
            exchange.Cancelled);
        return Reply.Json(201, created);
    }

    private async Task<Reply> UpdateAsync(Exchange exchange)
    {
        var profile = exchange.Read(WireModels.Profile);
        profile["id"] = exchange["id"];
        var target = new UpdateTarget(exchange.Operation, LamassuKind.Profile, exchange["id"], "profile.issuance.update");
        var updated = await context.Events.AuditedAsync(
            exchange.Operation,
            "profile.issuance.update",
            new JsonObject { ["Profile"] = profile.DeepClone() },
            () => context.UpdateAsync(
                target,
                row =>
                {
                    foreach (var (name, value) in profile)
                    {
                        row[name] = value?.DeepClone();
                    }

                    return Task.CompletedTask;
                },
                exchange.Cancelled),
            exchange.Cancelled);
        return Reply.Json(200, updated);
    }
}
