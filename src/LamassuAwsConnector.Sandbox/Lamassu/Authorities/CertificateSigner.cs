using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>Signs certificate requests with a CA, by the rules of an issuance profile.</summary>
internal sealed class CertificateSigner(LamassuContext context, ProfileService profiles, KeyStore keys)
{
    private const string SubjectAlternativeNameOid = "2.5.29.17";

    /// <summary>Where the certificates say that their revocation list and OCSP responder are. Nobody answers there.</summary>
    private const string ValidationAuthority = "http://127.0.0.1:8088";

    /// <summary>Answers with a fresh certificate each time: signing is not idempotent.</summary>
    public Task<JsonObject> SignAsync(
        Operation operation, string caId, JsonNode? request, JsonObject? profile, string profileId, CancellationToken cancellationToken)
    {
        var input = new JsonObject
        {
            ["CAID"] = caId,
            ["CertRequest"] = request?.DeepClone(),
            ["IssuanceProfile"] = profile?.DeepClone(),
            ["IssuanceProfileID"] = profileId,
        };
        return context.Events.AuditedAsync(
            operation,
            "ca.sign.certificate",
            input,
            async () =>
            {
                var (certificate, isStored) = Sign(caId, request, profile, profileId);
                if (isStored)
                {
                    context.State.Save(LamassuKind.Certificate, certificate);
                }

                await context.Events.PublishAsync(
                    operation, "ca.sign.certificate", $"certificate/{certificate["serial_number"]}", certificate.DeepClone(), cancellationToken);
                return certificate;
            },
            cancellationToken);
    }

