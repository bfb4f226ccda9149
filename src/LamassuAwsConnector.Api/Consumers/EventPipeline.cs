using LamassuAwsConnector.Api.Startup;
using LamassuAwsConnector.Core;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>
/// What happens to a message, the same on every bus: own events and those that nobody handles are ignored, the others handed on by their type; a failure
/// is tried again, later again, or ends as a dead letter, by its kind.
/// </summary>
internal sealed partial class EventPipeline
{
    // A failure that nobody foresaw gets a few chances, not a day of them.
    private const int MaxRetriesOfUnexpected = 3;

    // What is not counted has no end, so it must not come back at once where no delays are configured.
    private static readonly TimeSpan PauseWithoutDelays = TimeSpan.FromMinutes(1);

    private readonly EventRoutes routes;
    private readonly IEventBus bus;
    private readonly EventRetryOptions retries;
    private readonly IReadOnlyList<TimeSpan> delays;
    private readonly string ownSource;
    private readonly IdentityGate identity;
    private readonly CurrentEvent current;
    private readonly EventTelemetry telemetry;
    private readonly Outages outages;
    private readonly DeniedGates gates;
    private readonly TimeProvider timeProvider;
    private readonly ILogger<EventPipeline> logger;
    private readonly ResiliencePipeline<EventOutcome> attempts;

    public EventPipeline(
        EventRoutes routes,
        IEventBus bus,
        IOptions<EventRetryOptions> retries,
        IOptions<ConnectorOptions> connector,
        IdentityGate identity,
        CurrentEvent current,
        EventTelemetry telemetry,
        Outages outages,
        DeniedGates gates,
        TimeProvider timeProvider,
        ILogger<EventPipeline> logger)
    {
        this.routes = routes;
        this.bus = bus;
        this.retries = retries.Value;
        delays = retries.Value.EffectiveDelays;
        ownSource = connector.Value.SourceName;
        this.identity = identity;
        this.current = current;
        this.telemetry = telemetry;
        this.outages = outages;
        this.gates = gates;
        this.timeProvider = timeProvider;
        this.logger = logger;
        attempts = AttemptsWithinDelivery();
    }

    /// <summary>The message has ended, or is on its way to a later delivery, when this returns. Throws only when it could be put nowhere.</summary>
    public async Task HandleAsync(ReceivedEvent received, CancellationToken cancellationToken)
    {
        using var observed = telemetry.Start(received);
        using var scope = logger.BeginScope(new Dictionary<string, object?>
        {
            ["EventType"] = received.Event?.Type,
            ["EventId"] = received.Event?.Id,
            ["EventSubject"] = received.Event?.Subject,
            ["DeviceId"] = PartitionKeys.DeviceOf(received.PartitionKey),
        });
        current.Value = received;
        var firstTime = received.FirstTime ?? timeProvider.GetUtcNow();
        try
        {
            if (IsHeld(received, firstTime))
            {
                await WaitAsync(received, firstTime, DelayAfter(delays.Count), counts: false, observed, cancellationToken);
                return;
            }

            var outcome = await OutcomeAsync(received, cancellationToken);
            if (outcome == EventOutcome.Waiting)
            {
                await WaitAsync(received, firstTime, DelayAfter(received.Retries), counts: true, observed, cancellationToken);
                return;
            }

            if (outcome == EventOutcome.Handled)
            {
                gates.Passed(received.Event!.Type);
            }

            observed.Ended(Word(outcome));
            End(received, outcome);
        }
        catch (ConnectorException failure) when (failure.Kind == FailureKind.NotFound)
        {
            Log.Gone(logger, failure.Message);
            observed.Ended(Word(EventOutcome.Gone));
            End(received, EventOutcome.Gone);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await FailAsync(received, exception as ConnectorException ?? Unforeseen(exception), firstTime, observed, cancellationToken);
        }
    }

