using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>What real Lamassu answered and published.</summary>
internal static partial class LamassuRecordings
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "TestData", "recordings");

    /// <summary>By route and status, such as <c>ca PUT /v1/cas/*/metadata 200</c>. Answers of the recording proxy (502) are left out.</summary>
    public static IReadOnlyDictionary<string, List<string>> Answers { get; } = ReadAnswers();

    /// <summary>By type; those of the KMS, which the stand-in does not play, are left out.</summary>
    public static IReadOnlyDictionary<string, List<string>> Events { get; } = ReadEvents();

    public static string RouteOf(string service, string method, string url, int status) => $"{service} {method} {Pattern(url)} {status}";

    private static string Pattern(string url)
    {
        var path = url.Split('?')[0];
        return Parameter.Replace(path, "/$1/*");
    }

    private static Dictionary<string, List<string>> ReadAnswers()
    {
        var answers = new Dictionary<string, List<string>>();
        foreach (var line in Lines("lamassu-http.jsonl"))
        {
            var status = (int)line["status"]!;
            if (status == 502)
            {
                continue;
            }

            var route = RouteOf((string)line["service"]!, (string)line["method"]!, (string)line["url"]!, status);
            var response = line["response"];
            var isText = response?.GetValueKind() == JsonValueKind.String;
            Add(answers, route, isText ? response!.GetValue<string>() : response?.ToJsonString() ?? "");
        }

        return answers;
    }

    private static Dictionary<string, List<string>> ReadEvents()
    {
        var events = new Dictionary<string, List<string>>();
        foreach (var line in Lines("events.jsonl").Where(line => (string)line["exchange"]! == "lamassu-events"))
        {
            var raw = (string)line["raw"]!;
            var type = (string)JsonNode.Parse(raw)!["type"]!;
            if (!type.Contains("kms.", StringComparison.Ordinal))
            {
                Add(events, type, raw);
            }
        }

        return events;
    }

    private static IEnumerable<JsonObject> Lines(string file) => Directory
        .EnumerateFiles(Folder, file, SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .SelectMany(File.ReadLines)
        .Select(line => JsonNode.Parse(line)!.AsObject());

    private static void Add(Dictionary<string, List<string>> lists, string key, string value)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        list.Add(value);
    }

    // Whatever follows one of these segments is an id, except for the routes that are named so.
    [GeneratedRegex("/(cas|certificates|devices|devices/dms|dms|est)/(?!import|sign|dms/|bind-identity)[^/]+")]
    private static partial Regex Parameter { get; }
}
