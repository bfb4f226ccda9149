namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>
/// Time with nanoseconds. No two readings are equal, even when the time provider stands still: times are keys of maps, and equal keys merge.
/// </summary>
internal sealed class GoClock(TimeProvider timeProvider)
{
    /// <summary>How far a reading is ahead of the last one when time stands still: above a microsecond, so that the database keeps them apart.</summary>
    private const long StepNanoseconds = 1037;

    private readonly Lock gate = new();
    private Int128 last = Int128.MinValue;

    public TimeProvider TimeProvider => timeProvider;

    /// <summary>The time without the nanoseconds: for certificates, which hold seconds.</summary>
    public DateTimeOffset UtcNow => timeProvider.GetUtcNow();

    /// <summary>Now, with nine fraction digits.</summary>
    public string Now()
    {
        lock (gate)
        {
            var reading = ((Int128)timeProvider.GetUtcNow().UtcTicks * 100) + 38;
            if (reading <= last)
            {
                reading = last + StepNanoseconds;
            }

            // A last digit of 0 would not be printed.
            last = reading % 10 == 0 ? reading + 1 : reading;
            return GoTime.Format(new DateTimeOffset((long)(last / 100), TimeSpan.Zero), (int)(last % 100));
        }
    }
}
