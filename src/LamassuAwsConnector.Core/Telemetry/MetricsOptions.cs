using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Telemetry;

/// <summary>What the metrics tell apart.</summary>
public sealed class MetricsOptions
{
    public const string SectionName = "metrics";

    /// <summary>
    /// How many devices have a series of their own in <c>lamassu_aws_iot_shadow_updates_total</c>; those beyond share one. 0: no series by device. Prometheus
    /// keeps a series for each, so a fleet of some 10,000 is what one server takes lightly.
    /// </summary>
    [ConfigurationKeyName("device_series")]
    [Range(0, 10_000, ErrorMessage = "metrics.device_series must lie between 0 and 10000")]
    public int DeviceSeries { get; init; } = 1000;
}

[OptionsValidator]
internal sealed partial class MetricsOptionsValidator : IValidateOptions<MetricsOptions>;
