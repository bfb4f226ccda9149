namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Both buses as they are in effect.</summary>
/// <param name="Events">The broker that events come from.</param>
/// <param name="DeadLetters">The broker that dead letters go to: the same object where it is the same broker.</param>
internal sealed record EventBuses(EventBusOptions Events, string EventsExchange, EventBusOptions DeadLetters, string DeadLettersExchange)
{
    private const string DefaultEventsExchange = "lamassu-events";
    private const string DefaultDeadLettersExchange = "lamassu-dlq";

    public static EventBuses Of(IConfiguration configuration) => Of(
        configuration.GetSection(EventBusOptions.EventsSection).Get<EventBusOptions>() ?? new(),
        configuration.GetSection(EventBusOptions.DeadLettersSection).Get<EventBusOptions>() ?? new());

    /// <summary>A section for dead letters that is absent or off, or names no host, means the broker of the events.</summary>
    public static EventBuses Of(EventBusOptions events, EventBusOptions deadLetters)
    {
        var exchange = deadLetters is { Enabled: true, Exchange.Length: > 0 } ? deadLetters.Exchange : DefaultDeadLettersExchange;
        var broker = deadLetters is { Enabled: true, Hostname.Length: > 0 } ? deadLetters : events;
        return new EventBuses(events, events.Exchange.Length > 0 ? events.Exchange : DefaultEventsExchange, broker, exchange);
    }

    /// <summary>Dead letters would come back as events.</summary>
    public bool AreOne => EventsExchange == DeadLettersExchange && (ReferenceEquals(Events, DeadLetters) || Place(Events) == Place(DeadLetters));

    private static (string Host, int Port, string VirtualHost) Place(EventBusOptions options) =>
        (options.Hostname.ToUpperInvariant(), options.EffectivePort, options.EffectiveVirtualHost);
}
