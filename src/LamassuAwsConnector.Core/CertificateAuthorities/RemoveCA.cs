namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>How taking a CA out of AWS ended.</summary>
public abstract record RemoveCAOutcome
{
    private RemoveCAOutcome()
    {
    }

    /// <summary>It is INACTIVE by this call, or its note says so only now.</summary>
    public sealed record Removed(RemovedCA CA) : RemoveCAOutcome;

    /// <summary>It was taken out before; nothing was written.</summary>
    public sealed record AlreadyRemoved(RemovedCA CA) : RemoveCAOutcome;

    /// <summary>It is not registered in this account and region.</summary>
    /// <param name="IsWithdrawn">It was asked for, and is not any more.</param>
    public sealed record NotRegistered(bool IsWithdrawn) : RemoveCAOutcome;
}

/// <summary>A CA that lets no new device into AWS.</summary>
/// <param name="CertificateId">Lower-case hex of the SHA-256 of the DER.</param>
/// <param name="Status">INACTIVE.</param>
/// <param name="AutoRegistrationDisabled">This call switched it off.</param>
/// <param name="TemplateName">The provisioning template that stays attached; null when there is none with a name.</param>
public sealed record RemovedCA(string CertificateId, string Arn, string Status, bool AutoRegistrationDisabled, string? TemplateName);
