namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>Calls per second for each operation, per region. Off until it is told rates.</summary>
internal sealed class Limits(TimeProvider timeProvider)
{
    private readonly Lock gate = new();

    private readonly Dictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    private IReadOnlyDictionary<string, int> rates = new Dictionary<string, int>();

    private bool burstOfOneSecond = true;

    /// <param name="operations">Tokens per second; what is not named is not limited.</param>
    /// <param name="ofOneSecond">Whether the tokens of a whole second may be spent at once, or one at a time.</param>
    public void Configure(IReadOnlyDictionary<string, int> operations, bool ofOneSecond)
    {
        lock (gate)
        {
            rates = operations;
            burstOfOneSecond = ofOneSecond;
            buckets.Clear();
        }
    }

    /// <summary>Takes a token of the operation and of the quotas that it shares with others; false, with nothing taken, when one of them has none.</summary>
    public bool TryTake(string region, string operation, string? thing = null)
    {
        lock (gate)
        {
            var now = timeProvider.GetTimestamp();
            var needed = new List<Bucket>();
            foreach (var quota in QuotaPreset.QuotasOf(operation))
            {
                if (rates.TryGetValue(quota, out var rate))
                {
                    // Quotas of shadows are per thing.
                    needed.Add(Filled(quota == QuotaPreset.ThingShadow ? $"{region} {quota} {thing}" : $"{region} {quota}", rate, now));
                }
            }

            if (needed.Exists(bucket => bucket.Tokens < 1))
            {
                return false;
            }

            needed.ForEach(bucket => bucket.Tokens--);
            return true;
        }
    }

    private Bucket Filled(string key, int rate, long now)
    {
        var capacity = burstOfOneSecond ? rate : 1;
        if (!buckets.TryGetValue(key, out var bucket))
        {
            buckets.Add(key, bucket = new Bucket { Tokens = capacity, FilledAt = now });
        }

        bucket.Tokens = Math.Min(capacity, bucket.Tokens + (timeProvider.GetElapsedTime(bucket.FilledAt, now).TotalSeconds * rate));
        bucket.FilledAt = now;
        return bucket;
    }

    private sealed class Bucket
    {
        public double Tokens { get; set; }

        public long FilledAt { get; set; }
    }
}
