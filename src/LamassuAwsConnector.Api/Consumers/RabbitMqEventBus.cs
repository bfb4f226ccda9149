namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Later deliveries through wait queues, and dead letters on the configured exchange.</summary>
internal sealed class RabbitMqEventBus(
    [FromKeyedServices(EventBusOptions.EventsSection)] RabbitMqConnection events,
    [FromKeyedServices(EventBusOptions.DeadLettersSection)] RabbitMqConnection deadLetters,
    RabbitMqTopology topology,
    EventReceipts receipts) : IEventBus
{
    // Each declares before it publishes: a queue that somebody deleted meanwhile is there again.
    public Task DeliverLaterAsync(ReceivedEvent received, IReadOnlyDictionary<string, string> headers, TimeSpan delay, CancellationToken cancellationToken) =>
        events.PublishAsync(
            (channel, cancellation) => topology.DeclareWaitQueueAsync(channel, received.Lane, delay, cancellation),
            exchange: "",
            topology.WaitQueue(received.Lane, delay),
            headers,
            received.Properties,
            received.Body,
            cancellationToken);

    public Task DeadLetterAsync(ReceivedEvent received, DeadLetter letter, CancellationToken cancellationToken) => deadLetters.PublishAsync(
        topology.DeclareDeadLettersAsync,
        topology.DeadLettersExchange,
        topology.DeadLetterKey,
        DeadLetterHeaders.Of(received, letter, topology.Queue(received.Lane)),
        received.Properties,
        received.Body,
        cancellationToken);

    public Task SendToFleetQueueAsync(
        ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, ReceivedEvent? cause, CancellationToken cancellationToken) => events.PublishAsync(
        (channel, cancellation) => topology.DeclareQueueAsync(channel, Lane.Fleet, cancellation),
        exchange: "",
        topology.Queue(Lane.Fleet),
        receipts.Extend(cause, headers),
        MessageProperties.None,
        body,
        cancellationToken);

    // The broker's acknowledgement is the consumer's return.
    public void Ended(ReceivedEvent received, EventEnd end) => receipts.Ended(received, end);
}
