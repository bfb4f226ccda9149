using LamassuAwsConnector.Core;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>What the pipeline asks of the bus beside deliveries. Both methods return when the message is safe in its new place, and throw otherwise.</summary>
internal interface IEventBus
{
    Task DeliverLaterAsync(ReceivedEvent received, IReadOnlyDictionary<string, string> headers, TimeSpan delay, CancellationToken cancellationToken);

    Task DeadLetterAsync(ReceivedEvent received, DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>The message needs no further delivery.</summary>
    void Ended(ReceivedEvent received, EventEnd end);
}

/// <param name="Reason">A sentence for a person, without secrets.</param>
internal sealed record DeadLetter(FailureKind Kind, string Code, string Reason, int Deliveries, DateTimeOffset FirstTime, DateTimeOffset Time);
