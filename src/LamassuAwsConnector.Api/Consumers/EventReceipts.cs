using System.Collections.Concurrent;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Tells those in this process who follow a message when it has ended, with all that its handling sent. A message without a receipt costs nothing.</summary>
internal sealed class EventReceipts
{
    private const string Header = DeadLetterHeaders.Receipt;

    private readonly ConcurrentDictionary<string, Receipt> receipts = new(StringComparer.Ordinal);

    /// <param name="headers">The message's own.</param>
    /// <param name="publish">Publishes it with the headers that it is given, the receipt among them; false when no queue takes it.</param>
    /// <param name="cancellationToken">Ends the wait, not the message.</param>
    public async Task<EventEnd> FollowAsync(
        IReadOnlyDictionary<string, string> headers, Func<IReadOnlyDictionary<string, string>, Task<bool>> publish, CancellationToken cancellationToken)
    {
        var (id, receipt) = (Guid.NewGuid().ToString("N"), new Receipt());
        receipts[id] = receipt;
        try
        {
            return await publish(new Dictionary<string, string>(headers) { [Header] = id })
                ? await receipt.End.WaitAsync(cancellationToken)
                : new EventEnd("ignored", Code: null, Reason: null, Deliveries: 0);
        }
        finally
        {
            receipts.TryRemove(id, out _);
        }
    }

    /// <summary>A further message is about to be sent because of one: who follows that one waits for it too.</summary>
    /// <returns>The further one's headers.</returns>
    public IReadOnlyDictionary<string, string> Extend(ReceivedEvent? cause, IReadOnlyDictionary<string, string> headers)
    {
        if (cause?.Headers.TryGetValue(Header, out var id) == true && receipts.TryGetValue(id, out var receipt))
        {
            receipt.Expect();
            return new Dictionary<string, string>(headers) { [Header] = id };
        }

        return headers;
    }

    public void Ended(ReceivedEvent received, EventEnd end)
    {
        if (received.Headers.TryGetValue(Header, out var id) && receipts.TryGetValue(id, out var receipt))
        {
            receipt.Ended(received, end);
        }
    }

    private sealed class Receipt
    {
        private readonly TaskCompletionSource<EventEnd> whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock gate = new();
        private int expected = 1;
        private EventEnd? own;
        private EventEnd? failed;

        public Task<EventEnd> End => whole.Task;

        public void Expect()
        {
            lock (gate)
            {
                expected++;
            }
        }

        public void Ended(ReceivedEvent received, EventEnd end)
        {
            lock (gate)
            {
                own = received.Lane == Lane.Fleet ? own : end;
                failed ??= end.Code is null ? null : end;
                if (--expected == 0)
                {
                    whole.TrySetResult(failed ?? own!);
                }
            }
        }
    }
}
