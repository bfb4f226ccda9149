using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>Certificates and requests on the wire: base64 of the PEM text.</summary>
internal static class CertificateText
{
    public static WireType Certificate { get; } = WireType.Converted(
        text => Write("CERTIFICATE", Checked(text, der => X509CertificateLoader.LoadCertificate(der).Dispose())), "models.X509Certificate");

    public static WireType CertificateRequest { get; } = WireType.Converted(
        text => Write("CERTIFICATE REQUEST", Checked(text, der => LoadRequest(der))), "models.X509CertificateRequest");

    public static string WriteCertificate(ReadOnlySpan<byte> der) => Write("CERTIFICATE", der);

    public static string WriteRequest(ReadOnlySpan<byte> der) => Write("CERTIFICATE REQUEST", der);

    /// <summary>PEM as Go writes it: with a line end at the end.</summary>
    public static string WritePem(string label, ReadOnlySpan<byte> der) => PemEncoding.WriteString(label, der) + "\n";

    public static X509Certificate2 LoadCertificate(JsonNode certificate) => X509CertificateLoader.LoadCertificate(ReadDer(certificate.GetValue<string>()));

    /// <summary>The first PEM block, whatever its label says.</summary>
    public static byte[] ReadDer(string text)
    {
        var pem = Encoding.UTF8.GetString(ReadBase64(text));
        return PemEncoding.TryFind(pem, out var fields)
            ? Convert.FromBase64String(pem[fields.Base64Data])
            : throw new WireException("missing cert block");
    }

    public static byte[] ReadBase64(string text)
    {
        var compact = string.Concat(text.Where(character => character is not ('\r' or '\n')));
        return Base64.IsValid(compact)
            ? Convert.FromBase64String(compact)
            : throw new WireException($"illegal base64 data at input byte {Math.Max(0, compact.AsSpan().IndexOfAnyExcept(Base64Letters))}");
    }

    /// <summary>Reads a request without judging its signature, as Lamassu does when it signs.</summary>
    public static CertificateRequest LoadRequest(byte[] der) => System.Security.Cryptography.X509Certificates.CertificateRequest.LoadSigningRequest(
        der,
        HashAlgorithmName.SHA256,
        CertificateRequestLoadOptions.SkipSignatureValidation | CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions,
        RSASignaturePadding.Pkcs1);

    private static System.Buffers.SearchValues<char> Base64Letters { get; } =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    private static byte[] Checked(string text, Action<byte[]> load)
    {
        var der = ReadDer(text);
        try
        {
            load(der);
            return der;
        }
        catch (CryptographicException)
        {
            throw new WireException("x509: malformed certificate");
        }
    }

    private static string Write(string label, ReadOnlySpan<byte> der) => Convert.ToBase64String(Encoding.UTF8.GetBytes(WritePem(label, der)));
}
