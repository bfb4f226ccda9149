using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LamassuAwsConnector.Core.Lamassu.Models;

/// <summary>A DMS, without its settings' webhook secrets: what isn't decoded can't be logged.</summary>
public sealed record Dms
{
    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("metadata")]
    public JsonObject? Metadata { get; init; }

    [JsonPropertyName("settings")]
    public DmsSettings? Settings { get; init; }
}

public sealed record DmsSettings
{
    [JsonPropertyName("reenrollment_settings")]
    public ReenrollmentSettings? Reenrollment { get; init; }
}

public sealed record ReenrollmentSettings
{
    [JsonPropertyName("revoke_on_reenrollment")]
    public bool? RevokeOnReenrollment { get; init; }
}

public sealed record ListPage<T>
{
    [JsonPropertyName("next")]
    public string? Next { get; init; }

    [JsonPropertyName("list")]
    public IReadOnlyList<T>? List { get; init; }
}
