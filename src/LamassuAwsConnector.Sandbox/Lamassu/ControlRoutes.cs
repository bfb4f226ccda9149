using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>The stand-in's own routes, on the CA's port under <c>/_control/</c>: what was called, what is to fail, and a fresh start.</summary>
internal sealed class ControlRoutes(LamassuStandIn standIn)
{
    private static readonly WireObject Fault = new(
        ("service", WireType.Text), ("method", WireType.Text), ("path", WireType.Text), ("times", WireType.Integer), ("status", WireType.Integer),
        ("body", WireType.Text), ("drop", WireType.Flag), ("after_write", WireType.Flag));

    public IReadOnlyList<ServiceRoute> All =>
    [
        new("GET", "/_control/calls", _ => Task.FromResult(Reply.Json(200, new JsonObject { ["calls"] = new JsonArray([.. standIn.Calls.Select(Describe)]) }))),
        new("DELETE", "/_control/calls", _ =>
        {
            standIn.ForgetCalls();
            return Task.FromResult(Reply.NoContent);
        }),
        new("POST", "/_control/faults", exchange =>
        {
            standIn.Faults.Add(Read(exchange.Read(Fault)));
            return Task.FromResult(Reply.NoContent);
        }),
        new("POST", "/_control/reset", _ =>
        {
            standIn.State.Clear();
            standIn.Faults.Clear();
            standIn.ForgetCalls();
            return Task.FromResult(Reply.NoContent);
        }),
    ];

    private static LamassuFault Read(JsonObject request) => new()
    {
        Service = Given(request, "service"),
        Method = Given(request, "method"),
        Path = Given(request, "path") ?? "*",
        Times = (int)(long)request["times"]! is var times && times > 0 ? times : 1,
        Status = (int)(long)request["status"]! is var status && status > 0 ? status : null,
        Body = Given(request, "body") ?? "{}",
        Drop = (bool)request["drop"]!,
        AfterWrite = (bool)request["after_write"]!,
    };

    private static string? Given(JsonObject request, string name) => (string)request[name]! is { Length: > 0 } text ? text : null;

    private static JsonNode Describe(LamassuCall call) => new JsonObject
    {
        ["service"] = call.Service,
        ["method"] = call.Method,
        ["path"] = call.PathAndQuery,
        ["status"] = call.Status,
        ["source"] = call.Source,
    };
}
