namespace LamassuAwsConnector.Core.Startup;

/// <summary>What the comparison of connector id, AWS account, region and the notes on CAs came to.</summary>
/// <param name="Account">The account of the connector's credentials.</param>
/// <param name="Region">The configured region.</param>
public abstract record IdentityOutcome(string Account, string Region)
{
    /// <summary>All that was noted fits.</summary>
    public sealed record Matches(string Account, string Region) : IdentityOutcome(Account, Region);

    /// <summary>The connector id fits, and Lamassu does not let us see what was noted on CAs.</summary>
    public sealed record NotesUnread(string Account, string Region, ConnectorException Failure) : IdentityOutcome(Account, Region);

    /// <param name="Differences">Sentences with both values each.</param>
    public sealed record Differs(string Account, string Region, IReadOnlyList<string> Differences) : IdentityOutcome(Account, Region);
}
