using RabbitMQ.Client;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>One channel with publisher confirms, opened when it is first needed and anew when it was closed.</summary>
internal sealed class RabbitMqConnection(ConnectionFactory factory) : IAsyncDisposable
{
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly SemaphoreSlim gate = new(1, 1);
    private IConnection? connection;
    private IChannel? channel;

    /// <summary>Declares, then publishes as mandatory; returns when the broker has the message in a queue.</summary>
    public async Task PublishAsync(
        Func<IChannel, CancellationToken, Task> declare,
        string exchange,
        string routingKey,
        IReadOnlyDictionary<string, string> headers,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var open = await OpenAsync(cancellationToken);
            await declare(open, cancellationToken);
            var properties = new BasicProperties
            {
                DeliveryMode = DeliveryModes.Persistent,
                Headers = headers.ToDictionary(header => header.Key, header => (object?)header.Value),
            };
            await open.BasicPublishAsync(exchange, routingKey, mandatory: true, properties, body, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (channel is not null)
        {
            await channel.DisposeAsync();
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        gate.Dispose();
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (channel is { IsOpen: true })
        {
            return channel;
        }

        if (connection is not { IsOpen: true })
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            connection = await factory.CreateConnectionAsync(cancellationToken);
        }

        return channel = await connection.CreateChannelAsync(Confirmed, cancellationToken);
    }
}
