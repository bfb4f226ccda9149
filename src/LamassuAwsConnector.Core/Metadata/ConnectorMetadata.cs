using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Core.Metadata;

/// <summary>The two written contracts for the connector's metadata. Users have data in both.</summary>
public enum MetadataDialect
{
    /// <summary>Key <c>connectors.lamassu.io/&lt;connector id&gt;</c>, lower-case statuses.</summary>
    Documented,

    /// <summary>Key <c>lamassu.io/iot/&lt;connector id&gt;</c>, upper-case statuses: the dashboard and the existing Go connector.</summary>
    Lamassu3,
}

/// <summary>This connector's data on one Lamassu object.</summary>
/// <param name="Dialect">The dialect it is written in.</param>
/// <param name="Key">The metadata key that it stands under.</param>
/// <param name="Value">The value, with members that we do not know.</param>
/// <param name="HasBothKeys">The object carries both keys; the Lamassu 3 one won.</param>
public sealed record ConnectorMetadata(MetadataDialect Dialect, string Key, JsonObject Value, bool HasBothKeys);

/// <summary>Finds and places the connector's data in the metadata of Lamassu objects.</summary>
public sealed class MetadataDialects(string connectorId, string defaultDialect)
{
    private readonly string documentedKey = $"connectors.lamassu.io/{connectorId}";
    private readonly string lamassu3Key = $"lamassu.io/iot/{connectorId}";

    /// <summary>The dialect for objects with nothing to go by: the dashboard recognises connectors by the prefix <c>aws.</c> and writes Lamassu 3.</summary>
    public MetadataDialect Default { get; } = defaultDialect switch
    {
        "documented" => MetadataDialect.Documented,
        "lamassu3" => MetadataDialect.Lamassu3,
        _ => connectorId.StartsWith("aws.", StringComparison.Ordinal) ? MetadataDialect.Lamassu3 : MetadataDialect.Documented,
    };

    public string KeyOf(MetadataDialect dialect) => dialect == MetadataDialect.Documented ? documentedKey : lamassu3Key;

    /// <summary>This connector's data; null when the object carries none.</summary>
    /// <param name="metadata">The object's metadata; null reads as empty.</param>
    /// <param name="subject">Names the object in the error, e.g. <c>CA ca-1</c>.</param>
    /// <exception cref="ConnectorException"><see cref="FailureKind.Invalid"/> when the value under our key is no object.</exception>
    public ConnectorMetadata? Find(JsonObject? metadata, string subject)
    {
        var lamassu3 = ValueUnder(metadata, lamassu3Key, subject);
        var documented = ValueUnder(metadata, documentedKey, subject);
        if (lamassu3 is not null)
        {
            return new ConnectorMetadata(MetadataDialect.Lamassu3, lamassu3Key, lamassu3, HasBothKeys: documented is not null);
        }

        return documented is null ? null : new ConnectorMetadata(MetadataDialect.Documented, documentedKey, documented, HasBothKeys: false);
    }

    /// <summary>The same where nobody can be told: null also for a value under our key that is no object.</summary>
    public ConnectorMetadata? FindReadable(JsonObject? metadata) =>
        metadata?[lamassu3Key] is JsonObject lamassu3 ? new ConnectorMetadata(MetadataDialect.Lamassu3, lamassu3Key, lamassu3, HasBothKeys: false)
        : metadata?[documentedKey] is JsonObject documented ? new ConnectorMetadata(MetadataDialect.Documented, documentedKey, documented, HasBothKeys: false)
        : null;

    private static JsonObject? ValueUnder(JsonObject? metadata, string key, string subject) => metadata?[key] switch
    {
        null => null,
        JsonObject value => value,
        _ => throw new ConnectorException(
            FailureKind.Invalid,
            "metadata_not_an_object",
            FailureSource.Lamassu,
            $"The metadata key '{key}' of {subject} holds no JSON object; write an object there or remove the key."),
    };
}
