using Amazon.IoT;
using LamassuAwsConnector.Core.Lamassu.Models;

namespace LamassuAwsConnector.Core.Certificates;

/// <summary>What Lamassu's certificate statuses order in AWS.</summary>
internal static class LamassuStatus
{
    public const string Active = "ACTIVE";
    public const string Revoked = "REVOKED";
    public const string Expired = "EXPIRED";
    public const string Decommissioned = "DECOMMISSIONED";

    // RFC 5280 §5.3.1; the one revocation that can be lifted.
    private const string CertificateHold = "CertificateHold";

    /// <summary>The reason of a certificate that a newer one of the same device replaced.</summary>
    public const string Superseded = "Superseded";

    public static bool Is(string? status, string expected) => string.Equals(status, expected, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The status that shuts a certificate out of AWS as Lamassu wants it: REVOKED, which is final there, for a revocation; INACTIVE for a hold and
    /// after expiry. null for ACTIVE and for a status that we don't know, which orders nothing. An unknown revocation reason counts as a revocation.
    /// </summary>
    public static CertificateStatus? ShutOut(Certificate certificate) => ShutOut(certificate.Status, certificate.RevocationReason);

    public static CertificateStatus? ShutOut(string? status, string? reason) => status?.ToUpperInvariant() switch
    {
        Revoked => Is(reason, CertificateHold) ? CertificateStatus.INACTIVE : CertificateStatus.REVOKED,
        Expired => CertificateStatus.INACTIVE,
        _ => null,
    };

    /// <summary>A revocation that can be lifted. The reason counts only while the status is REVOKED.</summary>
    public static bool IsHold(string? status, string? reason) => Is(status, Revoked) && Is(reason, CertificateHold);
}
