using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.DeviceManufacturing;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>The connector on a real broker, with messages as Lamassu publishes them: no content type, string headers.</summary>
public sealed class RabbitMqTests(RabbitMqNode node)
{
    private const string Events = "lamassu-events";
    private const string DeadLetters = "lamassu-dlq";
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bind_on_a_real_broker_registers_the_device()
    {
        await using var broker = await BrokerAsync();
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await StartAsync(scenario.Stage);
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, DeviceScenario.Device);

        await PublishAsync(broker, "dms.bind-device-id", BindOf(scenario));

        await UntilAsync(() => scenario.Stage.Note(LamassuKind.Certificate, scenario.Stage.CurrentSerial(DeviceScenario.Device)) is not null);
        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task What_AWS_does_not_take_at_once_comes_back_from_a_wait_queue_and_is_done()
    {
        await using var broker = await BrokerAsync();
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await StartAsync(scenario.Stage);
        await scenario.Stage.FailAwsAsync("RegisterThing", 10, "InternalFailureException", 500);
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, DeviceScenario.Device);

        await PublishAsync(broker, "dms.bind-device-id", BindOf(scenario));

        await UntilAsync(() => scenario.Stage.Note(LamassuKind.Certificate, scenario.Stage.CurrentSerial(DeviceScenario.Device)) is not null);
        await scenario.AssertInOrderAsync();
        Assert.All(
            scenario.Stage.Stage.StandIns.Lamassu.Calls.Where(call => call.Method == "PUT" && call.Source is not null),
            call => Assert.Contains(TraceId, call.Headers["traceparent"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fleet_is_registered_through_the_queue_of_its_own_and_what_AWS_does_not_take_at_once_comes_back_there()
    {
        await using var broker = await BrokerAsync();
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, DmsStage.WithMode("none"));
        await StartAsync(scenario.Stage);
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, DeviceScenario.Device);
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, "meter-2");
        var previous = scenario.Stage.State.Find(LamassuKind.Dms, DeviceScenario.Dms)!.DeepClone().AsObject();
        var updated = previous.DeepClone().AsObject();
        DmsStage.Settings(updated)["registration_mode"] = "auto";
        scenario.Stage.State.Store(LamassuKind.Dms, updated);
        await scenario.Stage.FailAwsAsync("RegisterThing", 24, "InternalFailureException", 500);

        await PublishAsync(broker, "dms.update", EventOf(
            "dms.update", $"dms/{DeviceScenario.Dms}", new JsonObject { ["previous"] = previous, ["updated"] = updated.DeepClone() }));

        foreach (var device in new[] { DeviceScenario.Device, "meter-2" })
        {
            await UntilAsync(() => scenario.Stage.Note(LamassuKind.Certificate, scenario.Stage.CurrentSerial(device)) is not null);
            await scenario.AssertInOrderAsync(device);
        }

        Assert.Equal(0u, await broker.MessageCountAsync($"lamassu-aws-connector.{TestStage.ConnectorId}.fan-out", Cancellation));
        Assert.Equal(0u, await broker.MessageCountAsync($"lamassu-aws-connector.{TestStage.ConnectorId}.fan-out.wait.10ms", Cancellation));
    }

    [Fact]
    public async Task A_message_that_is_no_event_becomes_a_dead_letter_with_its_bytes_and_string_headers()
    {
        await using var broker = await BrokerAsync();
        await using var stage = await TestStage.StartAsync(Door.Http);
        await StartAsync(stage);
        byte[] body = [0xff, .. "{not json"u8];
        await broker.ExchangeDeclareAsync(DeadLetters, ExchangeType.Topic, durable: true, cancellationToken: Cancellation);
        var queue = await broker.QueueDeclareAsync(cancellationToken: Cancellation);
        await broker.QueueBindAsync(queue.QueueName, DeadLetters, "#", cancellationToken: Cancellation);

        await PublishAsync(broker, "dms.bind-device-id", body);

        var letter = await ReceiveAsync(broker, queue.QueueName);
        Assert.Equal(body, letter.Body.ToArray());
        Assert.Equal($"lamassu-dlq.{TestStage.ConnectorId}", letter.RoutingKey);
        var headers = letter.BasicProperties.Headers!.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(Assert.IsType<byte[]>(header.Value)));
        Assert.Equal("invalid", headers["lamassu_aws_connector_kind"]);
        Assert.Equal("not_json", headers["lamassu_aws_connector_code"]);
        Assert.Equal("dms.bind-device-id", headers["lamassu_aws_connector_routing_key"]);
        Assert.Contains("no JSON", headers["reason_poisoned"], StringComparison.Ordinal);
        Assert.Equal("unknown", headers["_watermill_message_uuid"]);
        await UntilAsync(async () => await broker.MessageCountAsync($"lamassu-aws-connector.{TestStage.ConnectorId}.dead-letters", Cancellation) > 0);
    }

    // The bus connects in the background: the connector listens once its queue has a consumer.
    private async Task StartAsync(TestStage stage)
    {
        await stage.RestartConnectorAsync(Configuration());
        await using var connection = await (await node.ConnectionAsync(Cancellation)).CreateConnectionAsync(Cancellation);
        await UntilAsync(async () =>
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
            try
            {
                return await channel.ConsumerCountAsync($"lamassu-aws-connector.{TestStage.ConnectorId}", Cancellation) > 0;
            }
            catch (OperationInterruptedException)
            {
                return false;
            }
        });
    }

    private (string Key, string? Value)[] Configuration() =>
    [
        .. new[] { "subscriber_event_bus", "subscriber_dlq_event_bus" }.SelectMany(bus => new (string, string?)[]
        {
            ($"{bus}:provider", "amqp"), ($"{bus}:hostname", "127.0.0.1"), ($"{bus}:port", $"{node.Port}"),
        }),
    ];

    private async Task<IChannel> BrokerAsync()
    {
        var connection = await (await node.ConnectionAsync(Cancellation)).CreateConnectionAsync(Cancellation);
        var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.ExchangeDeclareAsync(Events, ExchangeType.Topic, durable: true, cancellationToken: Cancellation);
        return channel;
    }

    private static byte[] BindOf(DeviceScenario scenario) => EventOf("dms.bind-device-id", $"device/{DeviceScenario.Device}", new JsonObject
    {
        ["certificate"] = scenario.Stage.State.Find(LamassuKind.Certificate, scenario.Stage.CurrentSerial(DeviceScenario.Device)),
        ["device"] = new JsonObject { ["id"] = DeviceScenario.Device },
    });

    private static byte[] EventOf(string type, string subject, JsonObject data) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["specversion"] = "1.0",
        ["id"] = "unknown",
        ["source"] = "source://lamassu.io/ctx/source/service/ra",
        ["type"] = type,
        ["subject"] = subject,
        ["datacontenttype"] = "application/json",
        ["time"] = "2026-11-26T10:00:00.123456789Z",
        ["data"] = data,
    }.ToJsonString());

    private static async Task PublishAsync(IChannel channel, string routingKey, ReadOnlyMemory<byte> body)
    {
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?> { ["_watermill_message_uuid"] = "unknown", ["traceparent"] = $"00-{TraceId}-b7ad6b7169203331-00" },
        };
        await channel.BasicPublishAsync(Events, routingKey, mandatory: true, properties, body, Cancellation);
    }

    private static async Task<BasicGetResult> ReceiveAsync(IChannel channel, string queue)
    {
        BasicGetResult? result = null;
        await UntilAsync(async () => (result = await channel.BasicGetAsync(queue, autoAck: true, Cancellation)) is not null);
        return result!;
    }
}
