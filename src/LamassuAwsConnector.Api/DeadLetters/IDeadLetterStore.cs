namespace LamassuAwsConnector.Api.DeadLetters;

/// <summary>
/// The letters that wait for a person. They are looked at by one caller at a time, over all replicas, and each call is bounded: letters that come while
/// it works are left for the next one.
/// </summary>
internal interface IDeadLetterStore
{
    Task<DeadLetterList> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Puts the selected letters into the connector's own queue, each with its retries forgotten, and takes each out of the dead letters after that. An
    /// interruption in between leaves it in both, which does no harm: what events ask for is ensured, not repeated.
    /// </summary>
    Task<DeadLetterRemoval> ReplayAsync(DeadLetterSelection selection, CancellationToken cancellationToken);

    Task<DeadLetterRemoval> DeleteAsync(DeadLetterSelection selection, CancellationToken cancellationToken);

    /// <summary>Those that nobody holds at the moment.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);
}

/// <param name="MaxLetters">How many a call looks at. They are in the hands of that call until it ends, so others don't see them.</param>
/// <param name="MaxBytes">How much it looks at; one letter is up to 1 MiB.</param>
/// <param name="LockPatience">How long a call waits for another one to end.</param>
/// <param name="CountEvery">How often the letters are counted for the metric.</param>
internal sealed record DeadLetterLimits(int MaxLetters, long MaxBytes, TimeSpan LockPatience, TimeSpan CountEvery)
{
    public DeadLetterLimits()
        : this(MaxLetters: 1000, MaxBytes: 64 * 1024 * 1024, LockPatience: TimeSpan.FromSeconds(5), CountEvery: TimeSpan.FromSeconds(30))
    {
    }
}

/// <param name="Letters">Those that were looked at, the oldest first.</param>
/// <param name="Total">How many there are, those that were not looked at among them; null when that is not known.</param>
/// <param name="Incomplete">Why not all were looked at.</param>
internal sealed record DeadLetterList(IReadOnlyList<DeadLetterEntry> Letters, long? Total, string? Incomplete);

/// <param name="Removed">How many are out of the dead letters.</param>
/// <param name="NotFound">Ids that were asked for and not seen.</param>
/// <param name="Left">How many were left when the call ended.</param>
/// <param name="Incomplete">Why not all were looked at.</param>
/// <param name="Interrupted">What ended it before its time.</param>
internal sealed record DeadLetterRemoval(int Removed, IReadOnlyList<string> NotFound, long Left, string? Incomplete, Exception? Interrupted);

/// <summary>Which letters are meant: all, some by id, or those of one cause (its kind or its code).</summary>
internal sealed record DeadLetterSelection(IReadOnlySet<string>? Ids, string? Cause)
{
    public static DeadLetterSelection All { get; } = new(Ids: null, Cause: null);

    public bool Includes(DeadLetterEntry letter) => Ids is not null ? Ids.Contains(letter.Id)
        : Cause is null || letter.Cause.Kind == Cause || letter.Cause.Code == Cause;
}