    private async Task<EventOutcome> OutcomeAsync(ReceivedEvent received, CancellationToken cancellationToken)
    {
        if (received.Event is not { } cloudEvent)
        {
            throw received.Unreadable!;
        }

        if (HandlerOf(cloudEvent) is not { } handle)
        {
            return EventOutcome.Ignored;
        }

        var delivery = new Delivery(IsLastAttempt: received.Retries >= delays.Count);
        return await attempts.ExecuteAsync(HandleAsync, cancellationToken);

        async ValueTask<EventOutcome> HandleAsync(CancellationToken cancellation)
        {
            await identity.PassAsync(cancellation);
            return await handle(cloudEvent, delivery, cancellation);
        }
    }

    private HandleEvent? HandlerOf(CloudEvent cloudEvent) =>
        IsOwn(cloudEvent) && !routes.IsHandledWhoeverCaused(cloudEvent.Type) ? null : routes.Find(cloudEvent.Type);

    // A revocation is always tried, and what is too old to wait is tried a last time.
    private bool IsHeld(ReceivedEvent received, DateTimeOffset firstTime) => received.Event is { } cloudEvent
        && HandlerOf(cloudEvent) is not null
        && !routes.IsTriedWithoutEnd(cloudEvent.Type)
        && timeProvider.GetUtcNow() - firstTime < retries.MaxAge
        && !gates.Admits(cloudEvent.Type);

    private async Task WaitAsync(
        ReceivedEvent received,
        DateTimeOffset firstTime,
        TimeSpan delay,
        bool counts,
        EventTelemetry.ObservedDelivery observed,
        CancellationToken cancellationToken)
    {
        await DeliverLaterAsync(received, firstTime, delay, counts, cancellationToken);
        observed.DeliveredLater(failure: null, delay);
    }

    // Both forms: the existing connector sends the whole source as its name, and Lamassu puts its prefix before it once more.
    private bool IsOwn(CloudEvent cloudEvent) => cloudEvent.Source.EndsWith($"/{ownSource}", StringComparison.Ordinal);

    private async Task FailAsync(
        ReceivedEvent received,
        ConnectorException failure,
        DateTimeOffset firstTime,
        EventTelemetry.ObservedDelivery observed,
        CancellationToken cancellationToken)
    {
        var (type, subject, delivery) = (received.Event?.Type, received.Event?.Subject, received.Retries + 1);
        var (kind, source) = (Word(failure.Kind), Word(failure.FailureSource));

        // A stack trace says something only of what nobody foresaw.
        var cause = failure.Kind == FailureKind.Unexpected ? failure : null;
        if (cause is null)
        {
            Log.Cause(logger, type, failure);
        }

        if (failure.Kind == FailureKind.Denied && type is not null)
        {
            gates.Denied(type, failure.Message);
        }

        // What comes again while AWS or Lamassu is away waits in its queue until that is over. The status of certificates does not, and has no last delivery.
        var counts = !await outages.IsCauseOfAsync(failure, cancellationToken) || received.Lane == Lane.Status;
        if ((counts ? DelayAfter(received, failure.Kind, firstTime) : DelayAfter(received.Retries)) is { } delay)
        {
            Log.TriedLater(logger, type, subject, failure.Message, kind, failure.Code, source, delivery, delay, failure.RequestId, cause);
            await DeliverLaterAsync(received, firstTime, delay, counts, cancellationToken);
            observed.DeliveredLater(failure, delay);
            return;
        }

        Log.DeadLettered(logger, type, subject, failure.Message, kind, failure.Code, source, delivery, failure.RequestId, cause);
        var letter = new DeadLetter(failure.Kind, failure.Code, failure.Message, received.Retries + 1, firstTime, timeProvider.GetUtcNow());
        await bus.DeadLetterAsync(received, letter, cancellationToken);
        observed.DeadLettered(failure);
        bus.Ended(received, new EventEnd("dead_lettered", Word(failure.Kind), failure.Message, received.Retries + 1));
    }

