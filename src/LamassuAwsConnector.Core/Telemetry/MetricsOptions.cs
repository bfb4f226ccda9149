using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace LamassuAwsConnector.Core.Telemetry;

/// <summary>What the metrics tell apart, and whom: <c>metrics</c> in the YAML file.</summary>
public sealed class MetricsOptions
{
    public const string SectionName = "metrics";

    /// <summary>
    /// How many devices have a series of their own in <c>lamassu_aws_iot_shadow_updates_total</c>; those beyond share one. 0: no series by device. Prometheus
    /// keeps a series for each, so a fleet of some 10,000 is what one server takes lightly.
    /// </summary>
    [ConfigurationKeyName("device_series")]
    [Range(0, 10_000)]
    public int DeviceSeries { get; init; } = 1000;

    /// <summary>Everybody may read <c>/metrics</c>; else a token that may read is needed, as for the API.</summary>
    [ConfigurationKeyName("open")]
    public bool Open { get; init; }
}
