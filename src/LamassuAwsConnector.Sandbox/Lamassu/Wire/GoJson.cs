using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>JSON as Go's <c>encoding/json</c> reads and writes it.</summary>
internal static class GoJson
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compact text; <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> are escaped, nothing else beyond what JSON asks for.</summary>
    public static string Write(JsonNode? node)
    {
        var text = node is null ? "null" : node.ToJsonString(Compact);
        return text.AsSpan().IndexOfAny('<', '>', '&') < 0
            ? text
            : text.Replace("<", "\\u003c", StringComparison.Ordinal)
                .Replace(">", "\\u003e", StringComparison.Ordinal)
                .Replace("&", "\\u0026", StringComparison.Ordinal);
    }

    public static byte[] WriteBytes(JsonNode? node) => Encoding.UTF8.GetBytes(Write(node));

    /// <summary>The first JSON value of a body; what follows it is not looked at. Of members with the same name the last one counts.</summary>
    public static JsonNode? ReadFirst(ReadOnlySpan<byte> body)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new WireException("EOF");
        }

        // Not the final block: whatever is missing at the end is told apart from what is wrong.
        var reader = new Utf8JsonReader(body, isFinalBlock: false, state: default);
        try
        {
            Advance(ref reader);
            return ReadValue(ref reader);
        }
        catch (JsonException e)
        {
            throw new WireException($"invalid character at byte {e.BytePositionInLine ?? 0}");
        }
    }

    /// <summary>The value at a path of member names; null where there is none, or where something else than an object is in the way.</summary>
    public static JsonNode? At(JsonNode? node, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }

    /// <summary>A whole number, whichever .NET type it was made from.</summary>
    public static int Whole(JsonNode? number) => int.Parse(number!.ToJsonString(), CultureInfo.InvariantCulture);

    /// <summary>Free JSON as it comes back after Go decoded it into maps: names in order, numbers through a double.</summary>
    public static JsonNode? Normalize(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Normalize(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Normalize)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => NormalizeNumber(value),
        _ => node?.DeepClone(),
    };

    private static JsonNode? NormalizeNumber(JsonValue value)
    {
        var number = double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

        // Go writes exponents from 1e21 on (encoding/json, floatEncoder).
        return double.IsInteger(number) && Math.Abs(number) < 1e21
            ? JsonNode.Parse(new BigInteger(number).ToString(CultureInfo.InvariantCulture))
            : JsonValue.Create(number);
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new JsonObject();
                for (Advance(ref reader); reader.TokenType != JsonTokenType.EndObject; Advance(ref reader))
                {
                    var name = reader.GetString()!;
                    Advance(ref reader);
                    map[name] = ReadValue(ref reader);
                }

                return map;
            case JsonTokenType.StartArray:
                var list = new JsonArray();
                for (Advance(ref reader); reader.TokenType != JsonTokenType.EndArray; Advance(ref reader))
                {
                    list.Add(ReadValue(ref reader));
                }

                return list;
            case JsonTokenType.String:
                return JsonValue.Create(reader.GetString());
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var whole) ? JsonValue.Create(whole) : JsonValue.Create(reader.GetDouble());
            case JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(reader.GetBoolean());
            default:
                return null;
        }
    }

    private static void Advance(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            throw new WireException("unexpected EOF");
        }
    }
}
