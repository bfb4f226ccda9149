using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Http;

/// <summary>The call log and the faults, for people at a terminal. On the CA's port, beside its own routes.</summary>
internal sealed class ControlRoutes(LamassuStandIn standIn)
{
    private static readonly WireObject Fault = new(
        ("service", WireType.Text),
        ("method", WireType.Text),
        ("path", WireType.Text),
        ("times", WireType.Integer),
        ("status", WireType.Integer),
        ("body", WireType.Free),
        ("drop", WireType.Flag),
        ("after_write", WireType.Flag),
        ("delay", WireType.Duration));

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("GET", "/_control/calls", _ => Task.FromResult(Reply.Json(200, new JsonArray([.. standIn.Calls.Select(Describe)])))),
        new("DELETE", "/_control/calls", _ => Done(standIn.ForgetCalls)),
        new("POST", "/_control/faults", AddFault),
        new("DELETE", "/_control/faults", _ => Done(standIn.Faults.Clear)),
        new("POST", "/_control/reset", _ => Done(standIn.Reset)),
        new("POST", "/_control/expiry-monitor", RunExpiryMonitorAsync),
    ];

    private static JsonObject Describe(LamassuCall call) => new()
    {
        ["service"] = call.Service,
        ["method"] = call.Method,
        ["url"] = call.PathAndQuery,
        ["status"] = call.Status,
        ["headers"] = new JsonObject(call.Headers.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value))),
        ["request"] = call.Body,
    };

    private static Task<Reply> Done(Action action)
    {
        action();
        return Task.FromResult(Reply.NoContent);
    }

    private Task<Reply> AddFault(Exchange exchange)
    {
        var request = exchange.Read(Fault);
        standIn.Faults.Add(new LamassuFault
        {
            Service = TextOrNull(request["service"]),
            Method = TextOrNull(request["method"]),
            Path = TextOrNull(request["path"]) ?? "*",
            Times = Math.Max(1, GoJson.Whole(request["times"])),
            Status = GoJson.Whole(request["status"]) is > 0 and var status ? status : null,
            Body = request["body"] switch { null => "{}", JsonValue text when text.TryGetValue<string>(out var raw) => raw, var json => GoJson.Write(json) },
            Drop = (bool)request["drop"]!,
            AfterWrite = (bool)request["after_write"]!,
            Delay = LamassuDuration.Parse((string)request["delay"]!),
        });
        return Task.FromResult(Reply.NoContent);
    }

    /// <summary>Once, as if it were the time of the query parameter <c>now</c>.</summary>
    private async Task<Reply> RunExpiryMonitorAsync(Exchange exchange)
    {
        var now = exchange.Request.Query["now"].LastOrDefault();
        await standIn.RunExpiryMonitorAsync(now is null ? null : DateTimeOffset.Parse(now, CultureInfo.InvariantCulture), exchange.Cancelled);
        return Reply.NoContent;
    }

    private static string? TextOrNull(JsonNode? text) => (string?)text is { Length: > 0 } given ? given : null;
}
