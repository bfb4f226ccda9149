using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LamassuAwsConnector.Api;

internal static class Telemetry
{
    /// <summary>Traces over OTLP, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says that somebody takes them.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService("aws-iot-connector"))
                .WithTracing(tracing => tracing
                    .AddSource("MassTransit", "Microsoft.AspNetCore", "System.Net.Http")
                    .AddOtlpExporter());
        }

        return services;
    }
}
