using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>Makes certificates by Lamassu's rules: of CAs, and of devices after an issuance profile.</summary>
internal sealed class Issuance(KeyStore keys, GoClock clock)
{
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>What a validity that is no duration and has no time leads to: a certificate that ended in year 1.</summary>
    private static readonly DateTimeOffset GoZero = new(1, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="parent">null: the CA signs itself.</param>
    public X509Certificate2 IssueCA(JsonObject subject, JsonObject validity, AsymmetricAlgorithm key, JsonObject? parent)
    {
        var publicKey = PublicKeyOf(key);
        var name = CertificateModel.NameOf(subject);
        using var issuer = parent is null ? null : CertificateText.LoadCertificate(parent["certificate"]!["certificate"]!);
        var (from, to) = Times(validity);
        var contents = new CertificateContents
        {
            Issuer = issuer?.SubjectName ?? name,
            Subject = name,
            PublicKey = publicKey,
            NotBefore = from,
            NotAfter = to,
            Extensions =
            [
                new X509BasicConstraintsExtension(true, false, 0, true),
                new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true),
                KeyId(publicKey),
                X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(
                    Convert.FromHexString(issuer is null ? CertificateModel.DigestOf(publicKey) : CertificateModel.SubjectKeyIdOf(issuer))),
            ],
        };
        var signer = issuer is null ? key : keys.Find(issuer, (string)parent!["certificate"]!["type"]!);
        return X509CertificateLoader.LoadCertificate(CertificateIssuer.Issue(contents, signer));
    }

    /// <summary>A certificate for a request; the request's own signature is not looked at.</summary>
    public X509Certificate2 IssueLeaf(JsonObject ca, string request, JsonObject profile)
    {
        var csr = CertificateText.LoadRequest(CertificateText.ReadDer(request));
        using var issuer = CertificateText.LoadCertificate(ca["certificate"]!["certificate"]!);
        Enforce((JsonObject)profile["crypto_enforcement"]!, csr.PublicKey);
        var signer = keys.Find(issuer, (string)ca["certificate"]!["type"]!);
        var (from, to) = Times((JsonObject)profile["validity"]!);
        var contents = new CertificateContents
        {
            Issuer = issuer.SubjectName,
            Subject = Subject(csr.SubjectName, profile),
            PublicKey = csr.PublicKey,
            NotBefore = from,
            NotAfter = to,
            Extensions =
            [
                KeyId(csr.PublicKey),
                X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(Convert.FromHexString(CertificateModel.SubjectKeyIdOf(issuer))),
                new X509BasicConstraintsExtension((bool)profile["sign_as_ca"]!, false, 0, true),
                .. KeyUsage(csr, profile),
                .. ExtendedKeyUsage(csr, profile),
                .. (bool)profile["honor_extensions"]! ? csr.CertificateExtensions.Where(extension => extension.Oid?.Value == SubjectAlternativeName) : [],
            ],
        };
        return X509CertificateLoader.LoadCertificate(CertificateIssuer.Issue(contents, signer));
    }

    private (DateTimeOffset From, DateTimeOffset To) Times(JsonObject validity)
    {
        // Certificates hold whole seconds.
        var now = clock.UtcNow;
        var from = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        var to = (string)validity["type"]! == "Duration"
            ? from + LamassuDuration.Parse((string?)validity["duration"] ?? "0s")
            : (string)validity["time"]! is var time && time == GoTime.Zero ? GoZero : GoTime.Parse(time);
        return (from, to);
    }

    // With honor_subject false the profile's subject takes the place; only an empty CN keeps the request's.
    private static X500DistinguishedName Subject(X500DistinguishedName requested, JsonObject profile)
    {
        if ((bool)profile["honor_subject"]!)
        {
            return requested;
        }

        var subject = ((JsonObject)profile["subject"]!).DeepClone().AsObject();
        if ((string)subject["common_name"]! == "")
        {
            subject["common_name"] = (string)CertificateModel.SubjectOf(requested)["common_name"]!;
        }

        return CertificateModel.NameOf(subject);
    }

    private static IEnumerable<X509Extension> KeyUsage(CertificateRequest csr, JsonObject profile)
    {
        var usage = (bool)profile["honor_key_usage"]!
            ? csr.CertificateExtensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages ?? X509KeyUsageFlags.None
            : CertificateModel.KeyUsageFlags(profile["key_usage"] as JsonArray ?? []);
        return usage == X509KeyUsageFlags.None ? [] : [new X509KeyUsageExtension(usage, true)];
    }

    private static IEnumerable<X509Extension> ExtendedKeyUsage(CertificateRequest csr, JsonObject profile)
    {
        if ((bool)profile["honor_extended_key_usages"]!)
        {
            return csr.CertificateExtensions.OfType<X509EnhancedKeyUsageExtension>();
        }

        var usages = new OidCollection();
        foreach (var name in profile["extended_key_usages"] as JsonArray ?? [])
        {
            usages.Add(new Oid(WireNames.ExtendedKeyUsages[(string)name!]));
        }

        return usages.Count == 0 ? [] : [new X509EnhancedKeyUsageExtension(usages, false)];
    }

    // A list that is null allows every size, an empty one none.
    private static void Enforce(JsonObject rules, PublicKey key)
    {
        if (!(bool)rules["enabled"]!)
        {
            return;
        }

        var described = CertificateModel.KeyOf(key);
        var type = (string)described["type"]! == "RSA" ? "rsa" : "ecdsa";
        if (!(bool)rules[$"allow_{type}_keys"]!)
        {
            throw new LamassuException($"public key type {type.ToUpperInvariant()} is not allowed");
        }

        if (rules[$"allowed_{type}_key_sizes"] is JsonArray sizes && sizes.All(size => (long)size! != (int)described["bits"]!))
        {
            throw new LamassuException($"public key size {described["bits"]} is not allowed");
        }
    }

    private static X509SubjectKeyIdentifierExtension KeyId(PublicKey key) => new(Convert.FromHexString(CertificateModel.DigestOf(key)), false);

    private static PublicKey PublicKeyOf(AsymmetricAlgorithm key) => key is RSA rsa ? new PublicKey(rsa) : new PublicKey((ECDsa)key);
}
