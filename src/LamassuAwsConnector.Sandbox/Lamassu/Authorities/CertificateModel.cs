using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>Between X.509 and Lamassu's model of a certificate.</summary>
internal static class CertificateModel
{
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string EcOid = "1.2.840.10045.2.1";

    /// <summary>Attributes of a name: the model's member and the object identifier, in the order in which they stand in a certificate.</summary>
    private static readonly (string Member, string Oid)[] Attributes =
    [
        ("country", "2.5.4.6"),
        ("state", "2.5.4.8"),
        ("locality", "2.5.4.7"),
        ("organization", "2.5.4.10"),
        ("organization_unit", "2.5.4.11"),
        ("common_name", "2.5.4.3"),
    ];

    public static JsonObject Create(
        X509Certificate2 certificate,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        JsonObject issuer,
        string type,
        string engineId,
        bool isCA,
        bool madeHere)
    {
        var key = KeyOf(certificate.PublicKey);
        if (madeHere)
        {
            // CAs made inside Lamassu always say so.
            key["strength"] = "HIGH";
        }

        return new JsonObject
        {
            ["serial_number"] = SerialNumberOf(certificate),
            ["subject_key_id"] = SubjectKeyIdOf(certificate),
            ["authority_key_id"] = AuthorityKeyIdOf(certificate),
            ["metadata"] = new JsonObject(),
            ["status"] = "ACTIVE",
            ["certificate"] = CertificateText.WriteCertificate(certificate.RawData),
            ["key_metadata"] = key,
            ["subject"] = SubjectOf(certificate.SubjectName),
            ["issuer"] = madeHere ? WireModels.Subject.Zero() : SubjectOf(certificate.IssuerName),
            ["valid_from"] = GoTime.Format(notBefore),
            ["extensions"] = new JsonObject { ["key_usage"] = KeyUsageOf(certificate), ["extended_key_usage"] = ExtendedKeyUsageOf(certificate) },
            ["issuer_metadata"] = issuer,
            ["valid_to"] = GoTime.Format(notAfter),
            ["revocation_timestamp"] = GoTime.Zero,
            ["revocation_reason"] = "Unspecified",
            ["type"] = type,
            ["engine_id"] = engineId,
            ["is_ca"] = isCA,
        };
    }

    public static JsonObject Imported(X509Certificate2 certificate, JsonObject issuer, string type, string engineId) => Create(
        certificate,
        certificate.NotBefore.ToUniversalTime(),
        certificate.NotAfter.ToUniversalTime(),
        issuer,
        type,
        engineId,
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority),
        madeHere: false);

    public static JsonObject IssuerOf(string serialNumber, string id, int level) =>
        new() { ["serial_number"] = serialNumber, ["id"] = id, ["level"] = level };

    /// <summary>Lower-case hex with an even number of digits.</summary>
    public static string SerialNumberOf(X509Certificate2 certificate)
    {
        // A leading zero byte only says that the number is positive.
        var bytes = certificate.SerialNumberBytes.Span.TrimStart((byte)0);
        return bytes.IsEmpty ? "00" : Convert.ToHexStringLower(bytes);
    }

    public static string SubjectKeyIdOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } extension
            ? Convert.ToHexStringLower(extension.SubjectKeyIdentifierBytes.Span)
            : DigestOf(certificate.PublicKey);

    public static string DigestOf(PublicKey key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    public static string AuthorityKeyIdOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } identifier
            ? Convert.ToHexStringLower(identifier.Span)
            : "";

    /// <summary>Only the first value of each attribute survives.</summary>
    public static JsonObject SubjectOf(X500DistinguishedName name)
    {
        var subject = WireModels.Subject.Read(null);
        foreach (var part in name.EnumerateRelativeDistinguishedNames(reversed: false).Where(part => !part.HasMultipleElements))
        {
            var member = Array.Find(Attributes, attribute => attribute.Oid == part.GetSingleElementType().Value).Member;
            if (member is not null && (string)subject[member]! == "")
            {
                subject[member] = part.GetSingleElementValue() ?? "";
            }
        }

        return subject;
    }

    public static X500DistinguishedName NameOf(JsonObject subject)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var (member, oid) in Attributes.Where(attribute => (string)subject[attribute.Member]! != ""))
            {
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(oid);
                    writer.WriteCharacterString(UniversalTagNumber.UTF8String, (string)subject[member]!);
                }
            }
        }

        return new X500DistinguishedName(writer.Encode());
    }

    /// <summary>Type, bits and strength of a key.</summary>
    public static JsonObject KeyOf(PublicKey key)
    {
        var (type, bits) = key.Oid.Value switch
        {
            RsaOid => ("RSA", RsaBits(key)),
            EcOid => ("ECDSA", EcBits(key)),
            _ => ("0", 0),
        };
        var strength = (type, bits) switch
        {
            ("RSA", >= 3072) or ("ECDSA", >= 256) => "HIGH",
            ("RSA", >= 2048) or ("ECDSA", > 128) => "MEDIUM",
            _ => "LOW",
        };
        return new JsonObject { ["type"] = type, ["bits"] = bits, ["strength"] = strength };
    }

    public static JsonArray KeyUsageOf(X509Certificate2 certificate) =>
        KeyUsageNames(certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages ?? X509KeyUsageFlags.None);

    public static JsonArray KeyUsageNames(X509KeyUsageFlags flags) =>
        WireNames.ListOf(WireNames.KeyUsages.Where((_, bit) => flags.HasFlag(FlagOf(bit))));

    public static X509KeyUsageFlags KeyUsageFlags(JsonArray names) => names
        .Select(name => FlagOf(Array.IndexOf(WireNames.KeyUsages, (string)name!)))
        .Aggregate(X509KeyUsageFlags.None, (flags, flag) => flags | flag);

    /// <summary>The bits count from the left of the first byte; the ninth is the first of the second byte.</summary>
    private static X509KeyUsageFlags FlagOf(int bit) => bit < 8 ? (X509KeyUsageFlags)(0x80 >> bit) : X509KeyUsageFlags.DecipherOnly;

    private static JsonArray ExtendedKeyUsageOf(X509Certificate2 certificate) => WireNames.ListOf(certificate.Extensions
        .OfType<X509EnhancedKeyUsageExtension>()
        .SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>())
        .Select(oid => WireNames.ExtendedKeyUsages.FirstOrDefault(usage => usage.Value == oid.Value).Key)
        .Where(name => name is not null));

    private static int RsaBits(PublicKey key)
    {
        using var rsa = key.GetRSAPublicKey()!;
        return rsa.KeySize;
    }

    private static int EcBits(PublicKey key)
    {
        using var ecdsa = key.GetECDsaPublicKey()!;
        return ecdsa.KeySize;
    }
}
