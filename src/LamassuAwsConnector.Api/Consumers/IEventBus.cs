using LamassuAwsConnector.Core;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>What the pipeline asks of the bus beside deliveries. Its tasks end when the message is safe in its new place, and throw otherwise.</summary>
internal interface IEventBus
{
    Task DeliverLaterAsync(ReceivedEvent received, IReadOnlyDictionary<string, string> headers, TimeSpan delay, CancellationToken cancellationToken);

    Task DeadLetterAsync(ReceivedEvent received, DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>Into the connector's own queue for what concerns whole fleets, which comes after single events.</summary>
    /// <param name="body">A CloudEvent of one of the <see cref="FleetTypes"/>.</param>
    /// <param name="headers">String headers.</param>
    /// <param name="cause">What is being handled while it is sent, if anything.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task SendToFleetQueueAsync(
        ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, ReceivedEvent? cause, CancellationToken cancellationToken);

    /// <summary>The message needs no further delivery.</summary>
    void Ended(ReceivedEvent received, EventEnd end);
}

/// <param name="Reason">A sentence for a person, without secrets.</param>
internal sealed record DeadLetter(FailureKind Kind, string Code, string Reason, int Deliveries, DateTimeOffset FirstTime, DateTimeOffset Time);
