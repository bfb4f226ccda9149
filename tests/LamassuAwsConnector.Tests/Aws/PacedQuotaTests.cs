using LamassuAwsConnector.Core.Aws;
using Microsoft.Extensions.Time.Testing;

namespace LamassuAwsConnector.Tests.Aws;

public sealed class PacedQuotaTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Those_of_a_second_may_come_at_once_and_the_others_at_the_rate()
    {
        var quota = new PacedQuota(8, reserve: 0, time);

        var waits = Enumerable.Range(0, 12).Select(_ => quota.Take(1, isUrgent: false).TotalSeconds).ToList();

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0.125, 0.25, 0.375, 0.5], waits);
    }

    [Fact]
    public void What_a_call_uses_several_times_is_paid_several_times()
    {
        var quota = new PacedQuota(10, reserve: 0, time);

        var waits = Enumerable.Range(0, 6).Select(_ => quota.Take(2, isUrgent: false).TotalSeconds).ToList();

        Assert.Equal([0, 0, 0, 0, 0, 0.2], waits.Select(wait => Math.Round(wait, 6)));
    }

    [Fact]
    public void Nothing_gathers_beyond_a_second()
    {
        var quota = new PacedQuota(2, reserve: 0, time);
        quota.Take(1, isUrgent: false);
        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([0, 0, 0.5], Enumerable.Range(0, 3).Select(_ => quota.Take(1, isUrgent: false).TotalSeconds));
    }

    [Fact]
    public void An_urgent_call_does_not_stand_behind_a_campaign()
    {
        var quota = new PacedQuota(8, reserve: 0.25, time);
        for (var call = 0; call < 600; call++)
        {
            quota.Take(1, isUrgent: false);
        }

        Assert.True(quota.Take(1, isUrgent: false) > TimeSpan.FromSeconds(90));
        Assert.Equal(TimeSpan.Zero, quota.Take(1, isUrgent: true));
    }

    [Fact]
    public void An_ordinary_call_leaves_the_reserve_alone()
    {
        var quota = new PacedQuota(8, reserve: 0.25, time);

        var waits = Enumerable.Range(0, 8).Select(_ => quota.Take(1, isUrgent: false)).ToList();

        Assert.Equal(6, waits.Count(wait => wait == TimeSpan.Zero));
    }

    [Fact]
    public void A_refusal_halves_the_rate_once_a_second_and_ends_the_bursts()
    {
        var quota = new PacedQuota(8, reserve: 0, time);
        quota.SlowDown();
        quota.SlowDown();
        Assert.Equal(4, quota.Rate);
        Assert.Equal([0, 0.25, 0.5], Enumerable.Range(0, 3).Select(_ => quota.Take(1, isUrgent: false).TotalSeconds));

        time.Advance(TimeSpan.FromSeconds(2));
        quota.SlowDown();
        Assert.Equal(2, quota.Rate);
    }

    [Fact]
    public void The_rate_never_falls_to_nothing_and_grows_back()
    {
        var quota = new PacedQuota(8, reserve: 0, time);
        for (var refusal = 0; refusal < 50; refusal++)
        {
            quota.SlowDown();
            time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(0.25, quota.Rate);
        time.Advance(TimeSpan.FromSeconds(8 + 30));
        Assert.Equal(0.5, quota.Rate, precision: 6);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(8, quota.Rate);
    }
}
