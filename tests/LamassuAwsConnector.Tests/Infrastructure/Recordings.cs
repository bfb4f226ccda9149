using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Infrastructure;

/// <summary>Recorded traffic of a real Lamassu, as it lies in TestData.</summary>
internal static class Recordings
{
    /// <summary>The recorded calls to Lamassu, all scenarios.</summary>
    public static IEnumerable<JsonObject> LamassuCalls() => Lines("lamassu-http.jsonl");

    private static IEnumerable<JsonObject> Lines(string file) => Directory.EnumerateFiles(TestFolders.Recordings, file, SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .SelectMany(File.ReadLines)
        .Select(line => JsonNode.Parse(line)!.AsObject());
}
