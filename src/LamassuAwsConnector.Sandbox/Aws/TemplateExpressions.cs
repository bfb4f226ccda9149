using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>Works out the values in a template: Ref, and the functions Join, Select, Split, Sub and FindInMap.</summary>
internal sealed partial class TemplateExpressions(IReadOnlyDictionary<string, string> values, JsonObject mappings)
{
    /// <exception cref="AwsException">The value is no text, or refers to what has no value.</exception>
    public string Text(JsonNode? node) =>
        node switch
        {
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            JsonObject { Count: 1 } function => Function(function.First()),
            _ => throw Invalid($"{node?.ToJsonString() ?? "null"} is no text"),
        };

    public IReadOnlyList<string> List(JsonNode? node) =>
        node switch
        {
            JsonArray items => [.. items.Select(Text)],
            JsonObject { Count: 1 } function when function["Fn::Split"] is JsonArray { Count: 2 } split => Text(split[1]).Split(Text(split[0])),
            _ => throw Invalid($"{node?.ToJsonString() ?? "null"} is no list"),
        };

    private string Function(KeyValuePair<string, JsonNode?> function) =>
        (function.Key, function.Value) switch
        {
            ("Ref", JsonValue name) => Reference(name.ToString()),
            ("Fn::Join", JsonArray { Count: 2 } join) => string.Join(Text(join[0]), List(join[1])),
            ("Fn::Select", JsonArray { Count: 2 } select) => Select(select),
            ("Fn::Sub", JsonValue text) => Substitute(text.ToString(), []),
            ("Fn::Sub", JsonArray { Count: 2 } sub) when sub[1] is JsonObject own => Substitute(Text(sub[0]), own),
            ("Fn::FindInMap", JsonArray { Count: 3 } find) => FindInMap(Text(find[0]), Text(find[1]), Text(find[2])),
            _ => throw Invalid($"'{function.Key}' is no known function, or its arguments are wrong"),
        };

    private string Reference(string name) => values.GetValueOrDefault(name) ?? throw Assumptions.UnresolvedReference(name);

    private string Select(JsonArray select)
    {
        var list = List(select[1]);
        return int.TryParse(select[0]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count
            ? list[index]
            : throw Invalid("the index of Fn::Select is outside of its list");
    }

    private string Substitute(string text, JsonObject own) =>
        Variable().Replace(text, match => own.TryGetPropertyValue(match.Groups[1].Value, out var value) ? Text(value) : Reference(match.Groups[1].Value));

    private string FindInMap(string map, string first, string second) =>
        mappings[map] is JsonObject outer && outer[first] is JsonObject inner && inner[second] is JsonValue value
            ? value.ToString()
            : throw Invalid($"the mapping {map}.{first}.{second} does not exist");

    private static AwsException Invalid(string reason) => AwsException.InvalidRequest($"Invalid template: {reason}");

    [GeneratedRegex(@"\$\{([^}]+)\}")]
    private static partial Regex Variable();
}