    /// <summary>The extensions of every certificate that Lamassu makes, behind those of its own kind.</summary>
    public static IEnumerable<X509Extension> CommonExtensions(PublicKey subject, string authorityKeyId)
    {
        yield return new X509SubjectKeyIdentifierExtension(Convert.FromHexString(CertificateModel.DigestOf(subject)), critical: false);
        yield return X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(Convert.FromHexString(authorityKeyId));
        yield return new X509AuthorityInformationAccessExtension([$"{ValidationAuthority}/ocsp"], []);
        yield return CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"{ValidationAuthority}/crl/{authorityKeyId}"]);
    }

    /// <summary>The end of a certificate that begins at <paramref name="start"/>. Whatever is not exactly a duration counts as a time.</summary>
    public static DateTimeOffset EndOf(JsonObject validity, DateTimeOffset start) => (string?)validity["type"] == "Duration"
        ? start + LamassuDuration.Parse((string?)validity["duration"] ?? "0s")
        : GoTime.Parse((string)validity["time"]!);

    /// <summary>Now, as a certificate can say it: in whole seconds.</summary>
    public static DateTimeOffset Seconds(DateTimeOffset time) => new(time.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    private (JsonObject Certificate, bool IsStored) Sign(string caId, JsonNode? request, JsonObject? inlineProfile, string profileId)
    {
        // A missing request reads like a missing CA.
        var ca = request is null ? null : context.State.Find(LamassuKind.CA, caId);
        if (ca is null)
        {
            throw new LamassuException("CA not found");
        }

        var caCertificate = ca["certificate"]!.AsObject();
        if ((string)caCertificate["status"]! != "ACTIVE")
        {
            throw new LamassuException("CA Status inconsistent");
        }

        var profile = inlineProfile ?? profiles.Get(profileId.Length > 0 ? profileId : (string)ca["profile_id"]!);
        var csr = CertificateText.LoadRequest(CertificateText.ReadDer(request!.GetValue<string>()));
        CheckKey(profile["crypto_enforcement"]!.AsObject(), csr.PublicKey);

        using var issuer = CertificateText.LoadCertificate(caCertificate["certificate"]!);
        var key = keys.Find(issuer, (string)caCertificate["type"]!);
        var start = Seconds(context.Clock.UtcNow);
        var end = EndOf(profile["validity"]!.AsObject(), start);
        var signAsCA = (bool)profile["sign_as_ca"]!;
        var der = CertificateIssuer.Issue(
            new CertificateContents
            {
                Issuer = issuer.SubjectName,
                Subject = SubjectFor(profile, csr),
                PublicKey = csr.PublicKey,
                NotBefore = start,
                NotAfter = end,
                Extensions = [.. ExtensionsFor(profile, csr, signAsCA), .. CommonExtensions(csr.PublicKey, CertificateModel.SubjectKeyIdOf(issuer))],
            },
            key);

        using var certificate = X509CertificateLoader.LoadCertificate(der);
        var issuedBy = CertificateModel.IssuerOf((string)ca["serial_number"]!, caId, level: 0);
        var type = keys.Knows(CertificateModel.SubjectKeyIdOf(certificate)) ? "MANAGED" : "IMPORTED_WITHOUT_KEY";
        return (CertificateModel.Create(certificate, start, end, issuedBy, type, "", signAsCA, madeHere: false), IsStored: !signAsCA);
    }

    private static X500DistinguishedName SubjectFor(JsonObject profile, CertificateRequest csr)
    {
        if ((bool)profile["honor_subject"]!)
        {
            return csr.SubjectName;
        }

        var subject = profile["subject"]!.DeepClone().AsObject();
        if ((string)subject["common_name"]! == "")
        {
            subject["common_name"] = CertificateModel.SubjectOf(csr.SubjectName)["common_name"]!.DeepClone();
        }

        return CertificateModel.NameOf(subject);
    }

    private static IEnumerable<X509Extension> ExtensionsFor(JsonObject profile, CertificateRequest csr, bool signAsCA)
    {
        var usage = (bool)profile["honor_key_usage"]!
            ? csr.CertificateExtensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages ?? X509KeyUsageFlags.None
            : CertificateModel.KeyUsageFlags(profile["key_usage"]!.AsArray());
        if (usage != X509KeyUsageFlags.None)
        {
            yield return new X509KeyUsageExtension(usage, critical: true);
        }

        var purposes = (bool)profile["honor_extended_key_usages"]!
            ? csr.CertificateExtensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages ?? []
            : PurposesOf(profile["extended_key_usages"] as JsonArray);
        if (purposes.Count > 0)
        {
            yield return new X509EnhancedKeyUsageExtension(purposes, critical: false);
        }

        if (signAsCA)
        {
            yield return new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true);
        }

        if ((bool)profile["honor_extensions"]!
            && csr.CertificateExtensions.FirstOrDefault(extension => extension.Oid?.Value == SubjectAlternativeNameOid) is { } names)
        {
            yield return names;
        }
    }

    private static OidCollection PurposesOf(JsonArray? names)
    {
        var purposes = new OidCollection();
        foreach (var name in names ?? [])
        {
            purposes.Add(new Oid(WireNames.ExtendedKeyUsages[(string)name!]));
        }

        return purposes;
    }

    private static void CheckKey(JsonObject enforcement, PublicKey publicKey)
    {
        if (!(bool)enforcement["enabled"]!)
        {
            return;
        }

        var key = CertificateModel.KeyOf(publicKey);
        var (type, bits) = ((string)key["type"]!, GoJson.Whole(key["bits"]));
        var (allowed, sizes) = type switch
        {
            "RSA" => ((bool)enforcement["allow_rsa_keys"]!, enforcement["allowed_rsa_key_sizes"]),
            "ECDSA" => ((bool)enforcement["allow_ecdsa_keys"]!, enforcement["allowed_ecdsa_key_sizes"]),
            _ => (false, null),
        };
        if (!allowed)
        {
            throw new LamassuException($"public key type {type} is not allowed by the issuance profile");
        }

        // No list allows any size, an empty one allows none.
        if (sizes is JsonArray list && !list.Any(size => GoJson.Whole(size) == bits))
        {
            throw new LamassuException($"public key size {bits} is not allowed by the issuance profile");
        }
    }
}
