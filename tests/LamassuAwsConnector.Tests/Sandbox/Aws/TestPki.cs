using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

internal sealed record TestCertificate(string Pem, byte[] Der)
{
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Der));
}

/// <summary>A CA with its key, which signs what it is asked to.</summary>
internal sealed class TestCA : IDisposable
{
    private readonly X509Certificate2 certificate;

    private TestCA(X509Certificate2 certificate) => this.certificate = certificate;

    public string Pem => certificate.ExportCertificatePem();

    public string Id => Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));

    public string PublicKeyPem =>
        certificate.GetECDsaPublicKey()?.ExportSubjectPublicKeyInfoPem() ?? certificate.GetRSAPublicKey()!.ExportSubjectPublicKeyInfoPem();

    public static TestCA Create(
        DateTimeOffset now,
        string name = "Test CA",
        bool isCA = true,
        X509KeyUsageFlags usage = X509KeyUsageFlags.KeyCertSign,
        TimeSpan? age = null
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Create(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), now, isCA, usage, age ?? TimeSpan.FromDays(1));
    }

    public static TestCA CreateRsa(DateTimeOffset now, RSASignaturePadding padding, int bits = 2048)
    {
        using var key = RSA.Create(bits);
        return Create(
            new CertificateRequest("CN=RSA CA", key, HashAlgorithmName.SHA256, padding),
            now,
            isCA: true,
            X509KeyUsageFlags.KeyCertSign,
            TimeSpan.FromDays(1)
        );
    }

    /// <param name="subject">A distinguished name; RDNs by comma.</param>
    /// <param name="from">When it becomes valid, for ten days.</param>
    public TestCertificate Issue(string subject, DateTimeOffset from)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var serial = RandomNumberGenerator.GetBytes(8);
        // A generator of its own, since the CA need not be one that .NET would let sign.
        X509SignatureGenerator generator = certificate.GetECDsaPrivateKey() is { } ecdsa
            ? X509SignatureGenerator.CreateForECDsa(ecdsa)
            : X509SignatureGenerator.CreateForRSA(certificate.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);
        using var issued = request.Create(certificate.SubjectName, generator, from, from.AddDays(10), serial);
        return new TestCertificate(issued.ExportCertificatePem(), issued.RawData);
    }

    public void Dispose() => certificate.Dispose();

    private static TestCA Create(CertificateRequest request, DateTimeOffset now, bool isCA, X509KeyUsageFlags usage, TimeSpan age)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isCA, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        return new TestCA(request.CreateSelfSigned(now - age, now - age + TimeSpan.FromDays(365)));
    }
}
