using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>What AWS looks at in an X.509 certificate.</summary>
internal sealed class CertificateData
{
    private const string CommonNameOid = "2.5.4.3";

    private readonly byte[] der;

    private CertificateData(byte[] der, X509Certificate2 certificate)
    {
        this.der = der;
        Id = Convert.ToHexStringLower(SHA256.HashData(der));
        Pem = PemEncoding.WriteString("CERTIFICATE", der) + "\n";
        Subject = Convert.ToHexString(certificate.SubjectName.RawData);
        Issuer = Convert.ToHexString(certificate.IssuerName.RawData);
        NotBefore = new DateTimeOffset(certificate.NotBefore).ToUniversalTime();
        NotAfter = new DateTimeOffset(certificate.NotAfter).ToUniversalTime();
        PublicKey = certificate.PublicKey.ExportSubjectPublicKeyInfo();
        SubjectAttributes = ReadSubject(certificate.SubjectName);
        CanSignCertificates =
            certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(extension => extension.CertificateAuthority)
            && certificate.Extensions.OfType<X509KeyUsageExtension>().All(extension => extension.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign));
    }

    /// <summary>Lower-case hex SHA-256 of the DER.</summary>
    public string Id { get; }

    public string Pem { get; }

    /// <summary>Hex of the encoded name, for comparison.</summary>
    public string Subject { get; }

    public string Issuer { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    /// <summary>SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey { get; }

    /// <summary>Basic constraints say CA, and the key usage, where there is one, includes certificate signing.</summary>
    public bool CanSignCertificates { get; }

    /// <summary>First value of each attribute type, by OID.</summary>
    public IReadOnlyDictionary<string, string> SubjectAttributes { get; }

    public string? CommonName => SubjectAttributes.GetValueOrDefault(CommonNameOid);

    public bool IsValidAt(DateTimeOffset time) => NotBefore <= time && time <= NotAfter;

    public bool IsSignedBy(byte[] publicKey) => CertificateSignature.Verify(der, publicKey);

    /// <summary>Takes exactly one certificate.</summary>
    /// <exception cref="AwsException">CertificateValidationException.</exception>
    public static CertificateData Parse(string pem, string member)
    {
        Names.Pem(pem, member);
        var body = pem.Trim();
        if (!PemEncoding.TryFind(body, out var fields) || body[fields.Label] != "CERTIFICATE")
        {
            throw AwsException.CertificateValidation($"The {member} is no certificate in PEM");
        }

        if (body[fields.Location].Length != body.Length)
        {
            throw Assumptions.MoreThanOneCertificate(member);
        }

        try
        {
            var der = Convert.FromBase64String(body[fields.Base64Data]);
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            // The loader tolerates bytes after the certificate; the id is of the certificate alone.
            return certificate.RawData.AsSpan().SequenceEqual(der)
                ? new CertificateData(der, certificate)
                : throw AwsException.CertificateValidation($"The {member} is no certificate alone");
        }
        catch (CryptographicException)
        {
            throw AwsException.CertificateValidation($"The {member} cannot be read");
        }
    }

    private static Dictionary<string, string> ReadSubject(X500DistinguishedName subject)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in subject.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (!name.HasMultipleElements && name.GetSingleElementType().Value is { } oid && name.GetSingleElementValue() is { } value)
            {
                attributes.TryAdd(oid, value);
            }
        }

        return attributes;
    }
}
