using LamassuAwsConnector.Api.Consumers;

namespace LamassuAwsConnector.Api;

/// <summary>The way in for events when the bus is in memory; with a broker there is none.</summary>
public sealed class EventInlet
{
    private readonly InMemoryEventBus bus;

    internal EventInlet(InMemoryEventBus bus) => this.bus = bus;

    /// <summary>Puts a message on the bus as a broker would: it reaches the connector if its routing key is one of those that the connector's queue is bound with.</summary>
    /// <returns>How it ended, when it has, after all delayed deliveries and all that the connector sent to itself for it.</returns>
    public Task<EventEnd> PublishAsync(
        ReadOnlyMemory<byte> body, string routingKey, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken) =>
        bus.PublishAsync(body, routingKey, headers, cancellationToken);
}
