using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>The AWS account's region and how to get at it: <c>aws_config</c> in the YAML file.</summary>
public sealed class AwsOptions
{
    public const string SectionName = "aws_config";

    /// <summary>e.g. <c>eu-west-1</c>, of any partition.</summary>
    [ConfigurationKeyName("region")]
    [Required(ErrorMessage = "aws_config.region is missing: set it to the region of AWS IoT Core, e.g. eu-west-1")]
    [RegularExpression("[a-z]{2,}(-[a-z]+)+-[0-9]+", ErrorMessage = "aws_config.region must be the name of a region, e.g. eu-west-1")]
    public string Region { get; init; } = "";

    /// <summary><c>static</c>: the keys below. <c>default</c>: the SDK's chain (environment, profile, instance or pod role). <c>role</c>: one of both, then AssumeRole.</summary>
    [ConfigurationKeyName("auth_method")]
    [AllowedValues(null, "", "static", "default", "role", ErrorMessage = "aws_config.auth_method must be static, default or role")]
    public string? AuthMethod { get; init; }

    [ConfigurationKeyName("access_key_id")]
    public string? AccessKeyId { get; init; }

    [ConfigurationKeyName("secret_access_key")]
    public string? SecretAccessKey { get; init; }

    [ConfigurationKeyName("session_token")]
    public string? SessionToken { get; init; }

    /// <summary>The role to assume with <c>auth_method: role</c>; its credentials are renewed before they end.</summary>
    [ConfigurationKeyName("role_arn")]
    public string? RoleArn { get; init; }

    /// <summary>Another address for all AWS services, for trials; empty: AWS's own.</summary>
    [ConfigurationKeyName("endpoint_url")]
    [RegularExpression("https?://.+", ErrorMessage = "aws_config.endpoint_url must be an http or https URL")]
    public string? EndpointUrl { get; init; }

    /// <summary>How long one attempt of a call may take. AWS IoT answers within a second; the rest is room for a bad network.</summary>
    [ConfigurationKeyName("timeout")]
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00", ErrorMessage = "aws_config.timeout must lie between 00:00:01 and 00:02:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether calls are spaced to stay below AWS's quotas; <c>false</c> is for trials against something that has none.</summary>
    [ConfigurationKeyName("limit_calls")]
    public bool LimitCalls { get; init; } = true;

    /// <summary>The part of the account's quotas that the connector uses; the rest is for everybody else in the account.</summary>
    [ConfigurationKeyName("quota_share")]
    [Range(0.01, 1.0, ErrorMessage = "aws_config.quota_share must lie between 0.01 and 1")]
    public double QuotaShare { get; init; } = 0.8;

    /// <summary>How many connectors with this id run at once; they divide the share between them.</summary>
    [ConfigurationKeyName("replicas")]
    [Range(1, 100, ErrorMessage = "aws_config.replicas must lie between 1 and 100")]
    public int Replicas { get; init; } = 1;

    /// <summary>Calls per second by operation, where the account's quotas are not AWS's default ones: <c>RegisterThing: 50</c>.</summary>
    [ConfigurationKeyName("quotas")]
    public Dictionary<string, double> Quotas { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    internal bool HasKeys => AccessKeyId is { Length: > 0 } && SecretAccessKey is { Length: > 0 };

    /// <summary>The method in effect: without a word, the keys where there are some.</summary>
    internal string EffectiveAuthMethod => AuthMethod is { Length: > 0 } method ? method : HasKeys ? "static" : "default";
}

[OptionsValidator]
internal sealed partial class AwsOptionsValidator : IValidateOptions<AwsOptions>;

/// <summary>What has to fit together across options.</summary>
internal sealed class AwsCredentialsValidator : IValidateOptions<AwsOptions>
{
    public ValidateOptionsResult Validate(string? name, AwsOptions options) => options.EffectiveAuthMethod switch
    {
        "static" when !options.HasKeys =>
            ValidateOptionsResult.Fail("aws_config.auth_method is static: access_key_id and secret_access_key are needed"),
        "role" when options.RoleArn is not { Length: > 0 } => ValidateOptionsResult.Fail("aws_config.auth_method is role: role_arn is needed"),
        _ when options.Quotas.FirstOrDefault(quota => quota.Value is not (> 0 and <= 100_000)) is { Key: { } operation } =>
            ValidateOptionsResult.Fail($"aws_config.quotas.{operation} must lie above 0 and not above 100000, in calls per second"),
        _ => ValidateOptionsResult.Success,
    };
}
