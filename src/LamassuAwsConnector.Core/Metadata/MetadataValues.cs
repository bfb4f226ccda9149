using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Core.Metadata;

/// <summary>Lenient reading of metadata that people and other programs write: absent, null and of the wrong type read alike.</summary>
internal static class MetadataValues
{
    extension(JsonObject value)
    {
        public string? Text(string member) => value[member] is JsonValue node && node.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

        public bool? Flag(string member) => value[member] is JsonValue node && node.TryGetValue<bool>(out var flag) ? flag : null;

        public JsonObject? Object(string member) => value[member] as JsonObject;

        public IReadOnlyList<string> Texts(string member) => value[member] is JsonArray array
            ? [.. array.OfType<JsonValue>().Select(node => node.TryGetValue<string>(out var text) ? text : "").Where(text => text.Length > 0)]
            : [];
    }
}
