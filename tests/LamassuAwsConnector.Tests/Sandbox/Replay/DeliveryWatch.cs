using System.Collections.Concurrent;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Consumers;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>
/// Tells when a message's first delivery is over: it has ended, or waits for a later one. The later ones can be held back until all first ones are over, as the
/// delays of the real thing do.
/// </summary>
internal sealed class DeliveryWatch(IEventBus bus) : IEventBus
{
    public const string Header = "test_delivery";

    private readonly ConcurrentDictionary<string, TaskCompletionSource> first = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly List<Func<Task>> held = [];
    private bool isHolding;

    public Task FirstAsync(string delivery) => Source(delivery).Task;

    public Task DeliverLaterAsync(ReceivedEvent received, IReadOnlyDictionary<string, string> headers, TimeSpan delay, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (isHolding)
            {
                held.Add(() => bus.DeliverLaterAsync(received, headers, TimeSpan.Zero, CancellationToken.None));
                Over(received);
                return Task.CompletedTask;
            }
        }

        Over(received);
        return bus.DeliverLaterAsync(received, headers, delay, cancellationToken);
    }

    public void Hold()
    {
        lock (gate)
        {
            isHolding = true;
        }
    }

    public Task ReleaseAsync()
    {
        lock (gate)
        {
            isHolding = false;
            var released = held.ToList();
            held.Clear();
            return Task.WhenAll(released.Select(deliver => deliver()));
        }
    }

    public Task DeadLetterAsync(ReceivedEvent received, DeadLetter letter, CancellationToken cancellationToken) => bus.DeadLetterAsync(received, letter, cancellationToken);

    public Task SendToFleetQueueAsync(
        ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, ReceivedEvent? cause, CancellationToken cancellationToken) =>
        bus.SendToFleetQueueAsync(body, headers, cause, cancellationToken);

    public void Ended(ReceivedEvent received, EventEnd end)
    {
        Over(received);
        bus.Ended(received, end);
    }

    private void Over(ReceivedEvent received)
    {
        if (received.Headers.TryGetValue(Header, out var delivery))
        {
            Source(delivery).TrySetResult();
        }
    }

    private TaskCompletionSource Source(string delivery) =>
        first.GetOrAdd(delivery, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
