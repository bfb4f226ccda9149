using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LamassuAwsConnector.Core.Lamassu.Models;

public sealed record Device
{
    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("metadata")]
    public JsonObject? Metadata { get; init; }

    [JsonPropertyName("dms_owner")]
    public string? DmsOwner { get; init; }

    /// <summary>Absent until the first identity is bound.</summary>
    [JsonPropertyName("identity")]
    public IdentitySlot? Identity { get; init; }
}

public sealed record IdentitySlot
{
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("active_version")]
    public int ActiveVersion { get; init; }

    /// <summary>Version number to serial number of the certificate.</summary>
    [JsonPropertyName("versions")]
    public IReadOnlyDictionary<string, string>? Versions { get; init; }

    /// <summary>The serial number of the active version; null when the slot names none.</summary>
    [JsonIgnore]
    public string? ActiveSerialNumber =>
        Versions?.GetValueOrDefault(ActiveVersion.ToString(System.Globalization.CultureInfo.InvariantCulture)) is { Length: > 0 } serial ? serial : null;

    /// <summary>Serial numbers of the other versions, each once, newest version first.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> EarlierSerialNumbers => Versions is null
        ? []
        : [.. Versions
            .OrderByDescending(version => int.TryParse(version.Key, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Select(version => version.Value)
            .Where(serial => serial is { Length: > 0 } && serial != ActiveSerialNumber)
            .Distinct(StringComparer.Ordinal)];
}
