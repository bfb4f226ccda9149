using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal sealed record LoggedCall(long Sequence, string Method, string Path, string Query, string? Body, DateTimeOffset Time)
{
    public string Service { get; init; } = "-";

    public string Operation { get; init; } = "-";

    public string Region { get; init; } = "-";

    /// <summary>0: the connection was dropped.</summary>
    public int Status { get; init; }

    public string? Error { get; init; }

    public double DurationMilliseconds { get; init; }
}

/// <summary>The calls, numbered by arrival and kept when they are over. Of very many the latest are kept; all are counted.</summary>
internal sealed class CallLog
{
    private const int KeptCalls = 20_000;

    private readonly ConcurrentQueue<LoggedCall> calls = new();

    private readonly ConcurrentDictionary<string, long> counts = new(StringComparer.Ordinal);

    private long sequence;

    public LoggedCall Begin(string method, string path, string query, byte[] body, DateTimeOffset now) =>
        new(Interlocked.Increment(ref sequence), method, path, query, body.Length == 0 ? null : Encoding.UTF8.GetString(body), now);

    public void End(LoggedCall call)
    {
        counts.AddOrUpdate(call.Operation, 1, (_, count) => count + 1);
        calls.Enqueue(call);
        while (calls.Count > KeptCalls && calls.TryDequeue(out _)) { }
    }

    public void Clear()
    {
        calls.Clear();
        counts.Clear();
    }

    public JsonObject WriteCounts() =>
        new(
            counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => KeyValuePair.Create(count.Key, (JsonNode?)JsonValue.Create(count.Value)))
        );

    public JsonObject WriteCalls() => new() { ["calls"] = Json.List(calls.OrderBy(call => call.Sequence).Select(Write)) };

    private static JsonObject Write(LoggedCall call) =>
        new()
        {
            ["sequence"] = call.Sequence,
            ["service"] = call.Service,
            ["operation"] = call.Operation,
            ["region"] = call.Region,
            ["method"] = call.Method,
            ["path"] = call.Path,
            ["query"] = call.Query,
            ["body"] = call.Body,
            ["status"] = call.Status,
            ["error"] = call.Error,
            ["duration_ms"] = call.DurationMilliseconds,
            ["time"] = call.Time.ToString("O"),
        };
}
