using System.Collections.Concurrent;

namespace LamassuAwsConnector.Core.Telemetry;

/// <summary>
/// The revocations, holds and ends that this process has seen and not carried out yet. What another replica took over is forgotten once it is overdue
/// here: that replica shows it.
/// </summary>
public sealed class PendingRevocations(TimeProvider timeProvider)
{
    // A delivery that is due may wait behind others.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <param name="key">The same at each delivery of one event.</param>
    /// <param name="since">When Lamassu decided it.</param>
    /// <param name="nextLook">How long until it is tried again.</param>
    public void Add(string key, DateTimeOffset since, TimeSpan nextLook) => entries[key] = new Entry(since, timeProvider.GetUtcNow() + nextLook + Slack);

    public void Remove(string key) => entries.TryRemove(key, out _);

    /// <summary>Zero when none is pending.</summary>
    public TimeSpan OldestAge()
    {
        var now = timeProvider.GetUtcNow();
        var oldest = TimeSpan.Zero;
        foreach (var (key, entry) in entries)
        {
            if (entry.Overdue < now)
            {
                entries.TryRemove(KeyValuePair.Create(key, entry));
            }
            else if (now - entry.Since > oldest)
            {
                oldest = now - entry.Since;
            }
        }

        return oldest;
    }

    private sealed record Entry(DateTimeOffset Since, DateTimeOffset Overdue);
}
