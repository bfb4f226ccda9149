using System.Collections.Concurrent;

namespace LamassuAwsConnector.Core;

/// <summary>
/// Values that are read once and remembered for a bounded time. Callers who ask at the same moment share one read; a read that failed is not
/// remembered. A caller's cancellation ends its own waiting, never the read that others wait for.
/// </summary>
internal sealed class Remembered<TValue>(TimeProvider timeProvider, TimeSpan lifetime)
{
    // Far above the DMSs, CAs, policies and groups of one account; a guard against ids that come from outside.
    private const int MaxEntries = 10_000;

    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    public async Task<TValue> GetAsync(string key, Func<CancellationToken, Task<TValue>> read, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetTimestamp();
        var entry = entries.AddOrUpdate(
            key,
            _ => new Entry(now, read),
            (_, present) => present.IsUsable(timeProvider.GetElapsedTime(present.Since, now), lifetime) ? present : new Entry(now, read));
        if (entries.Count > MaxEntries)
        {
            entries.Clear();
        }

        return await entry.Value.WaitAsync(cancellationToken);
    }

    /// <summary>The next caller reads anew.</summary>
    public void Forget(string key) => entries.TryRemove(key, out _);

    private sealed class Entry(long since, Func<CancellationToken, Task<TValue>> read)
    {
        private readonly Lazy<Task<TValue>> value = new(() => read(CancellationToken.None));

        public long Since => since;

        public Task<TValue> Value => value.Value;

        public bool IsUsable(TimeSpan age, TimeSpan lifetime) =>
            !value.IsValueCreated || !value.Value.IsCompleted || (value.Value.IsCompletedSuccessfully && age < lifetime);
    }
}
