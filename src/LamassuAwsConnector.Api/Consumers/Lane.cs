namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Where messages wait and are worked on: each lane has a queue and a concurrency of its own, so that none stands behind another.</summary>
internal enum Lane
{
    /// <summary>Events of single objects.</summary>
    Events,

    /// <summary>The status of certificates. Revocations and holds overtake everything.</summary>
    Status,

    /// <summary>What the connector sends to itself for whole fleets. Single events overtake it.</summary>
    Fleet,
}

internal static class Lanes
{
    public static IReadOnlyList<Lane> All { get; } = Enum.GetValues<Lane>();

    public static Lane Of(string? type) => type == EventHandlers.StatusOfCertificate ? Lane.Status : FleetTypes.Includes(type) ? Lane.Fleet : Lane.Events;

    /// <summary>
    /// Deliveries at once. They wait for AWS and Lamassu, not for the processor; AWS takes about 10 registrations a second, of some 100 ms each. A campaign
    /// must leave AWS's quota to single events.
    /// </summary>
    public static int Concurrency(Lane lane) => lane switch
    {
        Lane.Events => 32,
        Lane.Status => 8,
        _ => 4,
    };

    public static string QueueName(string connectorId, Lane lane) => lane switch
    {
        Lane.Events => EventBus.QueueName(connectorId),
        Lane.Status => $"{EventBus.QueueName(connectorId)}.status",
        _ => $"{EventBus.QueueName(connectorId)}.fan-out",
    };
}
