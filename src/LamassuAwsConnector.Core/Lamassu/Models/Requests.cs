using System.Text.Json.Serialization;

namespace LamassuAwsConnector.Core.Lamassu.Models;

/// <param name="Csr">Base64 of the PEM text of a PKCS#10 request.</param>
public sealed record SignCertificateRequest(
    [property: JsonPropertyName("csr")] string Csr,
    [property: JsonPropertyName("profile")] SigningProfile Profile);

/// <summary>The few members of an issuance profile that a verification certificate needs; the CA's own default profile might replace the CN.</summary>
public sealed record SigningProfile(
    [property: JsonPropertyName("validity")] SigningValidity Validity,
    [property: JsonPropertyName("honor_subject")] bool HonorSubject,
    [property: JsonPropertyName("key_usage")] IReadOnlyList<string> KeyUsage);

/// <param name="Duration">Lamassu's duration text, e.g. <c>1d</c>.</param>
public sealed record SigningValidity(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("duration")] string Duration);

public sealed record UpdateCertificateStatusRequest(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("revocation_reason")] string RevocationReason);
