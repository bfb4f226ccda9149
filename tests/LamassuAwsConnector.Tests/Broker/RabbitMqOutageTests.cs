using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using LamassuAwsConnector.Tests.Telemetry;
using static LamassuAwsConnector.Tests.Broker.BrokerStage;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>Surroundings that are away for a while, and the end of the process.</summary>
[Collection(Collection)]
public sealed class RabbitMqOutageTests(RabbitMqNode node)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("aws")]
    [InlineData("lamassu")]
    public async Task While_AWS_or_Lamassu_is_away_no_event_is_taken_and_afterwards_all_are_done(string away)
    {
        var paused = $"lamassu_connector_events_paused{{cause=\"{away}\"}}";
        await using var broker = await ConnectAsync(node);
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await broker.StartAsync(scenario.Stage, ("health:remember_for", "00:00:00.200"));
        string[] devices = [DeviceScenario.Device, "meter-2", "meter-3"];
        foreach (var device in devices)
        {
            await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, device);
        }

        var lamassu = scenario.Stage.Stage.StandIns.Lamassu.Faults;
        if (away == "aws")
        {
            await scenario.Stage.FailAwsAsync("*", 100_000, "InternalFailureException", 500);
        }
        else
        {
            lamassu.Add(new LamassuFault { Drop = true, Times = 100_000 });
        }

        await broker.PublishAsync("dms.bind-device-id", BindOf(scenario));
        await UntilAsync(async () => await broker.ConsumersAsync(Queue) == 0);
        await broker.PublishAsync("dms.bind-device-id", BindOf(scenario, "meter-2"));
        await broker.PublishAsync("dms.bind-device-id", BindOf(scenario, "meter-3"));

        await UntilAsync(async () => await broker.MessagesAsync(Queue) == 3);
        Assert.Equal(1, await broker.ConsumersAsync(StatusQueue));
        Assert.Equal(1, (await PrometheusText.ReadAsync(scenario.Stage))[paused]);
        using var answer = await scenario.Stage.Connector.GetAsync("/health/ready", Cancellation);
        var ready = await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation);
        Assert.Equal(away == "aws", answer.IsSuccessStatusCode);
        Assert.Equal(("degraded", "healthy"), (State(ready, "events"), State(ready, "bus")));

        await scenario.Stage.Stage.StandIns.AwsControl.SendAsync(HttpMethod.Delete, "failures", body: null, Cancellation);
        lamassu.Clear();

        foreach (var device in devices)
        {
            await UntilAsync(() => scenario.Stage.Note(LamassuKind.Certificate, scenario.Stage.CurrentSerial(device)) is not null);
            await scenario.AssertInOrderAsync(device);
        }

        Assert.Equal(0, await broker.MessagesAsync(DeadLetterQueue));
        await UntilAsync(async () => (await PrometheusText.ReadAsync(scenario.Stage))[paused] == 0);
    }

    [Fact]
    public async Task What_does_not_finish_in_time_goes_back_to_the_queue()
    {
        await using var broker = await ConnectAsync(node);
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await broker.StartAsync(scenario.Stage, ("shutdown_timeout", "00:00:03"));
        await scenario.Stage.Stage.StandIns.AwsControl.SendAsync(HttpMethod.Put, "latency", new JsonObject { ["milliseconds"] = 20_000 }, Cancellation);
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, DeviceScenario.Device);
        await broker.PublishAsync("dms.bind-device-id", BindOf(scenario));
        await UntilAsync(() => scenario.Stage.LamassuCalls().Any(call => call.EndsWith($"/devices/{DeviceScenario.Device}", StringComparison.Ordinal)));
        var start = TimeProvider.System.GetTimestamp();

        await scenario.Stage.Stage.StopConnectorAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8));
        await UntilAsync(async () => await broker.MessagesAsync(Queue) == 1);
        Assert.Equal(0, await broker.MessagesAsync(DeadLetterQueue));
    }

    [Fact]
    public async Task An_idle_connector_stops_within_five_seconds()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        await broker.StartAsync(stage);
        var start = TimeProvider.System.GetTimestamp();

        await stage.Stage.StopConnectorAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private static string State(JsonNode? ready, string check) => ready!["checks"]![check]!["state"]!.GetValue<string>();
}
