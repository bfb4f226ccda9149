using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Tests.Infrastructure;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace LamassuAwsConnector.Tests.Telemetry;

/// <summary>Traces and metrics go where the configuration says, in Lamassu's words or in OpenTelemetry's, and else nowhere.</summary>
public sealed class OtlpTests : IDisposable
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    private readonly WireMockServer collector = WireMockServer.Start();

    public OtlpTests() => collector.Given(Request.Create().UsingPost()).RespondWith(Response.Create().WithStatusCode(200));

    public void Dispose() => collector.Dispose();

    [Fact]
    public async Task Lamassus_keys_lead_each_kind_to_its_route()
    {
        var port = collector.Port.ToString(CultureInfo.InvariantCulture);
        await using var stage = await TestStage.StartAsync(
            Door.Http,
            ("otel:traces:enabled", "true"),
            ("otel:traces:hostname", "127.0.0.1"),
            ("otel:traces:port", port),
            ("otel:metrics:enabled", "true"),
            ("otel:metrics:hostname", "127.0.0.1"),
            ("otel:metrics:port", port),
            ("otel:metrics:scheme", "http"),
            ("otel:metrics:interval_in_millis", "100"));

        await AskInATraceThatIsNotRecordedAsync(stage);
        await Patience.UntilAsync(() => Paths().Contains("/v1/metrics"));
        await stage.Stage.StopConnectorAsync();

        Assert.Equal(["/v1/metrics", "/v1/traces"], Paths());
        AssertTraceArrived();
    }

    [Fact]
    public async Task The_standard_variables_lead_both_to_one_receiver()
    {
        await using var stage = await TestStage.StartAsync(
            Door.Http,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "100"));

        await AskInATraceThatIsNotRecordedAsync(stage);
        await Patience.UntilAsync(() => Paths().Contains("/v1/metrics"));
        await stage.Stage.StopConnectorAsync();

        Assert.Equal(["/v1/metrics", "/v1/traces"], Paths());
        AssertTraceArrived();
    }

    [Fact]
    public async Task What_is_switched_off_goes_nowhere()
    {
        var port = collector.Port.ToString(CultureInfo.InvariantCulture);
        await using var stage = await TestStage.StartAsync(
            Door.Http, ("otel:traces:enabled", "false"), ("otel:traces:hostname", "127.0.0.1"), ("otel:traces:port", port));

        using var answer = await stage.Connector.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        await stage.Stage.StopConnectorAsync();

        Assert.Empty(Paths());
    }

    [Fact]
    public async Task Switched_on_without_an_address_stops_the_start()
    {
        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => TestStage.StartAsync(Door.Http, ("otel:traces:enabled", "true")));

        Assert.Contains("otel.traces.hostname is missing", exception.Message, StringComparison.Ordinal);
    }

    // As Lamassu with its own tracing off marks every trace.
    private static async Task AskInATraceThatIsNotRecordedAsync(TestStage stage)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/devices/nobody/register-aws")
        {
            Content = JsonContent.Create(new JsonObject { ["connector_id"] = TestStage.ConnectorId }),
        };
        request.Headers.Add("traceparent", $"00-{TraceId}-b7ad6b7169203331-00");
        using var answer = await stage.Connector.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    // In the protocol's messages an id is its bytes and a name its text.
    private void AssertTraceArrived()
    {
        var bodies = collector.LogEntries.Where(entry => entry.RequestMessage!.Path == "/v1/traces")
            .Select(entry => entry.RequestMessage!.BodyAsBytes!).ToList();
        Assert.Contains(bodies, body => body.AsSpan().IndexOf(Convert.FromHexString(TraceId)) >= 0);
        Assert.Contains(bodies, body => body.AsSpan().IndexOf("Lamassu.GetDevice"u8) >= 0);
        Assert.DoesNotContain(bodies, body => body.AsSpan().IndexOf("GetHealth"u8) >= 0);
    }

    private List<string> Paths() => [.. collector.LogEntries.Select(entry => entry.RequestMessage!.Path).Distinct().Order(StringComparer.Ordinal)];
}
