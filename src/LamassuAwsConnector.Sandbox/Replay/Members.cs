using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>Reads members of foreign JSON: what is missing, null or of another type is simply not there.</summary>
internal static class Members
{
    public static string? Text(this JsonNode? node, string name) => AsText(node.Member(name));

    public static JsonObject? Object(this JsonNode? node, string name) => node.Member(name) as JsonObject;

    public static bool? Flag(this JsonNode? node, string name) => node.Member(name) is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    public static int? Number(this JsonNode? node, string name) => node.Member(name) is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    public static IEnumerable<JsonNode> Items(this JsonNode? node, string name) => node.Member(name) is JsonArray items ? items.OfType<JsonNode>() : [];

    public static IEnumerable<string> Texts(this JsonNode? node, string name) => node.Items(name).Select(AsText).OfType<string>();

    public static string? AsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A time of an event or an object. .NET keeps seven of Lamassu's up to nine fraction digits.</summary>
    public static DateTimeOffset? AsTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>The JSON text as an object; null where it is none, or names a member twice.</summary>
    public static JsonObject? ParseObject(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? Member(this JsonNode? node, string name) => node is JsonObject item && item.TryGetPropertyValue(name, out var member) ? member : null;
}
