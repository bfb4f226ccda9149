using RabbitMQ.Client;

namespace LamassuAwsConnector.Sandbox;

/// <summary>Publishes the stand-in's events to a broker as Lamassu does: a durable topic exchange, persistent, no content type, string headers.</summary>
internal sealed class AmqpPublisher : IAsyncDisposable
{
    private const string Exchange = "lamassu-events";

    private readonly IConnection connection;
    private readonly IChannel channel;
    private readonly SemaphoreSlim gate = new(1, 1);

    private AmqpPublisher(IConnection connection, IChannel channel)
    {
        this.connection = connection;
        this.channel = channel;
    }

    public static async Task<AmqpPublisher> ConnectAsync(Uri broker, CancellationToken cancellationToken)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        return new AmqpPublisher(connection, channel);
    }

    public async Task PublishAsync(
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
            await channel.BasicPublishAsync(Exchange, routingKey, mandatory: false, properties, body, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
        gate.Dispose();
    }
}
