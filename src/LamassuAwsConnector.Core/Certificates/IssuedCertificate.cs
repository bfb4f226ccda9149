using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace LamassuAwsConnector.Core.Certificates;

/// <summary>The X.509 certificate inside a Lamassu object.</summary>
/// <param name="Pem">The first certificate's PEM text, as Lamassu holds it.</param>
/// <param name="AwsId">Its id at AWS IoT: lower-case hex of the SHA-256 of the DER.</param>
/// <param name="SerialNumber">As Lamassu prints it.</param>
/// <param name="NotAfter">UTC.</param>
/// <param name="HasOwnKeyId">Its subject key identifier is the SHA-256 of its public key, or absent: the form in which Lamassu's KMS finds keys.</param>
internal sealed record IssuedCertificate(
    string Pem,
    string AwsId,
    string SerialNumber,
    string? CommonName,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    bool IsCA,
    bool HasOwnKeyId)
{
    /// <param name="encodedPem">Base64 of the PEM text, as Lamassu writes certificates.</param>
    /// <param name="subject">Names the object in the error.</param>
    /// <exception cref="ConnectorException"><see cref="FailureKind.Invalid"/> when there is no readable certificate.</exception>
    public static IssuedCertificate Read(string? encodedPem, string subject)
    {
        try
        {
            return Parse(Encoding.UTF8.GetString(Convert.FromBase64String(encodedPem ?? "")), subject);
        }
        catch (FormatException exception)
        {
            throw Unreadable(subject, exception);
        }
    }

    /// <param name="text">PEM text, as AWS gives certificates.</param>
    /// <param name="subject">Names the object in the error.</param>
    /// <exception cref="ConnectorException"><see cref="FailureKind.Invalid"/> when there is no readable certificate.</exception>
    public static IssuedCertificate Parse(string text, string subject)
    {
        try
        {
            var fields = PemEncoding.Find(text);
            var der = Convert.FromBase64String(text[fields.Base64Data]);
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            var keyId = certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifier;
            return new IssuedCertificate(
                text[fields.Location] + "\n",
                Convert.ToHexStringLower(SHA256.HashData(der)),
                SerialNumbers.Of(certificate.SerialNumberBytes.Span),
                CommonNameOf(certificate.SubjectName),
                new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
                new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
                certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(extension => extension.CertificateAuthority),
                keyId is null || keyId.Equals(Convert.ToHexString(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())), StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException or ArgumentException)
        {
            throw Unreadable(subject, exception);
        }
    }

    private static ConnectorException Unreadable(string subject, Exception exception) => new(
        FailureKind.Invalid, "certificate_unreadable", FailureSource.Lamassu, $"The certificate of {subject} can't be read as base64 of a PEM certificate.", exception);

    private static string? CommonNameOf(X500DistinguishedName name) => name.EnumerateRelativeDistinguishedNames()
        .FirstOrDefault(part => !part.HasMultipleElements && part.GetSingleElementType().Value == "2.5.4.3")?.GetSingleElementValue();
}
