using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>A structure: its members in the order in which Lamassu writes them. Names are matched without regard to case, unknown ones are dropped.</summary>
internal sealed class WireObject(params (string Name, WireType Type)[] fields) : WireType(
    () => Build(fields, null), (value, field) => Build(fields, value as JsonObject ?? throw Mismatch(value, field, "struct")))
{
    /// <summary>Members that are not written at all when they have no value.</summary>
    private static readonly IReadOnlyList<WireType> Omitted = [OptionalTime, OptionalDuration, OptionalFree];

    public JsonObject ReadBody(ReadOnlySpan<byte> body) => (JsonObject)Read(GoJson.ReadFirst(body), "body")!;

    public JsonObject Read(JsonNode? value) => (JsonObject)Read(value, "body")!;

    private static JsonObject Build((string Name, WireType Type)[] fields, JsonObject? source)
    {
        var given = new Dictionary<string, JsonNode?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in source ?? [])
        {
            given[name] = value;
        }

        var target = new JsonObject();
        foreach (var (name, type) in fields)
        {
            var value = given.TryGetValue(name, out var found) ? type.Read(found, name) : type.Zero();
            if (value is not null || !Omitted.Contains(type))
            {
                target[name] = value;
            }
        }

        return target;
    }
}
