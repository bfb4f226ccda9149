using System.Globalization;
using LamassuAwsConnector.Api.DeadLetters;
using RabbitMQ.Client;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>
/// What the connector declares on the broker: Lamassu's exchange as Lamassu does, and queues of its own. docs/bus.md describes it. Declaring is idempotent;
/// another form of what is there is refused by the broker with 406.
/// </summary>
internal sealed class RabbitMqTopology(string connectorId, string eventsExchange, string deadLettersExchange, IReadOnlyCollection<string> types)
{
    // Deliveries that ended neither in an acknowledgement nor in another queue: the process or its connection was lost each time. A message that does
    // that is taken out of the way.
    private const int DeliveryLimit = 20;

    // A revocation is never given up. A number all the same: where none is said, RabbitMQ 4 puts one in.
    private const int NoDeliveryLimit = 1_000_000;

    public string DeadLettersExchange => deadLettersExchange;

    /// <summary>Routing key of our dead letters. Our events queue is not bound to it, so none comes back.</summary>
    public string DeadLetterKey { get; } = $"lamassu-dlq.{connectorId}";

    public string DeadLetterQueue { get; } = $"{EventBus.QueueName(connectorId)}.dead-letters";

    public string Queue(Lane lane) => Lanes.QueueName(connectorId, lane);

    public IReadOnlyDictionary<string, object?> Arguments(Lane lane) => new Dictionary<string, object?>(DeadLetteringTo(DeadLetterQueue))
    {
        ["x-delivery-limit"] = lane == Lane.Status ? NoDeliveryLimit : DeliveryLimit,
    };

    /// <summary>On the broker of the events. The queue for dead letters is among it: the broker itself puts some there.</summary>
    public async Task DeclareEventsAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(eventsExchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await DeclareDeadLetterQueueAsync(channel, cancellationToken);
        foreach (var lane in Lanes.All)
        {
            await DeclareQueueAsync(channel, Queue(lane), Arguments(lane), cancellationToken);
        }

        foreach (var type in types)
        {
            await channel.QueueBindAsync(Queue(Lanes.Of(type)), eventsExchange, type, cancellationToken: cancellationToken);
        }
    }

    /// <summary>On the broker of the dead letters, most often the same.</summary>
    public async Task DeclareDeadLettersAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(deadLettersExchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await DeclareDeadLetterQueueAsync(channel, cancellationToken);
        await channel.QueueBindAsync(DeadLetterQueue, deadLettersExchange, DeadLetterKey, cancellationToken: cancellationToken);
    }

    public Task DeclareQueueAsync(IChannel channel, Lane lane, CancellationToken cancellationToken) =>
        DeclareQueueAsync(channel, Queue(lane), Arguments(lane), cancellationToken);

    /// <summary>Its messages fall into the lane's queue when their time is over; no plugin of the broker is needed for that.</summary>
    public Task DeclareWaitQueueAsync(IChannel channel, Lane lane, TimeSpan delay, CancellationToken cancellationToken) => DeclareQueueAsync(
        channel,
        WaitQueue(lane, delay),
        new Dictionary<string, object?>(DeadLetteringTo(Queue(lane))) { ["x-message-ttl"] = (long)delay.TotalMilliseconds },
        cancellationToken);

    public string WaitQueue(Lane lane, TimeSpan delay) => string.Create(CultureInfo.InvariantCulture, $"{Queue(lane)}.wait.{(long)delay.TotalMilliseconds}ms");

    // At least once: a message is not given away before the other queue has it. The broker does that only if its queues refuse what does not fit.
    private static Dictionary<string, object?> DeadLetteringTo(string queue) => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-dead-letter-exchange"] = "",
        ["x-dead-letter-routing-key"] = queue,
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };

    private Task<QueueDeclareOk> DeclareDeadLetterQueueAsync(IChannel channel, CancellationToken cancellationToken) =>
        DeclareQueueAsync(channel, DeadLetterQueue, RabbitMqDeadLetters.QueueArguments(), cancellationToken);

    private static Task<QueueDeclareOk> DeclareQueueAsync(
        IChannel channel, string queue, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken) => channel.QueueDeclareAsync(
        queue,
        durable: true,
        exclusive: false,
        autoDelete: false,
        new Dictionary<string, object?>(arguments),
        cancellationToken: cancellationToken);
}
