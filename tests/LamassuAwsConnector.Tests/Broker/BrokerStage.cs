using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>A real broker without queues of the connector, and the connector on it; messages as Lamassu publishes them: no content type, string headers.</summary>
internal sealed class BrokerStage : IAsyncDisposable
{
    /// <summary>Tests on one node have the same queues, so one runs after the other.</summary>
    public const string Collection = "RabbitMQ";

    public const string Events = "lamassu-events";
    public const string DeadLetters = "lamassu-dlq";
    public const string Queue = $"lamassu-aws-connector.{TestStage.ConnectorId}";
    public const string StatusQueue = $"{Queue}.status";
    public const string DeadLetterQueue = $"{Queue}.dead-letters";
    public const string ExistingQueue = $"#_aws-connector-{TestStage.ConnectorId}";
    public const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    // Milliseconds, of all tests on one node.
    private static readonly int[] Delays = [10, 1000, 1234];

    private readonly RabbitMqNode node;
    private readonly IConnection connection;

    private BrokerStage(RabbitMqNode node, IConnection connection, IChannel channel)
    {
        this.node = node;
        this.connection = connection;
        Channel = channel;
    }

    public IChannel Channel { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<BrokerStage> ConnectAsync(RabbitMqNode node)
    {
        var connection = await (await node.ConnectionAsync(Cancellation)).CreateConnectionAsync(Cancellation);
        var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.ExchangeDeclareAsync(Events, ExchangeType.Topic, durable: true, cancellationToken: Cancellation);

        // The wait queues first: what an earlier test left in them would come back as soon as there is a queue for it.
        string[] lanes = [Queue, StatusQueue, $"{Queue}.fan-out"];
        var waiting = lanes.SelectMany(lane => Delays.Select(delay => $"{lane}.wait.{delay}ms"));
        foreach (var queue in waiting.Concat([.. lanes, DeadLetterQueue, ExistingQueue]))
        {
            await channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        }

        return new BrokerStage(node, connection, channel);
    }

    public static byte[] BindOf(DeviceScenario scenario, string device = DeviceScenario.Device) => EventOf("dms.bind-device-id", $"device/{device}", new JsonObject
    {
        ["certificate"] = scenario.Stage.State.Find(LamassuKind.Certificate, scenario.Stage.CurrentSerial(device)),
        ["device"] = new JsonObject { ["id"] = device },
    });

    public static byte[] EventOf(string type, string subject, JsonObject data) => Encoding.UTF8.GetBytes(new JsonObject
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

    /// <summary>Where the connector finds the broker.</summary>
    public static (string Key, string? Value)[] Configuration(int port) =>
    [
        ("subscriber_event_bus:provider", "amqp"), ("subscriber_event_bus:hostname", "127.0.0.1"), ("subscriber_event_bus:port", $"{port}"),
    ];

    public Task StartAsync(TestStage stage, params (string Key, string? Value)[] configuration) => StartAsync(stage, configure: null, configuration);

    /// <summary>The bus connects in the background: the connector listens once its queues have consumers.</summary>
    public async Task StartAsync(TestStage stage, Action<IServiceCollection>? configure, params (string Key, string? Value)[] configuration)
    {
        await stage.RestartConnectorAsync(configure, [.. Configuration(node.Port), .. configuration]);
        foreach (var queue in new[] { Queue, StatusQueue, $"{Queue}.fan-out" })
        {
            await UntilAsync(async () => await ConsumersAsync(queue) > 0);
        }
    }

    /// <summary>Messages that are ready; -1 when there is no such queue.</summary>
    public async Task<long> MessagesAsync(string queue) => await LookAsync(queue) is { } found ? found.MessageCount : -1;

    public async Task<long> ConsumersAsync(string queue) => await LookAsync(queue) is { } found ? found.ConsumerCount : -1;

    public Task PublishAsync(string routingKey, ReadOnlyMemory<byte> body) => PublishAsync(Events, routingKey, body);

    public async Task PublishAsync(string exchange, string routingKey, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string>? further = null)
    {
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?> { ["_watermill_message_uuid"] = "unknown", ["traceparent"] = $"00-{TraceId}-b7ad6b7169203331-00" },
        };
        foreach (var (name, value) in further ?? new Dictionary<string, string>())
        {
            properties.Headers[name] = value;
        }

        await Channel.BasicPublishAsync(exchange, routingKey, mandatory: true, properties, body, Cancellation);
    }

    public async Task<BasicGetResult> ReceiveAsync(string queue, bool autoAck = true)
    {
        BasicGetResult? result = null;
        await UntilAsync(async () => (result = await Channel.BasicGetAsync(queue, autoAck, Cancellation)) is not null);
        return result!;
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await connection.DisposeAsync();
    }

    // A channel of its own: the broker closes one that asks for a queue which is not there.
    private async Task<QueueDeclareOk?> LookAsync(string queue)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, Cancellation);
        }
        catch (OperationInterruptedException)
        {
            return null;
        }
    }
}
