using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LamassuAwsConnector.Sandbox;

/// <summary>
/// A RabbitMQ that runs already. The stand-in's events are published there as Lamassu does it: a durable topic exchange, persistent, no content type, string
/// headers.
/// </summary>
internal sealed class Broker : IAsyncDisposable
{
    private const string Exchange = "lamassu-events";
    private const ushort NotFound = 404;

    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly ConnectionFactory factory;
    private readonly IConnection connection;
    private readonly IChannel channel;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly List<string> claimed = [];

    private Broker(ConnectionFactory factory, IConnection connection, IChannel channel)
    {
        this.factory = factory;
        this.connection = connection;
        this.channel = channel;
    }

    /// <exception cref="BrokerException">It can't be reached, or does not let us in.</exception>
    public static async Task<Broker> ConnectAsync(Uri url, CancellationToken cancellationToken)
    {
        IConnection? connection = null;
        try
        {
            var factory = new ConnectionFactory { Uri = url };
            connection = await factory.CreateConnectionAsync(cancellationToken);
            var channel = await connection.CreateChannelAsync(Confirmed, cancellationToken);
            await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
            return new Broker(factory, connection, channel);
        }
        catch (Exception exception) when (exception is RabbitMQClientException or IOException)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            // Not the whole URL, which may hold a password.
            throw new BrokerException($"--amqp: the broker at {url.Host}:{url.Port} can't be used: {exception.GetBaseException().Message}");
        }
    }

    /// <summary>The same broker in the connector's configuration.</summary>
    public IReadOnlyDictionary<string, string?> ConnectorConfiguration() => new Dictionary<string, string?>
    {
        ["subscriber_event_bus:provider"] = "amqp",
        ["subscriber_event_bus:protocol"] = factory.Ssl.Enabled ? "amqps" : "amqp",
        ["subscriber_event_bus:hostname"] = factory.HostName,
        ["subscriber_event_bus:port"] = connection.Endpoint.Port.ToString(CultureInfo.InvariantCulture),
        ["subscriber_event_bus:virtual_host"] = factory.VirtualHost,
        ["subscriber_event_bus:basic_auth:enabled"] = "true",
        ["subscriber_event_bus:basic_auth:username"] = factory.UserName,
        ["subscriber_event_bus:basic_auth:password"] = factory.Password,
    };

    /// <summary>
    /// What is played here must not take messages that were meant for another connector of that id, nor it ours. Queues that are not there yet are deleted in the
    /// end: without a connector they would keep every later message.
    /// </summary>
    /// <exception cref="BrokerException">The queues of that id are in use.</exception>
    public async Task ClaimAsync(string connectorId, CancellationToken cancellationToken)
    {
        var queue = $"lamassu-aws-connector.{connectorId}";
        foreach (var name in new[] { queue, $"{queue}.status", $"{queue}.fan-out" })
        {
            if (await LookAsync(name, cancellationToken) is { } found && found.ConsumerCount + found.MessageCount > 0)
            {
                throw new BrokerException(
                    $"--amqp: the queue {name} has {found.ConsumerCount} consumers and {found.MessageCount} messages. What is played here needs a connector id of "
                    + $"its own on the broker: choose one with --connector-id, or end that connector and delete the queue (rabbitmqctl delete_queue {name}).");
            }
        }

        foreach (var name in new[] { queue, $"{queue}.status", $"{queue}.fan-out", $"{queue}.dead-letters" })
        {
            if (await LookAsync(name, cancellationToken) is null)
            {
                claimed.Add(name);
            }
        }
    }

    /// <returns>Whether a queue is bound for it, when the broker has it.</returns>
    public async Task<bool> PublishAsync(
        ReadOnlyMemory<byte> body, string routingKey, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            Headers = headers.ToDictionary(header => header.Key, header => (object?)header.Value),
        };
        await gate.WaitAsync(cancellationToken);
        try
        {
            await channel.BasicPublishAsync(Exchange, routingKey, mandatory: true, properties, body, cancellationToken);
            return true;
        }
        catch (PublishException unroutable) when (unroutable.IsReturn)
        {
            return false;
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in claimed)
        {
            await channel.QueueDeleteAsync(queue);
        }

        await channel.DisposeAsync();
        await connection.DisposeAsync();
        gate.Dispose();
    }

    // A channel of its own: the broker closes one that asks for a queue which is not there.
    private async Task<QueueDeclareOk?> LookAsync(string queue, CancellationToken cancellationToken)
    {
        await using var looking = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return await looking.QueueDeclarePassiveAsync(queue, cancellationToken);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == NotFound)
        {
            return null;
        }
    }
}

/// <summary>The broker that was named can't be used; the message says why and what to do.</summary>
internal sealed class BrokerException(string message) : Exception(message);
