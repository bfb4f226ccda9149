using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>What a certificate is to say.</summary>
internal sealed record CertificateContents
{
    public required X500DistinguishedName Issuer { get; init; }

    public required X500DistinguishedName Subject { get; init; }

    public required PublicKey PublicKey { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required IReadOnlyList<X509Extension> Extensions { get; init; }
}

/// <summary>
/// Writes and signs certificates itself: .NET's own builder refuses an end before the beginning, which Lamassu issues without a word when a validity has no
/// type.
/// </summary>
internal static class CertificateIssuer
{
    /// <summary>Years from 1950 to 2049 are written with two digits (RFC 5280, section 4.1.2.5).</summary>
    private const int LastShortYear = 2049;

    public static byte[] Issue(CertificateContents contents, AsymmetricAlgorithm key)
    {
        var generator = key is RSA rsa
            ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa((ECDsa)key);
        var algorithm = generator.GetSignatureAlgorithmIdentifier(HashAlgorithmName.SHA256);
        var body = WriteBody(contents, algorithm);

        byte[] signature;
        lock (key)
        {
            // One key serves many requests, and its methods are not promised to be thread-safe.
            signature = generator.SignData(body, HashAlgorithmName.SHA256);
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(body);
            writer.WriteEncodedValue(algorithm);
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }

    /// <summary>128 random bits; the first byte is not zero, so there are always 32 digits.</summary>
    public static byte[] NewSerialNumber()
    {
        var serialNumber = RandomNumberGenerator.GetBytes(16);
        serialNumber[0] = (byte)RandomNumberGenerator.GetInt32(1, 256);
        return serialNumber;
    }

    private static byte[] WriteBody(CertificateContents contents, byte[] algorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                // Version 3.
                writer.WriteInteger(2);
            }

            writer.WriteIntegerUnsigned(NewSerialNumber());
            writer.WriteEncodedValue(algorithm);
            writer.WriteEncodedValue(contents.Issuer.RawData);
            using (writer.PushSequence())
            {
                WriteTime(writer, contents.NotBefore);
                WriteTime(writer, contents.NotAfter);
            }

            writer.WriteEncodedValue(contents.Subject.RawData);
            writer.WriteEncodedValue(contents.PublicKey.ExportSubjectPublicKeyInfo());
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
            using (writer.PushSequence())
            {
                foreach (var extension in contents.Extensions)
                {
                    WriteExtension(writer, extension);
                }
            }
        }

        return writer.Encode();
    }

    private static void WriteExtension(AsnWriter writer, X509Extension extension)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(extension.Oid!.Value!);
            if (extension.Critical)
            {
                writer.WriteBoolean(true);
            }

            writer.WriteOctetString(extension.RawData);
        }
    }

    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.Year is >= 1950 and <= LastShortYear)
        {
            writer.WriteUtcTime(time, LastShortYear);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }
}
