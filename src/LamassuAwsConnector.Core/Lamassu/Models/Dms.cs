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
    [JsonPropertyName("enrollment_settings")]
    public EnrollmentSettings? Enrollment { get; init; }

    [JsonPropertyName("ca_distribution_settings")]
    public CADistributionSettings? CADistribution { get; init; }

    [JsonPropertyName("reenrollment_settings")]
    public ReenrollmentSettings? Reenrollment { get; init; }
}

public sealed record EnrollmentSettings
{
    /// <summary>The id of the CA that issues the DMS's device certificates.</summary>
    [JsonPropertyName("enrollment_ca")]
    public string? EnrollmentCA { get; init; }
}

/// <summary>The CAs that devices of the DMS are told to trust.</summary>
public sealed record CADistributionSettings
{
    [JsonPropertyName("include_system_ca")]
    public bool? IncludeSystemCA { get; init; }

    [JsonPropertyName("include_enrollment_ca")]
    public bool? IncludeEnrollmentCA { get; init; }

    [JsonPropertyName("managed_cas")]
    public IReadOnlyList<string>? ManagedCAs { get; init; }
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
