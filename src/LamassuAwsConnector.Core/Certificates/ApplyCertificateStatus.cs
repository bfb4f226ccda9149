namespace LamassuAwsConnector.Core.Certificates;

/// <summary>Asks that a certificate is in AWS what it is in Lamassu.</summary>
public sealed record ApplyCertificateStatus(string SerialNumber)
{
    /// <summary>What the event says that the certificate was; only a lifted hold is told by it.</summary>
    public string? PreviousStatus { get; init; }

    public string? PreviousReason { get; init; }

    /// <summary>What the event says that it is; Lamassu is asked, and a revocation that Lamassu does not confirm still shuts out.</summary>
    public string? Status { get; init; }

    public string? Reason { get; init; }

    /// <summary>Base64 of the PEM, for the case that Lamassu has lost the certificate.</summary>
    public string? EncodedPem { get; init; }

    /// <summary>When it happened: the time of the requests that devices see in their shadow.</summary>
    public required DateTimeOffset Time { get; init; }

    internal bool SaysRevokedForGood => LamassuStatus.Is(Status, LamassuStatus.Revoked) && !LamassuStatus.IsHold(Status, Reason);

    internal bool SaysHoldLifted => LamassuStatus.IsHold(PreviousStatus, PreviousReason) && LamassuStatus.Is(Status, LamassuStatus.Active);
}

/// <summary>How it ended when no call failed.</summary>
public abstract record ApplyCertificateStatusOutcome
{
    private ApplyCertificateStatusOutcome()
    {
    }

    /// <summary>AWS was changed.</summary>
    /// <param name="Status">The status in AWS now.</param>
    public sealed record Changed(string Status) : ApplyCertificateStatusOutcome;

    /// <summary>AWS has what Lamassu says, or something stricter that others set.</summary>
    public sealed record Unchanged(string Reason) : ApplyCertificateStatusOutcome;

    /// <summary>The certificate is none that this account knows or would let in.</summary>
    public sealed record NotOurs(string Reason) : ApplyCertificateStatusOutcome;

    /// <summary>The event says revoked and Lamassu does not: it is shut out reversibly, and has to be looked at again.</summary>
    public sealed record Disputed(string Reason) : ApplyCertificateStatusOutcome;
}
