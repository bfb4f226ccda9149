using System.Globalization;
using LamassuAwsConnector.Tests.Infrastructure;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace LamassuAwsConnector.Tests.Telemetry;

/// <summary>Traces and metrics go where the configuration says, in Lamassu's words or in OpenTelemetry's, and else nowhere.</summary>
public sealed class OtlpTests : IDisposable
{
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
    }

    [Fact]
    public async Task The_standard_variables_lead_both_to_one_receiver()
    {
        await using var stage = await TestStage.StartAsync(
            Door.Http, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "100"));

        await AskInATraceThatIsNotRecordedAsync(stage);
        await Patience.UntilAsync(() => Paths().Contains("/v1/metrics"));
        await stage.Stage.StopConnectorAsync();

        Assert.Equal(["/v1/metrics", "/v1/traces"], Paths());
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
        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => TestStage.StartAsync(Door.Http, ("otel:traces:enabled", "true")));

        Assert.Contains("otel.traces.hostname is missing", exception.Message, StringComparison.Ordinal);
    }

    // As Lamassu with its own tracing off marks every trace.
    private static async Task AskInATraceThatIsNotRecordedAsync(TestStage stage)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
        using var answer = await stage.Connector.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private List<string> Paths() => [.. collector.LogEntries.Select(entry => entry.RequestMessage!.Path).Distinct().Order(StringComparer.Ordinal)];
}
