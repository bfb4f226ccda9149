using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LamassuAwsConnector.Core.Metadata;

/// <summary>The body of Lamassu's metadata routes: JSON Patch operations, applied in order and all or none.</summary>
public sealed class MetadataPatch
{
    private readonly List<Operation> operations = [];

    [JsonPropertyName("patches")]
    public IReadOnlyList<Operation> Operations => operations;

    /// <summary>Sets a member below our key. Fails at Lamassu when the key is missing there.</summary>
    public MetadataPatch Set(string key, string member, JsonNode value)
    {
        operations.Add(new Operation("add", $"/{Escape(key)}/{Escape(member)}", value));
        return this;
    }

    /// <summary>Nothing of the patch is applied when the member below our key is not this any more.</summary>
    public MetadataPatch Test(string key, string member, JsonNode value)
    {
        operations.Add(new Operation("test", $"/{Escape(key)}/{Escape(member)}", value));
        return this;
    }

    /// <summary>Sets the whole value of a key that the object does not carry yet.</summary>
    public MetadataPatch SetKey(string key, JsonObject value)
    {
        operations.Add(new Operation("add", $"/{Escape(key)}", value));
        return this;
    }

    /// <summary>Removes a member below our key; nothing happens when it is absent.</summary>
    public MetadataPatch Remove(string key, string member)
    {
        operations.Add(new Operation("remove", $"/{Escape(key)}/{Escape(member)}", null));
        return this;
    }

    // RFC 6901 §3: '~' first, then '/'.
    private static string Escape(string token) => token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    public sealed record Operation(
        [property: JsonPropertyName("op")] string Op,
        [property: JsonPropertyName("path")] string Path,
        [property: JsonPropertyName("value"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonNode? Value);
}
