using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Contracts;

/// <summary>Requests of the document's operations, right in part, wrong in most. The same seed gives the same ones.</summary>
internal sealed class RequestGenerator(ApiDocument document, Uri connector, int seed)
{
    private static readonly string[] Ids = ["meter-1", "meter-2", "meter-3", "meter-4", "ca-1", "ca-2", "ca-3", "dms-1", "dms-2", "dms-3", "dms-4", "dms-5", "dms-6"];

    private static readonly string[] Texts =
    [
        "", " ", ".", "..", "null", "true", "0", "-1", "1e400", "a\0b", "\n", "a/b", @"a\b", "%", "%00", "?", "#", "ñ", "日本", "😀", "\u202e", "\ufffd", "'", "\"", "<b>", "${x}",
        "{}", "[]", "aws-iot-test", "arn:aws:iam::123456789012:role/Other", new string('a', 64), new string('0', 257), new string('é', 1000),
    ];

    private static readonly string[] Numbers =
        ["0", "1", "25", "100", "101", "-1", "1.5", "01", "+1", " 1", "1e3", "2147483647", "2147483648", "-9223372036854775809", "99999999999999999999999", "NaN", "0x1"];

    private static readonly string[] ContentTypes =
        ["application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "text/plain", "application/xml", "multipart/form-data; boundary=x", "application/merge-patch+json", "nonsense", ""];

    private readonly Random random = new(seed);

    public (ApiOperation Operation, HttpRequestMessage Request, string Text) Next()
    {
        var operation = Any(document.Operations);
        var url = new Uri(connector, "/").ToString().TrimEnd('/') + Path(operation) + Query(operation);
        var uri = new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var body = operation.BodySchema is { } schema ? Body(schema) : OneIn(10) ? Encoding.UTF8.GetBytes(Any(Texts)) : null;
        var request = new HttpRequestMessage(operation.Method, uri) { Content = body is null ? null : new ByteArrayContent(body) };
        var type = OneIn(8) ? Any(ContentTypes) : "application/json";
        request.Content?.Headers.TryAddWithoutValidation("Content-Type", type);
        if (OneIn(10))
        {
            request.Headers.TryAddWithoutValidation("Accept", Any(["text/html", "*/*", "application/xml", "nonsense"]));
        }

        return (operation, request, $"{operation.Method} {url} {type} {(body is null ? "" : Encoding.UTF8.GetString(body[..Math.Min(body.Length, 500)]))}");
    }

    private string Path(ApiOperation operation) => operation.ParametersIn("path").Aggregate(
        operation.Path, (path, name) => path.Replace($"{{{name}}}", Segment(OneIn(2) ? Any(Ids) : Text()), StringComparison.Ordinal));

    // A path without its segment is another route, and the server itself refuses a null character, without a body.
    private static string Segment(string id) => Uri.EscapeDataString(id.Replace("\0", "", StringComparison.Ordinal)) is { Length: > 0 } escaped and not ("." or "..") ? escaped : "-";

    private string Query(ApiOperation operation)
    {
        var parts = new List<string>();
        foreach (var name in operation.ParametersIn("query"))
        {
            for (var times = random.Next(4) - 1; times > 0; times--)
            {
                parts.Add($"{name}={Uri.EscapeDataString(OneIn(2) ? Any(Numbers) : Text())}");
            }
        }

        if (OneIn(10))
        {
            parts.Add($"{Uri.EscapeDataString(Text())}={Uri.EscapeDataString(Text())}");
        }

        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    private byte[] Body(JsonNode schema)
    {
        var value = Value(schema, depth: 0);
        var text = OneIn(8) ? Any(Texts) : value?.ToJsonString() ?? "null";
        var bytes = Encoding.UTF8.GetBytes(OneIn(50) ? text + new string(' ', 70_000) : text);
        if (OneIn(8) && bytes.Length > 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return OneIn(12) ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private JsonNode? Value(JsonNode unresolved, int depth)
    {
        var schema = document.Resolve(unresolved);
        return OneIn(12) ? AnyValue(depth)
            : OneIn(3) && schema["example"] is { } example ? example.DeepClone()
            : schema["type"]?.GetValue<string>() switch
            {
                "object" => Members(schema, depth),
                "array" => new JsonArray([.. Enumerable.Range(0, OneIn(10) ? 21 : random.Next(4)).Select(_ => Value(schema["items"]!, depth + 1))]),
                "boolean" => JsonValue.Create(OneIn(2)),
                "integer" => JsonNode.Parse(random.Next(-1, 200).ToString(CultureInfo.InvariantCulture)),
                _ => JsonValue.Create(OneIn(2) ? "aws-iot-test" : Text()),
            };
    }

    private JsonObject Members(JsonObject schema, int depth)
    {
        var members = new JsonObject();
        foreach (var (name, member) in schema["properties"] as JsonObject ?? [])
        {
            if (!OneIn(6))
            {
                members[name] = name == "connector_id" && !OneIn(4) ? "aws-iot-test" : Value(member!, depth + 1);
            }
        }

        if (OneIn(12))
        {
            members[Text()] = AnyValue(depth + 1);
        }

        return members;
    }

    private JsonNode? AnyValue(int depth) => random.Next(depth > 5 ? 4 : 6) switch
    {
        0 => null,
        1 => JsonValue.Create(OneIn(2)),
        2 => JsonNode.Parse(Any(["0", "-1", "1.5", "1e400", "99999999999999999999"])),
        3 => JsonValue.Create(Text()),
        4 => new JsonArray(AnyValue(depth + 1), AnyValue(depth + 1)),
        _ => new JsonObject { [Text()] = AnyValue(depth + 1) },
    };

    private string Text() => OneIn(2) ? Any(Texts) : string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => char.ConvertFromUtf32(
        OneIn(4) ? random.Next(0x1, 0xD800) : random.Next(0x20, 0x7F))));

    private bool OneIn(int times) => random.Next(times) == 0;

    private T Any<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
}
