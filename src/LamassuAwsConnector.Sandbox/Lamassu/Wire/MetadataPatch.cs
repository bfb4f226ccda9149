using System.Globalization;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>JSON patches as Lamassu applies them to metadata, failures included: all of them or none.</summary>
internal static class MetadataPatch
{
    public static JsonObject Apply(JsonNode? metadata, JsonArray patches)
    {
        var document = metadata?.DeepClone();
        foreach (var patch in patches)
        {
            document = ApplyOne(document, (string)patch!["op"]!, (string)patch["path"]!, patch["value"]);
        }

        return GoJson.Normalize(document) as JsonObject ?? throw Failed("json: cannot unmarshal into Go value of type map[string]interface {}");
    }

    private static JsonNode? ApplyOne(JsonNode? document, string operation, string path, JsonNode? value)
    {
        if (operation is "add" or "replace" && value is null)
        {
            // A null value is dropped on the way to the library, which then misses it.
            throw new LamassuException("failed to decode patches: missing value");
        }

        if (path.Length == 0 && operation is "add" or "replace")
        {
            return value!.DeepClone();
        }

        if (document is null)
        {
            throw Failed($"{operation} operation does not apply: doc is null");
        }

        if (!path.StartsWith('/'))
        {
            throw Failed($"{operation} operation does not apply: doc is missing path: \"{path}\": missing value");
        }

        var tokens = path[1..].Split('/');
        switch (operation)
        {
            case "add":
                Add(document, tokens, path, value!.DeepClone());
                return document;
            case "replace":
                Replace(document, tokens, path, value!.DeepClone());
                return document;
            case "remove":
                Remove(document, tokens, path);
                return document;
            case "test":
                return JsonNode.DeepEquals(Find(document, tokens), value)
                    ? document
                    : throw Failed($"testing value {path} failed: test failed");
            case "move" or "copy":
                // "from" is dropped when the request is decoded.
                throw Failed($"{operation} operation does not apply: missing from");
            default:
                throw Failed($"Unexpected kind: {operation}");
        }
    }

    private static void Add(JsonNode document, string[] tokens, string path, JsonNode value)
    {
        var container = document;
        for (var depth = 0; depth < tokens.Length - 1; depth++)
        {
            var next = Child(container, tokens[depth]);
            if (next is null)
            {
                // The library creates a missing parent under its still escaped name and then does not find it. The service creates an empty array
                // itself when the patch appends right below such a key.
                var escaped = tokens[depth].Contains('~', StringComparison.Ordinal);
                if (escaped && !(depth == 0 && tokens.Length == 2 && tokens[1] is "-" or "0"))
                {
                    throw Failed($"add operation does not apply: doc is missing path: \"{path}\": missing value");
                }

                next = NewParent(tokens[depth + 1]);
                Put(container, tokens[depth], path, next);
            }

            container = next;
        }

        Put(container, tokens[^1], path, value);
    }

    private static JsonNode NewParent(string nextToken)
    {
        if (nextToken == "-")
        {
            return new JsonArray();
        }

        // Filled up with nulls before the index that is asked for.
        return int.TryParse(nextToken, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new JsonArray([.. Enumerable.Repeat<JsonNode?>(null, index)])
            : new JsonObject();
    }

    private static void Put(JsonNode container, string token, string path, JsonNode value)
    {
        switch (container)
        {
            case JsonObject map:
                map[Unescape(token)] = value;
                break;
            case JsonArray list when token == "-":
                list.Add(value);
                break;
            case JsonArray list when Index(token) is { } index && index <= list.Count:
                list.Insert(index, value);
                break;
            default:
                throw Failed($"add operation does not apply: doc is missing path: \"{path}\": Unable to access invalid index");
        }
    }

    private static void Replace(JsonNode document, string[] tokens, string path, JsonNode value)
    {
        switch (Find(document, tokens[..^1]))
        {
            case JsonObject map when map.ContainsKey(Unescape(tokens[^1])):
                map[Unescape(tokens[^1])] = value;
                break;
            case JsonArray list when Index(tokens[^1]) is { } index && index < list.Count:
                list[index] = value;
                break;
            default:
                throw Failed($"replace operation does not apply: doc is missing key: {path}: missing value");
        }
    }

    private static void Remove(JsonNode document, string[] tokens, string path)
    {
        switch (Find(document, tokens[..^1]))
        {
            case JsonObject map:
                map.Remove(Unescape(tokens[^1]));
                break;
            case JsonArray list when Index(tokens[^1]) is { } index:
                if (index < list.Count)
                {
                    list.RemoveAt(index);
                }

                break;
            case null:
                break;
            default:
                throw Failed($"remove operation does not apply: doc is missing path: \"{path}\"");
        }
    }

    private static JsonNode? Find(JsonNode? document, IEnumerable<string> tokens) =>
        tokens.Aggregate(document, (node, token) => node is null ? null : Child(node, token));

    private static JsonNode? Child(JsonNode container, string token) => container switch
    {
        JsonObject map => map[Unescape(token)],
        JsonArray list when Index(token) is { } index && index < list.Count => list[index],
        _ => null,
    };

    private static int? Index(string token) => int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static string Unescape(string token) => token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static LamassuException Failed(string text) => new($"failed to apply patches to metadata: {text}");
}
