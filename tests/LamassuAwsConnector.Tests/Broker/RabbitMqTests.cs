using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.DeviceManufacturing;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>The connector on a real broker, with messages as Lamassu publishes them: no content type, string headers.</summary>
[Collection(BrokerStage.Collection)]
public sealed class RabbitMqTests(RabbitMqNode node)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    public async Task A_bind_on_a_real_broker_registers_the_device(string virtualHost)
    {
        await using var broker = await BrokerStage.ConnectAsync(node);
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await broker.StartAsync(scenario.Stage, ("subscriber_event_bus:virtual_host", virtualHost));
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, DeviceScenario.Device);

        await broker.PublishAsync("dms.bind-device-id", BrokerStage.BindOf(scenario));

        await UntilAsync(() => scenario.Stage.Note(LamassuKind.Certificate, scenario.Stage.CurrentSerial(DeviceScenario.Device)) is not null);
        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task What_AWS_does_not_take_at_once_comes_back_from_a_wait_queue_and_is_done()
    {
        await using var broker = await BrokerStage.ConnectAsync(node);
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await broker.StartAsync(scenario.Stage);
        await scenario.Stage.FailAwsAsync("RegisterThing", 10, "InternalFailureException", 500);
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, DeviceScenario.Device);

        await broker.PublishAsync("dms.bind-device-id", BrokerStage.BindOf(scenario));

        await UntilAsync(() => scenario.Stage.Note(LamassuKind.Certificate, scenario.Stage.CurrentSerial(DeviceScenario.Device)) is not null);
        await scenario.AssertInOrderAsync();
        Assert.All(
            scenario.Stage.Stage.StandIns.Lamassu.Calls.Where(call => call.Method == "PUT" && call.Source is not null),
            call => Assert.Contains(BrokerStage.TraceId, call.Headers["traceparent"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fleet_is_registered_through_the_queue_of_its_own_and_what_AWS_does_not_take_at_once_comes_back_there()
    {
        await using var broker = await BrokerStage.ConnectAsync(node);
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, DmsStage.WithMode("none"));
        await broker.StartAsync(scenario.Stage);
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, DeviceScenario.Device);
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, "meter-2");
        var previous = scenario.Stage.State.Find(LamassuKind.Dms, DeviceScenario.Dms)!.DeepClone().AsObject();
        var updated = previous.DeepClone().AsObject();
        DmsStage.Settings(updated)["registration_mode"] = "auto";
        scenario.Stage.State.Store(LamassuKind.Dms, updated);
        await scenario.Stage.FailAwsAsync("RegisterThing", 24, "InternalFailureException", 500);

        var body = BrokerStage.EventOf(
            "dms.update", $"dms/{DeviceScenario.Dms}", new JsonObject { ["previous"] = previous, ["updated"] = updated.DeepClone() });
        var end = await scenario.Stage.Stage.Connector.Services.GetRequiredService<EventInlet>().FollowAsync(
            new Dictionary<string, string>(),
            async followed =>
            {
                await broker.PublishAsync(BrokerStage.Events, "dms.update", body, followed);
                return true;
            },
            Cancellation).WaitAsync(ProcessStage.Patient, Cancellation);

        // Who follows the event is told of its end when the fleet is done.
        Assert.Equal("handled", end.Outcome);
        foreach (var device in new[] { DeviceScenario.Device, "meter-2" })
        {
            Assert.NotNull(scenario.Stage.Note(LamassuKind.Certificate, scenario.Stage.CurrentSerial(device)));
            await scenario.AssertInOrderAsync(device);
        }

        Assert.Equal(0u, await broker.MessagesAsync($"lamassu-aws-connector.{TestStage.ConnectorId}.fan-out"));
        Assert.Equal(0u, await broker.MessagesAsync($"lamassu-aws-connector.{TestStage.ConnectorId}.fan-out.wait.10ms"));
    }

    [Fact]
    public async Task A_message_that_is_no_event_becomes_a_dead_letter_with_its_bytes_and_string_headers()
    {
        await using var broker = await BrokerStage.ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        await broker.StartAsync(stage);
        byte[] body = [0xff, .. "{not json"u8];
        var queue = await broker.Channel.QueueDeclareAsync(cancellationToken: Cancellation);
        await broker.Channel.QueueBindAsync(queue.QueueName, BrokerStage.DeadLetters, "#", cancellationToken: Cancellation);

        await broker.PublishAsync("dms.bind-device-id", body);

        var letter = await broker.ReceiveAsync(queue.QueueName);
        Assert.Equal(body, letter.Body.ToArray());
        Assert.Equal($"lamassu-dlq.{TestStage.ConnectorId}", letter.RoutingKey);
        var headers = letter.BasicProperties.Headers!.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(Assert.IsType<byte[]>(header.Value)));
        Assert.Equal("invalid", headers["lamassu_aws_connector_kind"]);
        Assert.Equal("not_json", headers["lamassu_aws_connector_code"]);
        Assert.Equal("dms.bind-device-id", headers["lamassu_aws_connector_routing_key"]);
        Assert.Contains("no JSON", headers["reason_poisoned"], StringComparison.Ordinal);
        Assert.Equal("unknown", headers["_watermill_message_uuid"]);
        await UntilAsync(async () => await broker.MessagesAsync($"lamassu-aws-connector.{TestStage.ConnectorId}.dead-letters") > 0);
    }
}
