using System.Globalization;
using LamassuAwsConnector.Api.DeadLetters;
using RabbitMQ.Client;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>
/// Later deliveries through wait queues, whose messages fall back to the connector's queue when their time is over (no broker plugin is needed), and dead
/// letters on the configured exchange, into a queue of ours that is bound to our key alone.
/// </summary>
internal sealed class RabbitMqEventBus(RabbitMqConnection events, RabbitMqConnection deadLetters, string deadLettersExchange, string connectorId)
    : IEventBus, IAsyncDisposable
{
    private readonly string queue = EventBus.QueueName(connectorId);
    private readonly string fleetQueue = EventBus.FleetQueueName(EventBus.QueueName(connectorId));
    private readonly string deadLetterKey = $"lamassu-dlq.{connectorId}";

    public Task DeliverLaterAsync(ReceivedEvent received, IReadOnlyDictionary<string, string> headers, TimeSpan delay, CancellationToken cancellationToken)
    {
        var origin = received.IsFleetWork ? fleetQueue : queue;
        var milliseconds = (long)delay.TotalMilliseconds;
        var waitQueue = $"{origin}.wait.{milliseconds.ToString(CultureInfo.InvariantCulture)}ms";
        return events.PublishAsync(
            (channel, cancellation) => channel.QueueDeclareAsync(
                waitQueue,
                durable: true,
                exclusive: false,
                autoDelete: false,
                new Dictionary<string, object?>
                {
                    ["x-queue-type"] = "quorum",
                    ["x-message-ttl"] = milliseconds,
                    ["x-dead-letter-exchange"] = "",
                    ["x-dead-letter-routing-key"] = origin,
                },
                cancellationToken: cancellation),
            exchange: "",
            waitQueue,
            headers,
            received.Properties,
            received.Body,
            cancellationToken);
    }

    public Task DeadLetterAsync(ReceivedEvent received, DeadLetter letter, CancellationToken cancellationToken) => deadLetters.PublishAsync(
        DeclareDeadLettersAsync,
        deadLettersExchange,
        deadLetterKey,
        DeadLetterHeaders.Of(received, letter, queue),
        received.Properties,
        received.Body,
        cancellationToken);

    public Task SendToFleetQueueAsync(
        ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, ReceivedEvent? cause, CancellationToken cancellationToken) => events.PublishAsync(
        (channel, cancellation) => channel.QueueDeclareAsync(
            fleetQueue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" },
            cancellationToken: cancellation),
        exchange: "",
        fleetQueue,
        headers,
        MessageProperties.None,
        body,
        cancellationToken);

    public void Ended(ReceivedEvent received, EventEnd end)
    {
        // The acknowledgement is the consumer's return.
    }

    public async ValueTask DisposeAsync()
    {
        await events.DisposeAsync();
        await deadLetters.DisposeAsync();
    }

    private async Task DeclareDeadLettersAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var deadLetterQueue = $"{queue}.dead-letters";
        await channel.ExchangeDeclareAsync(deadLettersExchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            deadLetterQueue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            RabbitMqDeadLetters.QueueArguments(),
            cancellationToken: cancellationToken);
        await channel.QueueBindAsync(deadLetterQueue, deadLettersExchange, deadLetterKey, cancellationToken: cancellationToken);
    }
}
