using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Telemetry;

/// <summary>What the process writes to its standard output, read as a log collector reads it.</summary>
public sealed class LogLinesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_line_of_a_run_is_an_object_with_the_documented_members()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await using var process = await StartAsync(scenario.Stage, "info");

        var registered = await PostAsync(process, $"/v1/devices/{Device}/register-aws");
        var refused = await PostAsync(process, "/v1/devices/nobody/register-aws");
        var lines = await StopAsync(process);

        Assert.True(registered.IsSuccessStatusCode);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, refused.StatusCode);
        Assert.All(lines, line =>
        {
            Assert.Equal(("aws-iot-connector", TestStage.ConnectorId), (Text(line, "service"), Text(line, "connector_id")));
            Assert.True(DateTimeOffset.TryParse(Text(line, "time"), out _));
            Assert.Contains(Text(line, "level"), new[] { "info", "warning" });
            Assert.NotEmpty(Text(line, "message")!);
        });
        var line = Assert.Single(lines, line => Text(line, "action") == "register_thing");
        Assert.Equal(("info", Device), (Text(line, "level"), Text(line, "device_id")));
        Assert.Equal($"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:thing/{Device}", Text(line, "thing_arn"));
        Assert.Equal(scenario.Stage.CurrentSerial(Device), Text(line, "serial_number"));
        Assert.Equal(32, Text(line, "trace_id")!.Length);
        var problem = await refused.Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        Assert.Contains(lines, line => Text(line, "trace_id") == Text(problem!, "traceId") && Text(line, "level") == "warning");
    }

    [Fact]
    public async Task None_is_silent()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await using var process = await StartAsync(stage, "none");

        await PostAsync(process, "/v1/devices/nobody/register-aws");

        Assert.Empty(await StopAsync(process));
    }

    [Fact]
    public async Task Trace_says_more_and_still_no_secret()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await using var process = await StartAsync(scenario.Stage, "trace");

        await PostAsync(process, $"/v1/devices/{Device}/register-aws");
        var lines = await StopAsync(process);

        Assert.Contains(lines, line => Text(line, "level") == "debug");
        Assert.All(lines, line =>
        {
            var text = line.ToJsonString();
            Assert.DoesNotContain("BEGIN CERTIFICATE", text, StringComparison.Ordinal);
            Assert.DoesNotContain("AWS4-HMAC-SHA256", text, StringComparison.Ordinal);
            Assert.DoesNotContain("iot:Connect", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_broker_that_is_away_is_named_with_the_cause_once_and_not_at_each_attempt()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        var port = FreePort.Take();
        (string, string?)[] bus =
        [
            ("subscriber_event_bus:provider", "amqp"), ("subscriber_event_bus:hostname", "127.0.0.1"), ("subscriber_event_bus:port", $"{port}"),
        ];
        await using var process = await StartAsync(stage, "info", bus);
        var reason = "";
        await UntilAsync(async () =>
        {
            using var ready = await process.Client.GetAsync("/health/ready", Cancellation);
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            reason = Text((await ready.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["checks"]!["bus"]!.AsObject(), "error")!;
            return reason.Contains("refused", StringComparison.Ordinal);
        });
        Assert.Contains($"127.0.0.1:{port}", reason, StringComparison.Ordinal);

        var lines = await StopAsync(process);

        Assert.Single(lines, line => Text(line, "action") == "health_lost" && Text(line, "check") == "bus");
        Assert.DoesNotContain(lines, line => Text(line, "logger")!.StartsWith("MassTransit", StringComparison.Ordinal) || line.ContainsKey("exception"));
    }

    private static string? Text(JsonObject line, string member) => line[member]?.GetValue<string>();

    private static async Task<ConnectorProcess> StartAsync(TestStage stage, string level, params (string Key, string? Value)[] configuration)
    {
        var process = ConnectorProcess.Start(stage.Stage.StandIns, [("logs:level", level), .. configuration]);
        await process.WhenUpAsync();
        return process;
    }

    private static Task<HttpResponseMessage> PostAsync(ConnectorProcess process, string path) =>
        process.Client.PostAsJsonAsync(path, new JsonObject { ["connector_id"] = TestStage.ConnectorId }, Cancellation);

    /// <summary>Ends it as an orchestrator would.</summary>
    /// <returns>All that it wrote.</returns>
    private static async Task<IReadOnlyList<JsonObject>> StopAsync(ConnectorProcess process)
    {
        await process.TerminateAsync();
        return [.. process.Lines.Select(Parse)];
    }

    private static JsonObject Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line)!.AsObject();
        }
        catch (JsonException)
        {
            throw new InvalidOperationException($"No JSON: {line}");
        }
    }
}
