using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>The recordings of the real Lamassu, call by call and message by message.</summary>
internal static class RecordedCalls
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "TestData", "recordings");

    /// <summary>The HTTP calls of all scenarios, in the order in which they were made.</summary>
    public static IReadOnlyList<RecordedCall> Read() => [.. Lines("lamassu-http.jsonl").Select(RecordedCall.Read).OrderBy(call => call.Time)];

    /// <summary>The messages of all scenarios but those of the KMS, which the stand-in has not.</summary>
    public static IReadOnlyList<RecordedEvent> ReadEvents() =>
    [
        .. Lines("events.jsonl")
            .Where(line => (string)line.Json["exchange"]! == "lamassu-events")
            .Select(RecordedEvent.Read)
            .Where(item => !item.Published.RoutingKey.Contains("kms.", StringComparison.Ordinal))
            .OrderBy(item => item.Time),
    ];

    private static IEnumerable<(string Folder, JsonObject Json)> Lines(string file) =>
        from folder in Directory.EnumerateDirectories(Root)
        let path = Path.Combine(folder, file)
        where File.Exists(path)
        from line in File.ReadLines(path)
        select (Path.GetFileName(folder), JsonNode.Parse(line)!.AsObject());
}

internal sealed record RecordedCall(
    string Folder,
    DateTimeOffset Time,
    string Service,
    string Method,
    string Url,
    string? Source,
    JsonNode? Request,
    int Status,
    string? ContentType,
    JsonNode? Response)
{
    public static RecordedCall Read((string Folder, JsonObject Json) line) => new(
        line.Folder,
        line.Json["ts"]!.GetValue<DateTimeOffset>(),
        (string)line.Json["service"]!,
        (string)line.Json["method"]!,
        (string)line.Json["url"]!,
        (string?)line.Json["headers"]?["x-lms-source"],
        line.Json["request"],
        (int)line.Json["status"]!,
        (string?)line.Json["contentType"],
        line.Json["response"]);
}

internal sealed record RecordedEvent(string Folder, DateTimeOffset Time, PublishedEvent Published)
{
    public static RecordedEvent Read((string Folder, JsonObject Json) line) => new(
        line.Folder,
        line.Json["ts"]!.GetValue<DateTimeOffset>(),
        new PublishedEvent(
            (string)line.Json["raw"]!,
            (string)line.Json["routingKey"]!,
            line.Json["properties"]!["headers"]!.AsObject().ToDictionary(header => header.Key, header => (string)header.Value!)));
}
