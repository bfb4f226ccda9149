using System.Text.Json;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>Reading and writing JSON as AWS does: null counts as absent, a wrong type is refused.</summary>
internal static class Json
{
    // A name given twice is refused rather than guessed at.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Null when the text is no JSON object.</summary>
    public static JsonObject? ParseObject(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Times on the wire are seconds since the epoch, with fraction.</summary>
    public static JsonNode Seconds(DateTimeOffset time) => JsonValue.Create(time.ToUnixTimeMilliseconds() / 1000m);

    public static JsonArray List(IEnumerable<JsonNode> items) => new([.. items]);

    public static JsonArray Strings(IEnumerable<string> items) => new([.. items.Select(item => JsonValue.Create(item))]);

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> entries) =>
        new(entries.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)JsonValue.Create(entry.Value))));

    extension(JsonObject body)
    {
        /// <summary>Absent members are not written.</summary>
        public JsonObject With(string name, JsonNode? value)
        {
            if (value is not null)
            {
                body[name] = value;
            }

            return body;
        }

        public void AllowOnly(IReadOnlySet<string> names, string where, Func<string, AwsException> refuse)
        {
            if (body.FirstOrDefault(member => !names.Contains(member.Key)) is { Key: { } unknown })
            {
                throw refuse($"{where} has no member '{unknown}'");
            }
        }

        public string? Text(string name) =>
            body[name] switch
            {
                null => null,
                JsonValue value when value.TryGetValue<string>(out var text) => text,
                _ => throw AwsException.Serialization($"'{name}' is no string"),
            };

        public string RequiredText(string name) => Names.NotNull(body.Text(name), name);

        public bool? Boolean(string name) =>
            body[name] switch
            {
                null => null,
                JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
                _ => throw AwsException.Serialization($"'{name}' is no boolean"),
            };

        public long? Integer(string name) =>
            body[name] switch
            {
                null => null,
                JsonValue value when value.TryGetValue<long>(out var number) => number,
                _ => throw AwsException.Serialization($"'{name}' is no integer"),
            };

        public JsonObject? Object(string name) =>
            body[name] switch
            {
                null => null,
                JsonObject value => value,
                _ => throw AwsException.Serialization($"'{name}' is no object"),
            };

        public JsonArray? Array(string name) =>
            body[name] switch
            {
                null => null,
                JsonArray value => value,
                _ => throw AwsException.Serialization($"'{name}' is no list"),
            };

        public IReadOnlyDictionary<string, string> TextMap(string name)
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            if (body.Object(name) is { } entries)
            {
                foreach (var key in entries.Select(entry => entry.Key))
                {
                    map[key] = entries.Text(key) ?? throw AwsException.Serialization($"'{name}.{key}' is null");
                }
            }

            return map;
        }

        public IReadOnlyList<string> TextList(string name) =>
            [
                .. (body.Array(name) ?? []).Select(item =>
                    item is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw AwsException.Serialization($"'{name}' holds no strings")
                ),
            ];
    }
}
