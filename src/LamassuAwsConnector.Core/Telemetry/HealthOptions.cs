using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace LamassuAwsConnector.Core.Telemetry;

/// <summary>How the services behind the connector are looked after.</summary>
public sealed class HealthOptions
{
    public const string SectionName = "health";

    /// <summary>How long an answer counts, so that probes do not become load.</summary>
    [ConfigurationKeyName("remember_for")]
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RememberFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a service may take to answer. A probe has to wait longer: <c>timeoutSeconds</c> in Kubernetes is 1 by default.</summary>
    [ConfigurationKeyName("timeout")]
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);
}
