using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox;

internal static class CertificateIds
{
    /// <summary>The id at AWS of a Lamassu certificate object: the SHA-256 of its DER, lower-case hex.</summary>
    public static string Of(JsonObject certificate)
    {
        var pem = Encoding.UTF8.GetString(Convert.FromBase64String(certificate["certificate"]!.GetValue<string>()));
        return Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data])));
    }
}