    /// <summary>The pause before the next delivery; null when none follows.</summary>
    private TimeSpan? DelayAfter(ReceivedEvent received, FailureKind kind, DateTimeOffset firstTime) => kind switch
    {
        FailureKind.Throttled or FailureKind.Unavailable or FailureKind.Unexpected or FailureKind.Denied when routes.IsTriedWithoutEnd(received.Event?.Type) =>
            DelayAfter(received.Retries),
        FailureKind.Throttled or FailureKind.Unavailable when received.Retries < delays.Count => DelayAfter(received.Retries),
        FailureKind.Unexpected when received.Retries < Math.Min(MaxRetriesOfUnexpected, delays.Count) => DelayAfter(received.Retries),
        FailureKind.Denied when timeProvider.GetUtcNow() - firstTime < retries.MaxAge => DelayAfter(received.Retries),
        _ => null,
    };

    private TimeSpan DelayAfter(int retriesSoFar) => delays.Count == 0 ? TimeSpan.Zero : delays[Math.Min(retriesSoFar, delays.Count - 1)];

    private Task DeliverLaterAsync(
        ReceivedEvent received, DateTimeOffset firstTime, TimeSpan delay, bool counts, CancellationToken cancellationToken) =>
        bus.DeliverLaterAsync(
            received,
            received.HeadersOfNextDelivery(firstTime, counts),
            counts || delay > TimeSpan.Zero ? delay : PauseWithoutDelays,
            cancellationToken);

    private void End(ReceivedEvent received, EventOutcome outcome)
    {
        Log.Ended(logger, received.Event?.Type, received.Event?.Subject, outcome);
        bus.Ended(received, new EventEnd(Word(outcome), Code: null, Reason: null, received.Retries + 1));
    }

    private ResiliencePipeline<EventOutcome> AttemptsWithinDelivery()
    {
        var builder = new ResiliencePipelineBuilder<EventOutcome> { TimeProvider = timeProvider };
        if (retries.Attempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<EventOutcome>
            {
                MaxRetryAttempts = retries.Attempts - 1,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is ConnectorException { Kind: FailureKind.Unavailable or FailureKind.Throttled }),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Jittered(retries.Pause * Math.Pow(3, arguments.AttemptNumber))),
            });
        }

        return builder.Build();
    }

    // Up to a fifth more, so that messages that failed together do not come back together.
    private static TimeSpan Jittered(TimeSpan pause) => pause * (1 + (Random.Shared.NextDouble() / 5));

    private static ConnectorException Unforeseen(Exception exception) =>
        new(FailureKind.Unexpected, "unexpected", FailureSource.Connector, "Something unforeseen went wrong; the log has the cause.", exception);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Event {EventType} for {EventSubject} ended as {Outcome}")]
        public static partial void Ended(ILogger logger, string? eventType, string? eventSubject, EventOutcome outcome);

        [LoggerMessage(2, LogLevel.Information, "The object of the event is gone from Lamassu: {Reason}")]
        public static partial void Gone(ILogger logger, string reason);

        [LoggerMessage(
            3,
            LogLevel.Warning,
            "Event {EventType} for {EventSubject} failed: {Reason} ({Kind} {Code} from {Source}, delivery {Delivery}, AWS request id {RequestId}). "
            + "It is delivered again in {Delay}",
            EventName = "retry_event")]
        public static partial void TriedLater(
            ILogger logger,
            string? eventType,
            string? eventSubject,
            string reason,
            string kind,
            string code,
            string source,
            int delivery,
            TimeSpan delay,
            string? requestId,
            Exception? exception);

        [LoggerMessage(
            4,
            LogLevel.Error,
            "Event {EventType} for {EventSubject} is given up: {Reason} ({Kind} {Code} from {Source}, delivery {Delivery}, AWS request id {RequestId}). "
            + "It is in the dead letters",
            EventName = "dead_letter_event")]
        public static partial void DeadLettered(
            ILogger logger,
            string? eventType,
            string? eventSubject,
            string reason,
            string kind,
            string code,
            string source,
            int delivery,
            string? requestId,
            Exception? exception);

        [LoggerMessage(5, LogLevel.Debug, "The cause of the failure of event {EventType}", EventName = "event_failure")]
        public static partial void Cause(ILogger logger, string? eventType, Exception exception);
    }
}
