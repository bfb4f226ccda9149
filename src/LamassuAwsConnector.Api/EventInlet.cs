using LamassuAwsConnector.Api.Consumers;

namespace LamassuAwsConnector.Api;

/// <summary>For whoever runs the connector in his own process: the way in for events when the bus is in memory, and how an event ended on any bus.</summary>
public sealed class EventInlet
{
    private readonly EventReceipts receipts;
    private readonly InMemoryEventBus? memory;

    internal EventInlet(EventReceipts receipts, InMemoryEventBus? memory)
    {
        this.receipts = receipts;
        this.memory = memory;
    }

    /// <summary>Puts a message on the bus as a broker would: it reaches the connector if its routing key is one of those that the connector's queue is bound with.</summary>
    /// <returns>How it ended, when it has, after all delayed deliveries and all that the connector sent to itself for it.</returns>
    /// <exception cref="InvalidOperationException">The bus is a broker.</exception>
    public Task<EventEnd> PublishAsync(
        ReadOnlyMemory<byte> body, string routingKey, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken) =>
        memory?.PublishAsync(body, routingKey, headers, cancellationToken)
            ?? throw new InvalidOperationException("The connector's bus is a broker: publish there, and follow the message with FollowAsync.");

    /// <summary>Follows a message that somebody publishes on the broker.</summary>
    /// <param name="headers">The message's own.</param>
    /// <param name="publish">Publishes it with the headers that it is given; false when the broker has no queue for it.</param>
    /// <param name="cancellationToken">Ends the wait, not the message.</param>
    /// <returns>As <see cref="PublishAsync"/>.</returns>
    public Task<EventEnd> FollowAsync(
        IReadOnlyDictionary<string, string> headers, Func<IReadOnlyDictionary<string, string>, Task<bool>> publish, CancellationToken cancellationToken) =>
        receipts.FollowAsync(headers, publish, cancellationToken);
}
