using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Sandbox;
using LamassuAwsConnector.Sandbox.Replay;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>
/// The real connector and the stand-ins for many replays: before each of them both worlds are emptied, and so much time passes for the connector that it
/// remembers nothing.
/// </summary>
internal sealed class ReplayStage : IAsyncDisposable
{
    private const int Retries = 10;

    private readonly string connectorId;
    private readonly MessageClock clock = new();
    private readonly LeapingClock connectorClock;
    private DeliveryWatch deliveries = null!;
    private long published;

    private ReplayStage(string connectorId)
    {
        this.connectorId = connectorId;
        connectorClock = new LeapingClock(clock);
    }

    public Stage Stage { get; private set; } = null!;

    public ActiveCertificatesWatch Active { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ReplayStage> StartAsync(string connectorId, Action<IServiceCollection>? configure = null)
    {
        var stage = new ReplayStage(connectorId);
        var configuration = new Dictionary<string, string?> { ["event_retries:pause"] = "00:00:00", ["Logging:LogLevel:Default"] = "None" };
        for (var retry = 0; retry < Retries; retry++)
        {
            configuration[$"event_retries:delays:{retry}"] = "00:00:00.010";
        }

        stage.Stage = await Stage.StartAsync(
            new StandInSettings { ConnectorId = connectorId, SignsForRecordedCAs = true, PublishesEvents = false, AfterAwsOperation = stage.Active.Look },
            port: 0,
            configuration,
            Cancellation,
            services =>
            {
                services.AddSingleton<TimeProvider>(stage.connectorClock);
                services.AddSingleton<IEventBus>(provider => stage.deliveries = new DeliveryWatch(provider.GetRequiredService<InMemoryEventBus>()));
                configure?.Invoke(services);
            },
            stage.clock);
        return stage;
    }

    /// <summary>A replay from nothing.</summary>
    public async Task<ReplayPlayer> NewPlayerAsync()
    {
        Active.Watch(null);
        Stage.StandIns.Lamassu.State.Clear();
        await Stage.StandIns.AwsControl.ResetAsync(Cancellation);
        clock.Now = null;
        connectorClock.Leap();
        return new ReplayPlayer(Stage, connectorId, clock);
    }

    /// <summary>From now on nothing may become ACTIVE in AWS that is not ACTIVE in Lamassu.</summary>
    public void WatchActive() => Active.Watch(Stage.StandIns.Lamassu.State);

    /// <returns>When the first delivery is over, and how the message ended after all of them.</returns>
    public (Task First, Task<EventEnd> End) Publish(RecordedMessage message)
    {
        var delivery = $"{Interlocked.Increment(ref published)}";
        var headers = new Dictionary<string, string>(message.Headers) { [DeliveryWatch.Header] = delivery };
        var end = Stage.Connector.PublishAsync(message.Body, message.RoutingKey, headers, Cancellation);
        return (Task.WhenAny(deliveries.FirstAsync(delivery), end), end);
    }

    /// <summary>All changes, then each message twice, in the order of chance that the seed stands for.</summary>
    /// <param name="player">A new one.</param>
    /// <param name="messages">In their order.</param>
    /// <param name="seed">An even one delivers one message after the other, an odd one all at once.</param>
    /// <param name="seen">So many messages reach the connector in their order, before it is away.</param>
    public async Task<IReadOnlyList<Delivered>> DeliverShuffledAsync(ReplayPlayer player, IReadOnlyList<RecordedMessage> messages, int seed, int seen = 0)
    {
        await player.PlayAsync([.. messages.Take(seen)], changesFirst: false, _ => { }, Cancellation);
        await player.MakeChangesAsync(messages, Cancellation);
        foreach (var message in messages)
        {
            player.NoteTold(message);
        }

        WatchActive();
        RecordedMessage[] order = [.. messages, .. messages];
        new Random(seed).Shuffle(order);
        var firsts = new List<Task>();
        var ends = new List<Task<EventEnd>>();
        deliveries.Hold();
        foreach (var message in order)
        {
            var (first, end) = Publish(message);
            firsts.Add(first);
            ends.Add(end);
            if (seed % 2 == 0)
            {
                await first;
            }
        }

        await Task.WhenAll(firsts);
        await deliveries.ReleaseAsync();
        var ended = await Task.WhenAll(ends);
        var delivered = order.Zip(ended, (message, end) => new Delivered(message, end)).ToList();
        foreach (var message in delivered)
        {
            player.NoteEnd(message.Message, message.End);
        }

        return delivered;
    }

    public ValueTask DisposeAsync() => Stage.DisposeAsync();

    /// <summary>The time of day is that of the messages; time that passes is real, with leaps.</summary>
    private sealed class LeapingClock(TimeProvider timeOfDay) : TimeProvider
    {
        private long leapt;

        public void Leap() => Interlocked.Add(ref leapt, (long)(TimeSpan.FromDays(2).TotalSeconds * TimestampFrequency));

        public override DateTimeOffset GetUtcNow() => timeOfDay.GetUtcNow();

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref leapt);
    }
}
