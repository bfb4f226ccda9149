using System.Formats.Asn1;
using System.Security.Cryptography;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>Verifies the signature of a certificate with a public key, for the algorithms that AWS IoT takes.</summary>
internal static class CertificateSignature
{
    private const int SmallestRsaKey = 2048;

    private static readonly Dictionary<string, (HashAlgorithmName Hash, RSASignaturePadding? Padding)> Algorithms = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.11"] = (HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ["1.2.840.113549.1.1.12"] = (HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        ["1.2.840.113549.1.1.13"] = (HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        ["1.2.840.10045.4.3.2"] = (HashAlgorithmName.SHA256, null),
        ["1.2.840.10045.4.3.3"] = (HashAlgorithmName.SHA384, null),
        ["1.2.840.10045.4.3.4"] = (HashAlgorithmName.SHA512, null),
        ["1.2.840.113549.1.1.10"] = (default, RSASignaturePadding.Pss),
    };

    private static readonly Dictionary<string, HashAlgorithmName> PssHashes = new(StringComparer.Ordinal)
    {
        ["2.16.840.1.101.3.4.2.1"] = HashAlgorithmName.SHA256,
        ["2.16.840.1.101.3.4.2.2"] = HashAlgorithmName.SHA384,
        ["2.16.840.1.101.3.4.2.3"] = HashAlgorithmName.SHA512,
    };

    public static bool Verify(byte[] der, byte[] publicKey)
    {
        try
        {
            var certificate = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            var signed = certificate.ReadEncodedValue().ToArray();
            var algorithm = certificate.ReadSequence();
            var oid = algorithm.ReadObjectIdentifier();
            var signature = certificate.ReadBitString(out _);
            if (!Algorithms.TryGetValue(oid, out var known))
            {
                return false;
            }

            if (known.Padding is null)
            {
                using var ecdsa = ECDsa.Create();
                ecdsa.ImportSubjectPublicKeyInfo(publicKey, out _);
                return ecdsa.VerifyData(signed, signature, known.Hash, DSASignatureFormat.Rfc3279DerSequence);
            }

            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
            var hash = known.Padding == RSASignaturePadding.Pss ? PssHash(algorithm) : known.Hash;
            return rsa.KeySize >= SmallestRsaKey && rsa.VerifyData(signed, signature, hash, known.Padding);
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            // A key of another kind than the signature's, or an encoding that is none: not signed by that key.
            return false;
        }
    }

    private static HashAlgorithmName PssHash(AsnReader algorithm)
    {
        var parameters = algorithm.ReadSequence();
        var hash = parameters.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence().ReadObjectIdentifier();
        return PssHashes.GetValueOrDefault(hash);
    }
}
