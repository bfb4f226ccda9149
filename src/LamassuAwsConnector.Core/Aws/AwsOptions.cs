using System.ComponentModel.DataAnnotations;
using LamassuAwsConnector.Core.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>The AWS account's region and how to get at it: <c>aws_config</c> in the YAML file.</summary>
public sealed class AwsOptions
{
    public const string SectionName = "aws_config";

    /// <summary>e.g. <c>eu-west-1</c>, of any partition.</summary>
    [ConfigurationKeyName("region")]
    [Required(ErrorMessage = "{0} is missing: set it to the region of AWS IoT Core, e.g. eu-west-1")]
    [RegularExpression("[a-z]{2,}(-[a-z]+)+-[0-9]+", ErrorMessage = "{0} must be the name of a region, e.g. eu-west-1")]
    public string Region { get; init; } = "";

    /// <summary><c>static</c>: the keys below. <c>default</c>: the SDK's chain (environment, profile, instance or pod role). <c>role</c>: one of both, then AssumeRole.</summary>
    [ConfigurationKeyName("auth_method")]
    [AllowedValues(null, "", "static", "default", "role")]
    public string? AuthMethod { get; init; }

    /// <summary>With <c>auth_method: static</c>; beside <c>role</c>: the keys that assume it.</summary>
    [ConfigurationKeyName("access_key_id")]
    [Secret]
    public string? AccessKeyId { get; init; }

    /// <summary>The secret of that key.</summary>
    [ConfigurationKeyName("secret_access_key")]
    [Secret]
    public string? SecretAccessKey { get; init; }

    /// <summary>Where the keys are temporary ones: they are not renewed.</summary>
    [ConfigurationKeyName("session_token")]
    [Secret]
    public string? SessionToken { get; init; }

    /// <summary>The role to assume with <c>auth_method: role</c>; its credentials are renewed before they end.</summary>
    [ConfigurationKeyName("role_arn")]
    public string? RoleArn { get; init; }

    /// <summary>Another address for all AWS services, for trials; empty: AWS's own.</summary>
    [ConfigurationKeyName("endpoint_url")]
    [HttpUrl]
    public string? EndpointUrl { get; init; }

    /// <summary>How long one attempt of a call may take. AWS IoT answers within a second; the rest is room for a bad network.</summary>
    [ConfigurationKeyName("timeout")]
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether calls are spaced to stay below AWS's quotas; <c>false</c> is for trials against something that has none.</summary>
    [ConfigurationKeyName("limit_calls")]
    public bool LimitCalls { get; init; } = true;

    /// <summary>The part of the account's quotas that the connector uses; the rest is for everybody else in the account.</summary>
    [ConfigurationKeyName("quota_share")]
    [Range(0.01, 1.0)]
    public double QuotaShare { get; init; } = 0.8;

    /// <summary>How many connectors with this id run at once; they divide the share between them.</summary>
    [ConfigurationKeyName("replicas")]
    [Range(1, 100)]
    public int Replicas { get; init; } = 1;

    /// <summary>Calls per second where the account's quotas are not AWS's default ones, each as <c>RegisterThing=50</c>.</summary>
    [ConfigurationKeyName("quotas")]
    public IReadOnlyList<string>? Quotas { get; init; }

    internal bool HasSomeKey => AccessKeyId is { Length: > 0 } || SecretAccessKey is { Length: > 0 } || SessionToken is { Length: > 0 };

    internal bool HasKeys => AccessKeyId is { Length: > 0 } && SecretAccessKey is { Length: > 0 };

    /// <summary>The method in effect: without a word, the keys where there are some.</summary>
    internal string EffectiveAuthMethod => AuthMethod is { Length: > 0 } method ? method : HasKeys ? "static" : "default";
}

/// <summary>What has to fit together across options.</summary>
internal sealed class AwsCredentialsValidator : IValidateOptions<AwsOptions>
{
    public ValidateOptionsResult Validate(string? name, AwsOptions options) => options.EffectiveAuthMethod switch
    {
        _ when options is { HasSomeKey: true, HasKeys: false } =>
            ValidateOptionsResult.Fail("aws_config.access_key_id and aws_config.secret_access_key go together: one of them is missing"),
        "static" when !options.HasKeys =>
            ValidateOptionsResult.Fail("aws_config.auth_method is static: access_key_id and secret_access_key are needed"),
        "role" when options.RoleArn is not { Length: > 0 } => ValidateOptionsResult.Fail("aws_config.auth_method is role: role_arn is needed"),
        _ when options.Quotas?.Any(quota => AwsQuotas.Read(quota) is null) == true =>
            ValidateOptionsResult.Fail("aws_config.quotas must hold operations with their calls per second, above 0: RegisterThing=50"),
        _ => ValidateOptionsResult.Success,
    };
}
