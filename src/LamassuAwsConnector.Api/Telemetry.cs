using System.Diagnostics.Metrics;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Core.Configuration;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Options;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LamassuAwsConnector.Api;

/// <summary>Metrics for Prometheus always; traces and metrics over OTLP only where the configuration names somebody who takes them.</summary>
internal static class Telemetry
{
    private const string StandardEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string StandardSampler = "OTEL_TRACES_SAMPLER";

    // The server's own: requests by route and status.
    private const string ServerMeter = "Microsoft.AspNetCore.Hosting";
    private const string Api = "/v1";
    private const string ServerRequests = "http.server.request.duration";

    // The series without a device, that of devices beyond the limit, and the exporter's own two.
    private const int SeriesBesideDevices = 10;

    // The most are AWS's calls: some 45 operations with fewer than ten results each.
    private const int SeriesOfOthers = 500;

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddConnectorMetrics();
        services.AddCheckedOptions<OtelOptions>(OtelOptions.SectionName);
        services.AddSingleton<IValidateOptions<OtelOptions>, OtelOptionsValidator>();
        var options = configuration.GetSection(OtelOptions.SectionName).Get<OtelOptions>() ?? new();
        var (traces, metrics) = (OtlpTarget.Of(options.Traces, "traces"), OtlpTarget.Of(options.Metrics, "metrics"));
        var standard = configuration[StandardEndpoint] is { Length: > 0 };
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                ConnectorTelemetry.ServiceName, serviceInstanceId: configuration["connector_id"], autoGenerateServiceInstanceId: false))
            .WithMetrics(provider =>
            {
                AddMetrics(provider, services);
                if (metrics is not null)
                {
                    provider.AddOtlpExporter((exporter, reader) =>
                    {
                        metrics.Configure(exporter);
                        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = options.Metrics.IntervalInMillis;
                    });
                }
                else if (standard)
                {
                    provider.AddOtlpExporter();
                }
            });
        services.AddHostedService<MetricsStart>();
        if (traces is not null || standard)
        {
            telemetry.WithTracing(provider => AddTraces(provider, services, traces, configuration));
        }

        return services;
    }

    /// <summary><c>/metrics</c> in Prometheus's format.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes) => routes.MapPrometheusScrapingEndpoint("/metrics");

    private static void AddMetrics(MeterProviderBuilder provider, IServiceCollection services)
    {
        provider.AddMeter(ConnectorTelemetry.Name, ServerMeter).AddPrometheusExporter(options =>
        {
            options.ScopeInfoEnabled = false;
            options.ScrapeResponseCacheDurationMilliseconds = 0;
        });

        // Meters are found by name in the whole process, where several connectors may run.
        services.ConfigureOpenTelemetryMeterProvider((container, builder) =>
        {
            var own = container.GetRequiredService<IMeterFactory>();
            var options = container.GetRequiredService<IOptions<MetricsOptions>>();
            builder.AddView(instrument => ReferenceEquals(instrument.Meter.Scope, own) ? Stream(instrument, options) : MetricStreamConfiguration.Drop);
        });
    }

    // Every label of ours is bounded where it is counted, so the exporter's own limit must not come before; it also sets the memory that each instrument takes from
    // the start. Of the server's, requests are enough.
    private static MetricStreamConfiguration? Stream(Instrument instrument, IOptions<MetricsOptions> options) => instrument switch
    {
        { Name: ConnectorTelemetry.ShadowUpdates } => new MetricStreamConfiguration { CardinalityLimit = options.Value.DeviceSeries + SeriesBesideDevices },
        { Meter.Name: ConnectorTelemetry.Name } => new MetricStreamConfiguration { CardinalityLimit = SeriesOfOthers },
        { Name: ServerRequests } => null,
        _ => MetricStreamConfiguration.Drop,
    };

    private static void AddTraces(TracerProviderBuilder provider, IServiceCollection services, OtlpTarget? target, IConfiguration configuration)
    {
        provider.AddSource(ConnectorTelemetry.Name).AddAspNetCoreInstrumentation().AddOtlpExporter(exporter => target?.Configure(exporter));

        // Requests to our API: not those of probes and scrapes, nor those of other servers in the process.
        services.AddOptions<AspNetCoreTraceInstrumentationOptions>().Configure<ConnectorMetrics>((options, own) => options.Filter = context =>
            context.Request.Path.StartsWithSegments(Api) && ReferenceEquals(context.RequestServices.GetService<ConnectorMetrics>(), own));

        // Lamassu with its tracing off marks its traces as not recorded; who sets up an exporter here wants to see ours.
        if (configuration[StandardSampler] is not { Length: > 0 })
        {
            provider.SetSampler<AlwaysOnSampler>();
        }
    }

    /// <summary>After the meter provider, which it takes for that alone: what is counted before has no listener.</summary>
    private sealed class MetricsStart(MeterProvider provider, ConnectorMetrics metrics, EventRoutes routes) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            GC.KeepAlive(provider);
            metrics.StartAtZero(routes.Types);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
