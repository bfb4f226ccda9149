using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>Makes CAs: created with a new key, imported, issued again.</summary>
internal sealed class CAFoundry(LamassuContext context, ProfileService profiles, KeyStore keys)
{
    public const string KeyMismatch = "CA and the provided key don't match";
    public const string AlreadyRevoked = "CA already revoked";
    public const string Expired = "CA is expired";

    private const string DefaultEngine = "filesystem-1";
    private const string Managed = "MANAGED";

    public Task<JsonObject> CreateAsync(Operation operation, JsonObject request, CancellationToken cancellationToken)
    {
        request["metadata"] ??= new JsonObject();
        var input = Renamed(
            request,
            ("ID", "id"),
            ("ParentID", "parent_id"),
            ("KeyMetadata", "key_metadata"),
            ("Subject", "subject"),
            ("ProfileID", "profile_id"),
            ("CAExpiration", "ca_expiration"),
            ("EngineID", "engine_id"),
            ("Metadata", "metadata"),
            ("CAIssuanceProfileID", "ca_issuance_profile_id"),
            ("CAIssuanceProfile", "ca_issuance_profile"));
        return SaveAsync(operation, "ca.create", (string)request["id"]!, input, () => Create(request), cancellationToken);
    }

    public Task<JsonObject> ImportAsync(Operation operation, JsonObject request, CancellationToken cancellationToken)
    {
        var hasKey = (string)request["private_key"]! != "";

        // The private key is never shown.
        var input = new JsonObject
        {
            ["ID"] = (string)request["id"]!,
            ["ProfileID"] = (string)request["profile_id"]!,
            ["CACertificate"] = request["ca"]?.DeepClone(),
            ["CAChain"] = null,
            ["Key"] = null,
            ["EngineID"] = hasKey ? DefaultEngine : "",
            ["CARequestID"] = (string)request["ca_request_id"]!,
        };
        return SaveAsync(operation, "ca.import", (string)request["id"]!, input, () => Import(request, hasKey), cancellationToken);
    }

    /// <summary>Same id, same key, new serial number; the metadata of both the CA and its certificate are replaced.</summary>
    public Task<JsonObject> ReissueAsync(Operation operation, string id, JsonObject? profile, string profileId, CancellationToken cancellationToken)
    {
        // Lamassu loses the span of this call.
        var target = new UpdateTarget(operation with { SpanId = null }, LamassuKind.CA, id, "ca.reissue");
        var input = new JsonObject { ["CAID"] = id, ["IssuanceProfile"] = profile?.DeepClone(), ["IssuanceProfileID"] = profileId };
        return context.Events.AuditedAsync(
            target.Operation,
            target.EventType,
            input,
            () => context.UpdateAsync(
                target,
                ca =>
                {
                    Reissue(ca, profile ?? (profileId.Length > 0 ? profiles.Get(profileId) : null));
                    return Task.CompletedTask;
                },
                cancellationToken),
            cancellationToken);
    }

    private Task<JsonObject> SaveAsync(
        Operation operation, string type, string requestedId, JsonObject input, Func<JsonObject> make, CancellationToken cancellationToken) =>
        context.Events.AuditedAsync(
            operation,
            type,
            input,
            async () =>
            {
                var ca = make();
                context.State.Save(LamassuKind.CA, ca);

                // The subject names the id that was asked for, even when none was.
                await context.Events.PublishAsync(operation, type, $"ca/{requestedId}", ca.DeepClone(), cancellationToken);
                return ca;
            },
            cancellationToken);

