namespace LamassuAwsConnector.Api.Consumers;

/// <summary>What became of a delivery. Failures are no outcomes: they are thrown.</summary>
public enum EventOutcome
{
    /// <summary>The state that the event hints at is ensured.</summary>
    Handled,

    /// <summary>Nothing for this connector to do.</summary>
    Ignored,

    /// <summary>The object has moved on since the event; a later event covers it.</summary>
    Outdated,

    /// <summary>The object is no longer in Lamassu.</summary>
    Gone,

    /// <summary>Something else has to happen first: deliver again later. Never returned on the last attempt.</summary>
    Waiting,
}

/// <param name="IsLastAttempt">No delayed retry follows this one.</param>
public sealed record Delivery(bool IsLastAttempt);

public delegate Task<EventOutcome> HandleEvent(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken);

/// <summary>The event types that the connector handles. Lamassu's are the routing keys that its queue is bound with. All are compared for equality.</summary>
/// <param name="handlers">By type.</param>
/// <param name="triedWithoutEnd">Types of which no event is given up while it can still succeed: a revocation that is lost lets somebody in.</param>
/// <param name="handledWhoeverCaused">
/// Types of which events are handled that name this connector as their cause: anybody can claim it, and a revocation must not be hidden so.
/// </param>
public sealed class EventRoutes(
    IReadOnlyDictionary<string, HandleEvent> handlers,
    IReadOnlyCollection<string>? triedWithoutEnd = null,
    IReadOnlyCollection<string>? handledWhoeverCaused = null)
{
    /// <summary>Those that Lamassu publishes.</summary>
    public IEnumerable<string> Types => handlers.Keys.Where(type => !FleetTypes.Includes(type));

    public bool IsTriedWithoutEnd(string? type) => type is not null && triedWithoutEnd?.Contains(type) == true;

    public bool IsHandledWhoeverCaused(string type) => handledWhoeverCaused?.Contains(type) == true;

    public HandleEvent? Find(string type) => handlers.GetValueOrDefault(type);
}
