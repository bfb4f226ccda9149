using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api;

/// <summary>Who takes traces and metrics over OTLP: <c>otel</c> in the YAML file, as Lamassu's services are told it.</summary>
public sealed class OtelOptions
{
    public const string SectionName = "otel";

    /// <summary>One trace for each event and request.</summary>
    [ConfigurationKeyName("traces")]
    public OtlpOptions Traces { get; init; } = new();

    /// <summary>The metrics of <c>/metrics</c>, sent.</summary>
    [ConfigurationKeyName("metrics")]
    public OtlpMetricsOptions Metrics { get; init; } = new();
}

public class OtlpOptions
{
    /// <summary>Send them.</summary>
    [ConfigurationKeyName("enabled")]
    public bool Enabled { get; init; }

    /// <summary>The receiver's host.</summary>
    [ConfigurationKeyName("hostname")]
    public string Hostname { get; init; } = "";

    /// <summary>4317 speaks gRPC, every other one HTTP.</summary>
    [ConfigurationKeyName("port")]
    [Range(1, 65535)]
    public int Port { get; init; } = OtlpTarget.HttpPort;

    /// <summary><c>http</c> or <c>https</c>.</summary>
    [ConfigurationKeyName("scheme")]
    [AllowedValues("", "http", "https")]
    public string Scheme { get; init; } = "http";
}

public sealed class OtlpMetricsOptions : OtlpOptions
{
    /// <summary>The time between two sendings, in milliseconds.</summary>
    [ConfigurationKeyName("interval_in_millis")]
    [Range(100, 3_600_000)]
    public int IntervalInMillis { get; init; } = 60_000;
}

internal sealed class OtelOptionsValidator : IValidateOptions<OtelOptions>
{
    public ValidateOptionsResult Validate(string? name, OtelOptions options)
    {
        var wrong = Wrong("traces", options.Traces).Concat(Wrong("metrics", options.Metrics)).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Wrong(string signal, OtlpOptions options)
    {
        if (options is { Enabled: true, Hostname.Length: 0 })
        {
            yield return $"otel.{signal}.hostname is missing, and otel.{signal}.enabled is true";
        }
        else if (options.Enabled && OtlpTarget.Of(options, signal) is null)
        {
            yield return $"otel.{signal}.hostname gives no address: it must be the name of a host alone";
        }
    }
}
