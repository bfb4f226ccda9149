using System.Text.Json.Serialization;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>A policy as IAM takes it, in IAM's spelling.</summary>
/// <param name="Version" example="2012-10-17">The version of IAM's language.</param>
public sealed record IamPolicyDocument(
    [property: JsonPropertyName("Version")] string Version, [property: JsonPropertyName("Statement")] IReadOnlyList<IamStatement> Statement)
{
    public static IamPolicyDocument Of(params IReadOnlyList<IamStatement> statements) => new("2012-10-17", statements);
}

public sealed record IamStatement
{
    [JsonPropertyName("Sid")]
    public required string Sid { get; init; }

    [JsonPropertyName("Effect")]
    public string Effect { get; init; } = "Allow";

    /// <summary>In a trust policy alone: who may take the role.</summary>
    [JsonPropertyName("Principal")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Principal { get; init; }

    [JsonPropertyName("Action")]
    public required IReadOnlyList<string> Action { get; init; }

    [JsonPropertyName("Resource")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Resource { get; init; }

    /// <summary>By operator, e.g. <c>StringEquals</c>, the values of condition keys.</summary>
    [JsonPropertyName("Condition")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? Condition { get; init; }
}
