namespace LamassuAwsConnector.Core.Aws;

/// <summary>One quota: tokens come at a steady rate, those of up to a second may be taken at once. After a refusal the rate is halved and grows back.</summary>
/// <param name="fullRate">Tokens per second.</param>
/// <param name="reserve">The part of them that only urgent calls get.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class PacedQuota(double fullRate, double reserve, TimeProvider timeProvider)
{
    private readonly double fullRate = fullRate;
    // AWS's buckets are full again after a second or a few; then the rate doubles with each half minute without a refusal.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Doubling = TimeSpan.FromSeconds(30);

    // Calls that were under way when AWS refused one are refused too, and say nothing new.
    private static readonly TimeSpan OneRefusal = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Lane ordinary = new();
    private readonly Lane urgent = new();
    private readonly long origin = timeProvider.GetTimestamp();
    private double slowedRate = fullRate;
    private TimeSpan? slowedAt;

    /// <summary>Tokens per second at present.</summary>
    public double Rate
    {
        get
        {
            lock (gate)
            {
                return RateAt(Now);
            }
        }
    }

    /// <returns>How long to wait for the tokens; they are taken.</returns>
    public TimeSpan Take(int tokens, bool isUrgent)
    {
        lock (gate)
        {
            var now = Now;
            var rate = RateAt(now);
            var burst = rate < fullRate ? 0 : 1;
            var kept = rate * reserve;
            var free = ordinary.StartAt(now, rate - kept, burst);
            if (isUrgent && reserve > 0 && urgent.StartAt(now, kept, burst) < free)
            {
                return urgent.Take(tokens, now, kept, burst);
            }

            return ordinary.Take(tokens, now, rate - kept, burst);
        }
    }

    /// <summary>Halves the rate, down to a call in four seconds.</summary>
    public void SlowDown()
    {
        lock (gate)
        {
            var now = Now;
            if (slowedAt is { } last && now - last < OneRefusal)
            {
                return;
            }

            slowedRate = Math.Max(Math.Min(fullRate, 0.25), RateAt(now) / 2);
            slowedAt = now;
        }
    }

    // Of the clock that nobody sets.
    private TimeSpan Now => timeProvider.GetElapsedTime(origin);

    private double RateAt(TimeSpan now) => slowedAt is not { } last ? fullRate
        : now - last <= Calm ? slowedRate
        : Math.Min(fullRate, slowedRate * Math.Pow(2, (now - last - Calm) / Doubling));

    private sealed class Lane
    {
        private TimeSpan nextFree = TimeSpan.MinValue;

        /// <summary>When the next token is free; up to <paramref name="burst"/> seconds ago when some have gathered.</summary>
        public TimeSpan StartAt(TimeSpan now, double rate, double burst)
        {
            // With the last token of the burst being due now.
            var gathered = now - TimeSpan.FromSeconds(Math.Max(0, burst - (1 / rate)));
            return nextFree > gathered ? nextFree : gathered;
        }

        public TimeSpan Take(int tokens, TimeSpan now, double rate, double burst)
        {
            var start = StartAt(now, rate, burst);
            nextFree = start + TimeSpan.FromSeconds(tokens / rate);
            var due = nextFree - TimeSpan.FromSeconds(1 / rate);
            return due > now ? due - now : TimeSpan.Zero;
        }
    }
}
