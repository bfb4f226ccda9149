using OpenTelemetry.Exporter;

namespace LamassuAwsConnector.Api;

/// <summary>Where one kind of telemetry goes, as Lamassu's services are told it: <c>otel.traces</c>, <c>otel.metrics</c>.</summary>
internal sealed record OtlpTarget(Uri Endpoint, OtlpExportProtocol Protocol, int IntervalMilliseconds)
{
    // IANA's port of OTLP over gRPC; the other, 4318, is HTTP's, which Lamassu's services speak.
    private const int GrpcPort = 4317;
    private const int HttpPort = 4318;

    /// <summary>null: not configured, or switched off.</summary>
    /// <exception cref="InvalidDataException">It is switched on and says nowhere to go.</exception>
    public static OtlpTarget? Of(IConfiguration configuration, string signal)
    {
        var section = configuration.GetSection($"otel:{signal}");
        if (!section.GetValue<bool>("enabled"))
        {
            return null;
        }

        var hostname = section["hostname"] is { Length: > 0 } text
            ? text
            : throw new InvalidDataException($"otel.{signal}.enabled is true, and otel.{signal}.hostname is missing");
        var scheme = section["scheme"] is { Length: > 0 } named ? named : Uri.UriSchemeHttp;
        var port = section.GetValue("port", HttpPort);
        var protocol = port == GrpcPort ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        var path = protocol == OtlpExportProtocol.Grpc ? "" : $"/v1/{signal}";
        return Uri.TryCreate($"{scheme}://{hostname}:{port}{path}", UriKind.Absolute, out var endpoint)
            ? new OtlpTarget(endpoint, protocol, section.GetValue("interval_in_millis", 60_000))
            : throw new InvalidDataException($"otel.{signal} gives no address: scheme '{scheme}', hostname '{hostname}', port {port}");
    }

    public void Configure(OtlpExporterOptions exporter)
    {
        exporter.Endpoint = Endpoint;
        exporter.Protocol = Protocol;
    }
}
