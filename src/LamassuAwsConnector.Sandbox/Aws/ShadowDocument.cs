using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>One section of a shadow, desired or reported, with the time of each leaf.</summary>
internal sealed record ShadowSection(JsonObject Values, JsonObject Metadata)
{
    public static ShadowSection Empty => new([], []);

    /// <summary>A new section: the patch's fields put over these, null removes, a list is replaced as a whole. Null when nothing is left.</summary>
    public ShadowSection? Merge(JsonObject patch, long timestamp)
    {
        var merged = new ShadowSection(Values.DeepClone().AsObject(), Metadata.DeepClone().AsObject());
        Merge(merged.Values, merged.Metadata, patch, timestamp);
        return merged.Values.Count == 0 ? null : merged;
    }

    private static void Merge(JsonObject values, JsonObject metadata, JsonObject patch, long timestamp)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                values.Remove(name);
                metadata.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                var kept = values[name] as JsonObject ?? [];
                var keptMetadata = values[name] is JsonObject && metadata[name] is JsonObject known ? known : [];
                values[name] = kept.DeepClone();
                metadata[name] = keptMetadata.DeepClone();
                Merge(values[name]!.AsObject(), metadata[name]!.AsObject(), inner, timestamp);
            }
            else
            {
                values[name] = value.DeepClone();
                metadata[name] = Times(value, timestamp);
            }
        }
    }

    /// <summary>One <c>{"timestamp": seconds}</c> for each leaf; null leaves, which remove, have none.</summary>
    public static JsonNode Times(JsonNode value, long timestamp) =>
        value switch
        {
            JsonObject fields => new JsonObject(
                fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, (JsonNode?)Times(field.Value!, timestamp)))
            ),
            JsonArray items => Json.List(items.Select(item => Times(item!, timestamp))),
            _ => new JsonObject { ["timestamp"] = timestamp },
        };
}

/// <summary>The rules of shadow documents (https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html).</summary>
internal static class ShadowDocument
{
    // Bytes of desired and reported, without metadata.
    private const int LargestDocument = 8 * 1024;

    private const int LongestClientToken = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ShadowUpdate Parse(byte[] payload)
    {
        string text;
        try
        {
            text = StrictUtf8.GetString(payload);
        }
        catch (DecoderFallbackException)
        {
            throw AwsException.UnsupportedDocumentEncoding();
        }

        var document = Json.ParseObject(text) ?? throw AwsException.InvalidRequest("Invalid JSON");
        if (!document.TryGetPropertyValue("state", out var node))
        {
            throw AwsException.InvalidRequest("Missing required node: state");
        }

        var state = node as JsonObject ?? throw AwsException.InvalidRequest("State node must be an object");
        if (state.FirstOrDefault(section => section.Key is not ("desired" or "reported")) is { Key: { } unknown })
        {
            throw AwsException.InvalidRequest($"State contains an invalid node: '{unknown}'");
        }

        CheckSection(state, "desired", "Desired");
        CheckSection(state, "reported", "Reported");
        return new ShadowUpdate(state, ReadVersion(document), ReadClientToken(document));
    }

    public static void CheckSize(ShadowSection? desired, ShadowSection? reported)
    {
        var whole = new JsonObject().With("desired", desired?.Values.DeepClone()).With("reported", reported?.Values.DeepClone());
        if (Encoding.UTF8.GetByteCount(whole.ToJsonString(Plain)) > LargestDocument)
        {
            throw AwsException.RequestEntityTooLarge();
        }
    }

    /// <summary>The fields of desired that reported lacks or has otherwise, down to the leaf; null when there are none.</summary>
    public static JsonObject? Delta(JsonObject desired, JsonObject reported)
    {
        var delta = new JsonObject();
        foreach (var (name, wanted) in desired)
        {
            if (wanted is JsonObject wantedFields && reported[name] is JsonObject reportedFields)
            {
                delta.With(name, Delta(wantedFields, reportedFields));
            }
            else if (!JsonNode.DeepEquals(wanted, reported[name]))
            {
                delta[name] = wanted?.DeepClone();
            }
        }

        return delta.Count == 0 ? null : delta;
    }

    private static void CheckSection(JsonObject state, string name, string shown)
    {
        if (state[name] is not (null or JsonObject))
        {
            throw AwsException.InvalidRequest($"{shown} node must be an object");
        }

        if (state[name] is JsonObject section)
        {
            if (Levels(section) > Assumptions.ShadowLevels)
            {
                throw AwsException.InvalidRequest("JSON contains too many levels of nesting; maximum is 6");
            }

            RefuseNullInLists(section);
        }
    }

    private static int Levels(JsonNode? node) =>
        node switch
        {
            JsonObject fields => 1 + fields.Select(field => Levels(field.Value)).DefaultIfEmpty().Max(),
            JsonArray items => 1 + items.Select(Levels).DefaultIfEmpty().Max(),
            _ => 0,
        };

    private static void RefuseNullInLists(JsonNode? node)
    {
        if (node is JsonObject fields)
        {
            foreach (var (_, value) in fields)
            {
                RefuseNullInLists(value);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                RefuseNullInLists(item ?? throw Assumptions.NullInShadowList());
                if (item is JsonObject inner && inner.Any(field => field.Value is null))
                {
                    throw Assumptions.NullInShadowList();
                }
            }
        }
    }

    private static long? ReadVersion(JsonObject document) =>
        document["version"] switch
        {
            null => null,
            JsonValue value when value.TryGetValue<long>(out var version) => version,
            _ => throw AwsException.InvalidRequest("Invalid version"),
        };

    private static string? ReadClientToken(JsonObject document) =>
        document["clientToken"] switch
        {
            null => null,
            JsonValue value when value.TryGetValue<string>(out var token) && Encoding.UTF8.GetByteCount(token) <= LongestClientToken => token,
            _ => throw AwsException.InvalidRequest("Invalid clientToken"),
        };
}

internal sealed record ShadowUpdate(JsonObject State, long? Version, string? ClientToken);
