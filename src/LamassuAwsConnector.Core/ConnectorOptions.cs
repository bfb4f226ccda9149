using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace LamassuAwsConnector.Core;

/// <summary>What the connector is and how it treats Lamassu's objects. Keys are those of the YAML file.</summary>
public sealed class ConnectorOptions
{
    /// <summary>Names this connector in metadata keys, in the source of its writes and in its queues, e.g. <c>aws-iot-prod</c> or <c>aws.123456789012</c>.</summary>
    [ConfigurationKeyName("connector_id")]
    [Required(ErrorMessage = "{0} is missing: set it to the id that the metadata of Lamassu's objects uses, e.g. aws-iot-prod")]
    [RegularExpression("[A-Za-z0-9._-]{1,128}", ErrorMessage = "{0} may hold 1 to 128 of the characters A-Z a-z 0-9 . _ -")]
    public string ConnectorId { get; init; } = "";

    /// <summary>The dialect of notes on objects that carry none yet and whose DMS does not tell: <c>auto</c>, <c>documented</c> or <c>lamassu3</c>.</summary>
    [ConfigurationKeyName("metadata_dialect")]
    [AllowedValues("auto", "documented", "lamassu3")]
    public string MetadataDialect { get; init; } = "auto";

    /// <summary>What happens in AWS to earlier certificates that Lamassu has not revoked: <c>deactivate</c> (INACTIVE, reversible) or <c>revoke</c> (REVOKED, final).</summary>
    [ConfigurationKeyName("earlier_certificates")]
    [AllowedValues("deactivate", "revoke")]
    public string EarlierCertificates { get; init; } = "deactivate";

    /// <summary>How long a DMS and a CA that were read for a registration are remembered. Nothing that exists in AWS is changed on the word of a remembered one.</summary>
    [ConfigurationKeyName("remember_lamassu_for")]
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RememberLamassuFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it is remembered that a policy or thing group exists in AWS.</summary>
    [ConfigurationKeyName("remember_aws_for")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan RememberAwsFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What of a certificate's subject becomes an attribute of the thing when AWS provisions a device at its first connection. AWS provisions no device
    /// whose subject lacks one of them, and says nothing.
    /// </summary>
    [ConfigurationKeyName("jitp_subject_attributes")]
    [SubjectAttributes]
    public IReadOnlyList<string> JitpSubjectAttributes { get; init; } = [];

    /// <summary>
    /// Lets the connector start although its id or the metadata of registered CAs name another AWS account or region: for a move to another account. Back to
    /// <c>false</c> once the CAs are registered anew.
    /// </summary>
    [ConfigurationKeyName("allow_other_account")]
    public bool AllowOtherAccount { get; init; }

    /// <summary>
    /// How long the process may take to end: what is in flight is finished within the greater part of it, the rest goes back to the queue. Kubernetes gives a
    /// pod 30 s (<c>terminationGracePeriodSeconds</c>).
    /// </summary>
    [ConfigurationKeyName("shutdown_timeout")]
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The source name of our writes to Lamassu, sent as <c>x-lms-source</c>.</summary>
    public string SourceName => $"service/awsiot-connector/{ConnectorId}";
}

/// <summary>Names of what AWS takes from a certificate's subject, beside the common name that every template uses.</summary>
internal sealed class SubjectAttributesAttribute : ValidationAttribute
{
    // https://docs.aws.amazon.com/general/latest/gr/iot-core.html#thing-limits: attributes of a thing without a type.
    private const int Max = 3;

    // https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html
    private static readonly string[] Known =
        ["Country", "Organization", "OrganizationalUnit", "DistinguishedNameQualifier", "StateName", "SerialNumber"];

    public SubjectAttributesAttribute()
        : base($"{{0}} may hold up to {Max} different ones of {string.Join(", ", Known)}")
    {
    }

    public override bool IsValid(object? value) => value is IReadOnlyList<string> names
        && names.Count <= Max
        && names.Distinct(StringComparer.Ordinal).Count() == names.Count
        && names.All(name => Known.Contains(name, StringComparer.Ordinal));
}
