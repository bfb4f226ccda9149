namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>A CA in Lamassu and in AWS.</summary>
/// <param name="Note">null when its metadata say nothing of a registration.</param>
/// <param name="Aws">null when it is not registered in this account and region.</param>
public sealed record CAView(string CAId, CAInLamassu Lamassu, CARegistrationNote? Note, CAInAws? Aws)
{
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <param name="Type"><c>MANAGED</c>, <c>IMPORTED_WITH_KEY</c> or <c>IMPORTED_WITHOUT_KEY</c>.</param>
/// <param name="CertificateId">What the certificate's id in AWS is, or would be: lower-case hex of the SHA-256 of its DER.</param>
public sealed record CAInLamassu(
    string? Status, string? RevocationReason, string? Type, string? SerialNumber, string? CommonName, DateTimeOffset ExpirationTime, string CertificateId);

/// <summary>A registration as the CA's metadata tell it, in either dialect. Times are as they stand there.</summary>
/// <param name="Key">The metadata key.</param>
/// <param name="Status">In lower case: <c>requested</c>, <c>succeeded</c> or <c>failed</c>.</param>
public sealed record CARegistrationNote(
    string Key,
    string? Status,
    bool? PrimaryAccount,
    string? RequestTime,
    string? RegistrationTime,
    string? Error,
    string? Account,
    string? Region,
    string? Arn,
    string? CertificateId,
    string? DeactivatedTime,
    string? RemovedTime);

/// <param name="Status"><c>ACTIVE</c> or <c>INACTIVE</c>.</param>
/// <param name="CertificateMode"><c>DEFAULT</c> or <c>SNI_ONLY</c>.</param>
/// <param name="AutoRegistration">Whether AWS takes in devices of the CA by itself when they connect.</param>
/// <param name="Template">null when none is attached.</param>
public sealed record CAInAws(string CertificateId, string Arn, string Status, string CertificateMode, bool AutoRegistration, CATemplate? Template);

/// <summary>What AWS runs for the devices that it takes in.</summary>
/// <param name="Name">null for a template that the CA carries itself.</param>
/// <param name="Enabled">null for a template without a name, or one that is gone.</param>
/// <param name="DmsId">The DMS that it was made for; null for everybody else's.</param>
public sealed record CATemplate(string? Name, bool? Enabled, string? DmsId);
