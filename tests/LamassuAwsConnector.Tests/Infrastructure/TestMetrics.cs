using System.Diagnostics.Metrics;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Tests.Infrastructure;

/// <summary>Metrics of their own for a test that needs no whole connector.</summary>
internal sealed class TestMetrics : IMeterFactory
{
    private readonly List<Meter> meters = [];

    public static ConnectorMetrics Create(PendingRevocations pending, MetricsOptions? options = null) =>
        new(new TestMetrics(), pending, Options.Create(options ?? new MetricsOptions()));

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        meters.Add(meter);
        return meter;
    }

    public void Dispose() => meters.ForEach(meter => meter.Dispose());
}
