using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace LamassuAwsConnector.Tests.Telemetry;

public sealed class PendingRevocationsTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero));
    private readonly PendingRevocations pending;

    public PendingRevocationsTests() => pending = new PendingRevocations(time);

    [Fact]
    public void None_is_no_age() => Assert.Equal(TimeSpan.Zero, pending.OldestAge());

    [Fact]
    public void The_oldest_counts_and_grows_older()
    {
        pending.Add("a", time.GetUtcNow() - Hour, nextLook: Hour);
        pending.Add("b", time.GetUtcNow() - (2 * Hour), nextLook: Hour);

        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((2 * Hour) + TimeSpan.FromMinutes(1), pending.OldestAge());
        pending.Remove("b");
        Assert.Equal(Hour + TimeSpan.FromMinutes(1), pending.OldestAge());
    }

    [Fact]
    public void A_later_look_keeps_one_pending()
    {
        pending.Add("a", time.GetUtcNow(), nextLook: TimeSpan.FromMinutes(10));
        time.Advance(TimeSpan.FromMinutes(10));
        pending.Add("a", time.GetUtcNow() - TimeSpan.FromMinutes(10), nextLook: TimeSpan.FromMinutes(10));

        time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(TimeSpan.FromMinutes(20), pending.OldestAge());
    }

    [Fact]
    public void What_did_not_come_back_here_is_with_another_replica()
    {
        pending.Add("a", time.GetUtcNow(), nextLook: TimeSpan.FromMinutes(10));

        time.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal(TimeSpan.Zero, pending.OldestAge());
    }

    [Fact]
    public void A_time_to_come_is_no_age()
    {
        // Lamassu's clock goes before ours.
        pending.Add("a", time.GetUtcNow() + Hour, nextLook: Hour);

        Assert.Equal(TimeSpan.Zero, pending.OldestAge());
    }
}
