using System.Text.Json;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>How one kind of value is read from a request and written back in Lamassu's form.</summary>
/// <param name="zero">Go's zero value: what an absent member becomes. A C# null is JSON null.</param>
/// <param name="read">Reads a value that is there and not null; the second argument names the member in errors.</param>
/// <param name="onNull">What JSON null becomes; the zero value unless said otherwise.</param>
internal class WireType(Func<JsonNode?> zero, Func<JsonNode, string, JsonNode?> read, Func<string, JsonNode?>? onNull = null)
{
    /// <summary>Plain text. Enumerations are plain text too: Lamassu rarely checks them.</summary>
    public static WireType Text { get; } = new(() => "", (value, field) => OfKind(value, field, JsonValueKind.String, "string"));

    public static WireType Flag { get; } = new(
        () => false,
        (value, field) => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value.DeepClone() : throw Mismatch(value, field, "bool"));

    public static WireType Integer { get; } = new(
        () => 0, (value, field) => value is JsonValue number && number.TryGetValue<long>(out var whole) ? whole : throw Mismatch(value, field, "int"));

    public static WireType Time { get; } = new(() => GoTime.Zero, (value, field) => GoTime.Respell(TextOf(value, field, "time.Time")));

    /// <summary>A time that is left out when it is not set.</summary>
    public static WireType OptionalTime { get; } = new(() => null, (value, field) => GoTime.Respell(TextOf(value, field, "time.Time")));

    public static WireType Duration { get; } = new(
        () => "0s",
        (value, field) => LamassuDuration.Respell(TextOf(value, field, "models.TimeDuration")),
        _ => throw new WireException("time: invalid duration \"\""));

    /// <summary>A duration that is left out when it is zero.</summary>
    public static WireType OptionalDuration { get; } = new(
        () => null,
        (value, field) => LamassuDuration.Respell(TextOf(value, field, "models.TimeDuration")) is var text && text == "0s" ? null : text,
        _ => throw new WireException("time: invalid duration \"\""));

    /// <summary>Any JSON, kept as Go keeps it.</summary>
    public static WireType Free { get; } = new(() => null, (value, _) => GoJson.Normalize(value));

    /// <summary>Any JSON, left out when it is null.</summary>
    public static WireType OptionalFree { get; } = new(() => null, (value, _) => GoJson.Normalize(value));

    /// <summary>A free map, such as metadata.</summary>
    public static WireType FreeMap { get; } = new(
        () => null, (value, field) => value is JsonObject ? GoJson.Normalize(value) : throw Mismatch(value, field, "map[string]interface {}"));

    public static WireType TextList { get; } = ListOf(Text);

    public static WireType IntegerList { get; } = ListOf(Integer);

    public JsonNode? Zero() => zero();

    public JsonNode? Read(JsonNode? value, string field) => value is null ? onNull is null ? zero() : onNull(field) : read(value, field);

    /// <summary>A list; null when it was never set.</summary>
    public static WireType ListOf(WireType item) => new(
        () => null,
        (value, field) => value is JsonArray list ? new JsonArray([.. list.Select(element => item.Read(element, field))]) : throw Mismatch(value, field, "[]"));

    /// <summary>A map whose keys are whole numbers or times; keys come out in text order, equal ones merge.</summary>
    public static WireType MapOf(WireType item, Func<string, string> key) => new(
        () => null,
        (value, field) =>
        {
            var members = value as JsonObject ?? throw Mismatch(value, field, "map");
            var read = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
            foreach (var (name, element) in members)
            {
                read[key(name)] = item.Read(element, field);
            }

            return new JsonObject(read);
        });

    /// <summary>A pointer to a structure: null when absent.</summary>
    public static WireType Nullable(WireType type) => new(() => null, type.Read);

    /// <summary>Text that is turned into something else, or refused.</summary>
    public static WireType Converted(Func<string, JsonNode?> convert, string goType, Func<JsonNode?>? zero = null) =>
        new(zero ?? (() => null), (value, field) => convert(TextOf(value, field, goType)));

    internal static WireException Mismatch(JsonNode value, string field, string goType)
    {
        var kind = value.GetValueKind() switch
        {
            JsonValueKind.True or JsonValueKind.False => "bool",
            var other => other.ToString().ToLowerInvariant(),
        };
        return new WireException($"json: cannot unmarshal {kind} into Go struct field {field} of type {goType}");
    }

    internal static string TextOf(JsonNode value, string field, string goType) =>
        value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : throw Mismatch(value, field, goType);

    private static JsonNode OfKind(JsonNode value, string field, JsonValueKind kind, string goType) =>
        value.GetValueKind() == kind ? value.DeepClone() : throw Mismatch(value, field, goType);
}
