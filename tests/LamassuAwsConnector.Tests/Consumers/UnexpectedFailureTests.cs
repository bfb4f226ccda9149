using System.Collections.Concurrent;
using System.Text;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Sandbox;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LamassuAwsConnector.Tests.Consumers;

/// <summary>A handler that fails in a way that nobody foresaw, on the bus in memory, with the delays that the connector has by default.</summary>
public sealed class UnexpectedFailureTests : IAsyncLifetime
{
    private const string Type = "ca.create";
    private const string TypeTriedWithoutEnd = "certificate.status.update";

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero));
    private readonly HandlerWatch handlers = new();
    private readonly ConcurrentQueue<TimeSpan> delays = new();
    private Stage stage = null!;
    private int calls;
    private bool isBroken = true;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var type in new[] { Type, TypeTriedWithoutEnd })
        {
            handlers.Replace(type, FailsFor);
        }

        stage = await Stage.StartAsync(
            new StandInSettings { PublishesEvents = false },
            port: 0,
            new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "None" },
            Cancellation,
            services =>
            {
                services.AddSingleton<TimeProvider>(time);
                services.AddSingleton<IEventBus>(provider => new DelaysSeen(provider.GetRequiredService<InMemoryEventBus>(), delays));
                handlers.AddTo(services);
            });
    }

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task It_is_tried_three_more_times_after_growing_pauses_and_dead_lettered_while_others_go_on()
    {
        var end = Publish(Type, "broken");
        foreach (var (pause, delivery) in new[] { (10, 1), (30, 2), (60, 3) })
        {
            await Patience.UntilAsync(() => delays.Count == delivery);
            Assert.Equal((TimeSpan.FromSeconds(pause), delivery), (delays.Last(), calls));

            // The same object's other events, and those of others, do not wait with it.
            Assert.Equal("handled", (await Publish(Type, "fine")).Outcome);
            Assert.Equal("handled", (await Publish(Type, "broken", subject: "later")).Outcome);
            time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            Assert.Equal("handled", (await Publish(Type, "fine")).Outcome);
            Assert.Equal(delivery, calls);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var ended = await end;
        Assert.Equal(("dead_lettered", "unexpected", 4), (ended.Outcome, ended.Code, ended.Deliveries));
        Assert.DoesNotContain("secret", ended.Reason, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("handled", (await Publish(Type, "fine")).Outcome);
        Assert.Equal((4, 3), (calls, delays.Count));
        var letter = Assert.Single(stage.Connector.Services.GetRequiredService<InMemoryEventBus>().DeadLetters.Now());
        Assert.Equal("unexpected", letter.Headers[DeadLetterHeaders.Code]);
    }

    [Fact]
    public async Task A_revocation_is_tried_without_end_after_pauses_that_grow_to_ten_minutes()
    {
        var end = Publish(TypeTriedWithoutEnd, "broken");
        int[] seconds = [10, 30, 60, 120, 300, 600, 600, 600, 600, 600];
        for (var delivery = 1; delivery <= seconds.Length; delivery++)
        {
            await Patience.UntilAsync(() => delays.Count == delivery);
            time.Advance(delays.Last() - TimeSpan.FromMilliseconds(1));
            Assert.Equal("handled", (await Publish(TypeTriedWithoutEnd, "fine")).Outcome);
            Assert.Equal(delivery, calls);
            isBroken = delivery < seconds.Length;
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal("handled", (await end).Outcome);
        Assert.Equal(seconds.Select(pause => TimeSpan.FromSeconds(pause)), delays);
    }

    private Task<EventOutcome> FailsFor(CloudEvent cloudEvent)
    {
        if (cloudEvent.Subject != "ca/broken")
        {
            return Task.FromResult(EventOutcome.Handled);
        }

        if (!isBroken)
        {
            return Task.FromResult(EventOutcome.Handled);
        }

        Interlocked.Increment(ref calls);
        throw new InvalidOperationException("secret");
    }

    private Task<EventEnd> Publish(string type, string id, string? subject = null)
    {
        var body = $$$"""{"specversion":"1.0","id":"unknown","source":"source://lamassu.io/ctx/source/service/ca","type":"{{{type}}}","subject":"ca/{{{subject ?? id}}}","data":{"id":"{{{id}}}"}}""";
        return stage.Connector.PublishAsync(Encoding.UTF8.GetBytes(body), type, new Dictionary<string, string>(), Cancellation);
    }

    /// <summary>Knows a delay once its timer runs.</summary>
    private sealed class DelaysSeen(IEventBus bus, ConcurrentQueue<TimeSpan> delays) : IEventBus
    {
        public async Task DeliverLaterAsync(ReceivedEvent received, IReadOnlyDictionary<string, string> headers, TimeSpan delay, CancellationToken cancellationToken)
        {
            await bus.DeliverLaterAsync(received, headers, delay, cancellationToken);
            delays.Enqueue(delay);
        }

        public Task DeadLetterAsync(ReceivedEvent received, DeadLetter letter, CancellationToken cancellationToken) => bus.DeadLetterAsync(received, letter, cancellationToken);

        public Task SendToFleetQueueAsync(
            ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, ReceivedEvent? cause, CancellationToken cancellationToken) =>
            bus.SendToFleetQueueAsync(body, headers, cause, cancellationToken);

        public void Ended(ReceivedEvent received, EventEnd end) => bus.Ended(received, end);
    }
}
