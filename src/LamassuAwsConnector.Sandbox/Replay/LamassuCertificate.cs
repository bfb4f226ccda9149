using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>A certificate as Lamassu prints it, or that of a CA.</summary>
internal static class LamassuCertificate
{
    private const string AttachedTo = "lamassu.io/ra/attached-to";

    /// <summary>The PEM text; null where the member is missing or is no base64 of one.</summary>
    public static string? Pem(JsonObject? certificate)
    {
        if (certificate.Text("certificate") is not { } text)
        {
            return null;
        }

        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, buffer, out var length))
        {
            return null;
        }

        var pem = Encoding.UTF8.GetString(buffer, 0, length);
        return PemEncoding.TryFind(pem, out _) ? pem : null;
    }

    public static X509Certificate2? Load(JsonObject? certificate)
    {
        try
        {
            return Pem(certificate) is { } pem ? X509Certificate2.CreateFromPem(pem) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The id that AWS gives it: SHA-256 of the DER. From the connector's note where the certificate itself cannot be read.</summary>
    public static string? AwsId(JsonObject? certificate, string connectorId)
    {
        using var loaded = Load(certificate);
        return loaded is not null ? Convert.ToHexStringLower(SHA256.HashData(loaded.RawDataMemory.Span)) : ConnectorNotes.Arn(certificate, connectorId)?.Split('/')[^1];
    }

    public static string? AttachedDeviceId(JsonObject? certificate) => certificate.Object("metadata").Object(AttachedTo).Text("device_id") is { Length: > 0 } id ? id : null;

    public static string? AttachedDmsId(JsonObject? certificate) => certificate.Object("metadata").Object(AttachedTo).Object("authorized_by").Text("ra_id") is { Length: > 0 } id ? id : null;

    public static bool IsActive(JsonObject? certificate) => certificate.Text("status") == "ACTIVE";

    /// <summary>The reason outlives the hold: it counts only while the certificate is revoked.</summary>
    public static bool IsOnHold(JsonObject? certificate) => certificate.Text("status") == "REVOKED" && certificate.Text("revocation_reason") == "CertificateHold";

    /// <summary>The status that AWS is to have for a certificate in use; null where Lamassu gives no order.</summary>
    public static string? AwsStatus(JsonObject? certificate) => certificate.Text("status") switch
    {
        "ACTIVE" => "ACTIVE",
        "REVOKED" => IsOnHold(certificate) ? "INACTIVE" : "REVOKED",
        "EXPIRED" => "INACTIVE",
        _ => null,
    };
}