    private JsonObject Create(JsonObject request)
    {
        var profileId = (string)request["profile_id"]!;
        if (profileId.Length == 0)
        {
            throw LamassuException.Invalid();
        }

        profiles.Get(profileId);
        if ((string)request["ca_issuance_profile_id"]! is { Length: > 0 } ownProfile)
        {
            profiles.Get(ownProfile);
        }

        var id = IdFor(request);
        if (context.State.Find(LamassuKind.CA, id) is not null)
        {
            throw new LamassuException("CA already exists");
        }

        var parent = (string)request["parent_id"]! is { Length: > 0 } parentId
            ? context.State.Find(LamassuKind.CA, parentId) ?? throw new LamassuException("CA not found")
            : null;
        var key = keys.Create((string)request["key_metadata"]!["type"]!, GoJson.Whole(request["key_metadata"]!["bits"]));
        var start = CertificateSigner.Seconds(context.Clock.UtcNow);
        var end = CertificateSigner.EndOf(request["ca_expiration"]!.AsObject(), start);
        var name = CertificateModel.NameOf(request["subject"]!.AsObject());
        using var certificate = Issue(name, new PublicKey(key), key, parent, start, end);

        var serialNumber = CertificateModel.SerialNumberOf(certificate);
        var issuer = parent is null
            ? CertificateModel.IssuerOf(serialNumber, id, 0)
            : CertificateModel.IssuerOf((string)parent["serial_number"]!, (string)parent["id"]!, GoJson.Whole(parent["level"]));
        var engine = (string)request["engine_id"]! is { Length: > 0 } asked ? asked : DefaultEngine;
        return Compose(
            id,
            CertificateModel.Create(certificate, start, end, issuer, Managed, engine, isCA: true, madeHere: true),
            request["metadata"]!.DeepClone(),
            parent is null ? 0 : GoJson.Whole(parent["level"]) + 1,
            profileId);
    }

    private JsonObject Import(JsonObject request, bool hasKey)
    {
        using var certificate = CertificateText.LoadCertificate(request["ca"] ?? throw LamassuException.Invalid());
        var profileId = (string)request["profile_id"]!;
        if (profileId.Length > 0)
        {
            profiles.Get(profileId);
        }

        var id = IdFor(request);
        if (context.State.Find(LamassuKind.CA, id) is not null)
        {
            throw new LamassuException("ERROR: duplicate key value violates unique constraint \"ca_certificates_pkey\" (SQLSTATE 23505)");
        }

        if (hasKey)
        {
            ImportKey((string)request["private_key"]!, certificate);
        }

        var (type, engine) = hasKey ? ("IMPORTED_WITH_KEY", DefaultEngine)
            : keys.Knows(CertificateModel.SubjectKeyIdOf(certificate)) ? (Managed, DefaultEngine)
            : ("IMPORTED_WITHOUT_KEY", "");
        var (issuer, level) = IssuerOf(certificate, id);
        return Compose(id, CertificateModel.Imported(certificate, issuer, type, engine), new JsonObject(), level, profileId);
    }

    private void ImportKey(string text, X509Certificate2 certificate)
    {
        var key = KeyStore.ReadPrivateKey(text);
        if (!key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo()))
        {
            throw new LamassuException(KeyMismatch);
        }

