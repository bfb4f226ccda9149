using LamassuAwsConnector.Api.Consumers;

namespace LamassuAwsConnector.Api.DeadLetters;

/// <summary>The letters of the bus in memory.</summary>
internal sealed class InMemoryDeadLetters(InMemoryEventBus bus) : IDeadLetterStore, IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);

    public Task<DeadLetterList> ListAsync(CancellationToken cancellationToken)
    {
        var letters = bus.DeadLetters.Now();
        var entries = letters.Select(DeadLetterEntry.Of).ToList();
        var forgotten = bus.DeadLetters.Forgotten;
        return Task.FromResult(new DeadLetterList(
            entries, entries.Count, forgotten == 0 ? null : $"The oldest {forgotten} letters were dropped: without a broker there is room for few."));
    }

    public Task<DeadLetterRemoval> ReplayAsync(DeadLetterSelection selection, CancellationToken cancellationToken) =>
        RemoveAsync(selection, letter => bus.SendAgainAsync(letter.Again(), cancellationToken), cancellationToken);

    public Task<DeadLetterRemoval> DeleteAsync(DeadLetterSelection selection, CancellationToken cancellationToken) =>
        RemoveAsync(selection, _ => Task.CompletedTask, cancellationToken);

    public Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult<long>(bus.DeadLetters.Now().Count);

    public void Dispose() => gate.Dispose();

    private async Task<DeadLetterRemoval> RemoveAsync(DeadLetterSelection selection, Func<ReceivedLetter, Task> act, CancellationToken cancellationToken)
    {
        var removed = 0;
        var missing = new HashSet<string>(selection.Ids ?? new HashSet<string>(), StringComparer.Ordinal);
        OperationCanceledException? interrupted = null;
        await gate.WaitAsync(cancellationToken);
        try
        {
            foreach (var letter in bus.DeadLetters.Now())
            {
                var entry = DeadLetterEntry.Of(letter);
                if (selection.Includes(entry))
                {
                    await act(letter);
                    bus.DeadLetters.Remove(letter);
                    missing.Remove(entry.Id);
                    removed++;
                }
            }
        }
        catch (OperationCanceledException exception)
        {
            interrupted = exception;
        }
        finally
        {
            gate.Release();
        }

        return new DeadLetterRemoval(removed, [.. missing.Order(StringComparer.Ordinal)], bus.DeadLetters.Now().Count, Incomplete: null, interrupted);
    }
}

/// <summary>Letters in memory, the oldest first; bounded, as perhaps nobody empties it. The log has each letter too.</summary>
internal sealed class KeptDeadLetters
{
    private const int MaxLetters = 1000;
    private const long MaxBytes = 64 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly List<ReceivedLetter> letters = [];
    private long bytes;

    public long Forgotten { get; private set; }

    public void Add(ReceivedLetter letter)
    {
        lock (gate)
        {
            letters.Add(letter);
            bytes += letter.Body.Length;
            while (letters.Count > MaxLetters || bytes > MaxBytes)
            {
                bytes -= letters[0].Body.Length;
                letters.RemoveAt(0);
                Forgotten++;
            }
        }
    }

    public IReadOnlyList<ReceivedLetter> Now()
    {
        lock (gate)
        {
            return [.. letters];
        }
    }

    public void Remove(ReceivedLetter letter)
    {
        lock (gate)
        {
            // Not by value: two letters can be alike.
            if (letters.FindIndex(kept => ReferenceEquals(kept, letter)) is >= 0 and var index)
            {
                bytes -= letter.Body.Length;
                letters.RemoveAt(index);
            }
        }
    }
}
