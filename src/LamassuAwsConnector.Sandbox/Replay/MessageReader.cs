using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>
/// Reads recorded messages: folders with <c>events.jsonl</c> (one message a line, with exchange, routing key, properties and the raw body), or single CloudEvent
/// files that a <c>manifest.json</c> describes. Other files are ignored, and so is every exchange but <c>lamassu-events</c>.
/// </summary>
internal static class MessageReader
{
    private const string Exchange = "lamassu-events";
    private const string LinesFile = "events.jsonl";
    private const string ManifestFile = "manifest.json";

    /// <exception cref="RecordingException">There is nothing to play, or a file cannot be read.</exception>
    public static Recording Read(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new RecordingException($"{directory}: no such directory");
        }

        var manifest = Path.Combine(directory, ManifestFile);
        return File.Exists(manifest) ? ReadManifest(directory, manifest) : ReadFolders(directory);
    }

    private static Recording ReadFolders(string directory)
    {
        var files = Directory.EnumerateFiles(directory, LinesFile, SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            throw new RecordingException($"{directory}: neither {ManifestFile} nor a folder with {LinesFile}");
        }

        // The numbers of the folders are names: they ran in the order of their first time stamp.
        var messages = files.Select(file => ReadLines(directory, file)).Where(lines => lines.Count > 0).OrderBy(lines => lines[0].Arrival).SelectMany(lines => lines)
            .Where(line => line.Message is not null).Select(line => line.Message!).ToList();
        return new Recording([new ReplayPart(Path.GetFileName(Path.TrimEndingDirectorySeparator(directory)), messages)], null);
    }

    private static List<Line> ReadLines(string directory, string file)
    {
        var lines = new List<Line>();
        var number = 0;
        foreach (var text in File.ReadLines(file))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(text))
            {
                lines.Add(ReadLine($"{Path.GetRelativePath(directory, file)}:{number}", text));
            }
        }

        return lines;
    }

    private static Line ReadLine(string origin, string text)
    {
        var line = Members.ParseObject(Encoding.UTF8.GetBytes(text)) ?? throw new RecordingException($"{origin}: not a JSON object");
        var arrival = Members.AsTime(line.Text("ts")) ?? throw new RecordingException($"{origin}: no time 'ts'");
        if (line.Text("exchange") != Exchange)
        {
            return new Line(arrival, null);
        }

        var raw = line.Text("raw") ?? throw new RecordingException($"{origin}: no body 'raw'");
        var routingKey = line.Text("routingKey") ?? throw new RecordingException($"{origin}: no 'routingKey'");
        return new Line(arrival, new RecordedMessage(origin, Encoding.UTF8.GetBytes(raw), routingKey, Headers(line.Object("properties"))));
    }

    private static Recording ReadManifest(string directory, string file)
    {
        var manifest = Members.ParseObject(File.ReadAllBytes(file)) ?? throw new RecordingException($"{file}: not a JSON object");
        var entries = manifest.Items("messages").OfType<JsonObject>().Where(entry => entry.Text("exchange") is null or Exchange).ToList();
        var story = entries.Where(entry => entry.Number("sequence") is not null).OrderBy(entry => entry.Number("sequence")).Select(entry => ReadEntry(directory, entry)).ToList();
        var parts = new List<ReplayPart>();
        if (story.Count > 0)
        {
            parts.Add(new ReplayPart("story", story, IsStory: true));
        }

        parts.AddRange(entries.Where(entry => entry.Number("sequence") is null).Select(entry => ReadEntry(directory, entry)).Select(Variant));
        return parts.Count > 0 ? new Recording(parts, manifest) : throw new RecordingException($"{file}: describes no message");
    }

    private static ReplayPart Variant(RecordedMessage message) =>
        new(message.Origin, [message], message.RoutingKey.StartsWith("ca.", StringComparison.Ordinal) ? StartingPoint.Empty : StartingPoint.StoryCAs);

    private static RecordedMessage ReadEntry(string directory, JsonObject entry)
    {
        var name = entry.Text("file") ?? throw new RecordingException($"{ManifestFile}: a message without 'file'");
        var routingKey = entry.Text("routing_key") ?? throw new RecordingException($"{ManifestFile}: {name} has no 'routing_key'");
        var path = Path.Combine(directory, name);
        return File.Exists(path)
            ? new RecordedMessage(name, File.ReadAllBytes(path), routingKey, Headers(entry))
            : throw new RecordingException($"{ManifestFile}: {name} is missing");
    }

    // Lamassu sends strings alone; whatever else a recorder wrote there did not come from it.
    private static Dictionary<string, string> Headers(JsonObject? holder) =>
        (holder.Object("headers") ?? []).Where(header => Members.AsText(header.Value) is not null)
        .ToDictionary(header => header.Key, header => Members.AsText(header.Value)!, StringComparer.Ordinal);

    private sealed record Line(DateTimeOffset Arrival, RecordedMessage? Message);
}