        if (!keys.TryImport(key))
        {
            throw new LamassuException("key already exists");
        }
    }

    private (JsonObject Issuer, int Level) IssuerOf(X509Certificate2 certificate, string id)
    {
        if (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
        {
            return (CertificateModel.IssuerOf(CertificateModel.SerialNumberOf(certificate), id, 0), 0);
        }

        var keyId = CertificateModel.AuthorityKeyIdOf(certificate);
        var parent = keyId.Length == 0 ? null : context.State.All(LamassuKind.CA).FirstOrDefault(ca => (string?)ca["certificate"]?["subject_key_id"] == keyId);
        if (parent is null)
        {
            return (CertificateModel.IssuerOf("-", "-", -1), 0);
        }

        var level = GoJson.Whole(parent["level"]);
        return (CertificateModel.IssuerOf((string)parent["serial_number"]!, (string)parent["id"]!, level), level + 1);
    }

    private void Reissue(JsonObject ca, JsonObject? profile)
    {
        var model = ca["certificate"]!.AsObject();
        switch ((string)model["status"]!)
        {
            case "REVOKED":
                throw new LamassuException(AlreadyRevoked);
            case "EXPIRED":
                throw new LamassuException(Expired);
        }

        using var former = CertificateText.LoadCertificate(model["certificate"]!);
        var formerSerialNumber = (string)ca["serial_number"]!;
        var issuerId = (string)model["issuer_metadata"]!["id"]!;
        var parent = issuerId == (string)ca["id"]! ? null : context.State.Find(LamassuKind.CA, issuerId);
        var start = CertificateSigner.Seconds(context.Clock.UtcNow);
        var end = profile is not null
            ? CertificateSigner.EndOf(profile["validity"]!.AsObject(), start)
            : start + (GoTime.Parse((string)model["valid_to"]!) - GoTime.Parse((string)model["valid_from"]!));
        var key = keys.Find(former, (string)model["type"]!);
        using var certificate = Issue(former.SubjectName, former.PublicKey, key, parent, start, end);

        var serialNumber = CertificateModel.SerialNumberOf(certificate);
        var links = new JsonObject
        {
            ["lamassu.io/ca/reissue-reason"] = "certificate-reissuance",
            ["lamassu.io/ca/reissued-from"] = formerSerialNumber,
        };
        var replaced = model.DeepClone().AsObject();
        replaced["metadata"] = MetadataPatch.Apply(replaced["metadata"] ?? new JsonObject(), []);
        replaced["metadata"]!["lamassu.io/ca/reissued-as"] = serialNumber;
        replaced["metadata"]!["lamassu.io/ca/reissued-at"] = context.Clock.Now();
        context.State.Save(LamassuKind.Certificate, replaced);

        model["serial_number"] = serialNumber;
        model["metadata"] = links.DeepClone();
        model["certificate"] = CertificateText.WriteCertificate(certificate.RawData);
        model["valid_from"] = GoTime.Format(start);
        model["valid_to"] = GoTime.Format(end);
        ca["serial_number"] = serialNumber;
        ca["metadata"] = links;
    }

    /// <summary>A CA certificate; without a parent it signs itself.</summary>
    private X509Certificate2 Issue(
        X500DistinguishedName subject, PublicKey publicKey, AsymmetricAlgorithm key, JsonObject? parent, DateTimeOffset start, DateTimeOffset end)
    {
        using var issuer = parent is null ? null : CertificateText.LoadCertificate(parent["certificate"]!["certificate"]!);
        var authorityKeyId = issuer is null ? CertificateModel.DigestOf(publicKey) : CertificateModel.SubjectKeyIdOf(issuer);
        var contents = new CertificateContents
        {
            Issuer = issuer?.SubjectName ?? subject,
            Subject = subject,
            PublicKey = publicKey,
            NotBefore = start,
            NotAfter = end,
            Extensions =
            [
                new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true),
                new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true),
                .. CertificateSigner.CommonExtensions(publicKey, authorityKeyId),
            ],
        };
        var signingKey = issuer is null ? key : keys.Find(issuer, (string)parent!["certificate"]!["type"]!);
        return X509CertificateLoader.LoadCertificate(CertificateIssuer.Issue(contents, signingKey));
    }

    private JsonObject Compose(string id, JsonObject certificate, JsonNode metadata, int level, string profileId) => new()
    {
        ["id"] = id,
        ["certificate"] = certificate,
        ["serial_number"] = (string)certificate["serial_number"]!,
        ["metadata"] = metadata,
        ["creation_ts"] = context.Clock.Now(),
        ["level"] = level,
        ["profile_id"] = profileId,
    };

    private static string IdFor(JsonObject request) => (string)request["id"]! is { Length: > 0 } id ? id : Guid.NewGuid().ToString();

    private static JsonObject Renamed(JsonObject source, params (string Name, string Member)[] names) =>
        new(names.Select(name => KeyValuePair.Create(name.Name, source[name.Member]?.DeepClone())));
}
