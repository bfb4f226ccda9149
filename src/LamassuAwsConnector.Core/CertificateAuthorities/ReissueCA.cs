using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>Says that Lamassu gave a CA a new certificate for its key.</summary>
/// <param name="CAId">The CA; its present certificate is read anew.</param>
/// <param name="FormerEncodedPem">Base64 of the PEM of the certificate that it had.</param>
/// <param name="FormerMetadata">The metadata that it had, which the reissue replaced: only their dialect is taken.</param>
public sealed record ReissueCA(string CAId, string? FormerEncodedPem, JsonObject? FormerMetadata);

/// <summary>How it ended when no call failed for a reason that may pass.</summary>
public abstract record ReissueCAOutcome
{
    private ReissueCAOutcome()
    {
    }

    /// <summary>The new certificate is registered as the former one is, by this call or before.</summary>
    /// <param name="IsNew">By this call.</param>
    public sealed record Registered(CARegistration Registration, bool IsNew) : ReissueCAOutcome;

    /// <summary>The former certificate is not registered in this account and region, or was taken out of it, so the new one isn't registered either.</summary>
    public sealed record NotRegistered(string Reason) : ReissueCAOutcome;

    /// <summary>It can't be registered until a person changes something.</summary>
    /// <param name="IsNoted">The CA's metadata says so; false when Lamassu did not take that.</param>
    public sealed record Failed(ConnectorException Failure, bool IsNoted) : ReissueCAOutcome;
}
