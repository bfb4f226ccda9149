using OpenTelemetry.Exporter;

namespace LamassuAwsConnector.Api;

/// <summary>Where one kind of telemetry goes.</summary>
internal sealed record OtlpTarget(Uri Endpoint, OtlpExportProtocol Protocol)
{
    // IANA's ports of OTLP over gRPC, and over HTTP, which Lamassu's services speak.
    public const int HttpPort = 4318;
    private const int GrpcPort = 4317;

    /// <summary>null: not configured, switched off, or no address.</summary>
    public static OtlpTarget? Of(OtlpOptions options, string signal)
    {
        if (options is { Enabled: false } or { Hostname.Length: 0 })
        {
            return null;
        }

        var scheme = options.Scheme.Length > 0 ? options.Scheme : Uri.UriSchemeHttp;
        var protocol = options.Port == GrpcPort ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        var path = protocol == OtlpExportProtocol.Grpc ? "" : $"/v1/{signal}";
        return Uri.TryCreate($"{scheme}://{options.Hostname}:{options.Port}{path}", UriKind.Absolute, out var endpoint)
            ? new OtlpTarget(endpoint, protocol)
            : null;
    }

    public void Configure(OtlpExporterOptions exporter)
    {
        exporter.Endpoint = Endpoint;
        exporter.Protocol = Protocol;
    }
}
