using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>Lamassu's CAs: made, imported, and what they sign.</summary>
internal sealed class CAService(Rows rows, EventPublisher events, KeyStore keys, Issuance issuance, GoClock clock)
{
    public Task<JsonObject> CreateAsync(Operation operation, JsonObject request, CancellationToken cancellationToken)
    {
        var requestedId = (string)request["id"]!;
        return events.AuditedAsync(operation, "ca.create", AuditInput(request), async () =>
        {
            RequireProfile((string)request["profile_id"]!);
            var id = NewId(requestedId);
            var parent = (string)request["parent_id"]! is { Length: > 0 } parentId ? rows.Get(LamassuKind.CA, parentId) : null;
            var keyMetadata = request["key_metadata"]!;
            var key = keys.Create((string)keyMetadata["type"]!, (long)keyMetadata["bits"]!);
            using var certificate = issuance.IssueCA((JsonObject)request["subject"]!, (JsonObject)request["ca_expiration"]!, key, parent);
            var serialNumber = CertificateModel.SerialNumberOf(certificate);
            var issuer = parent is null
                ? CertificateModel.IssuerOf(serialNumber, id, 0)
                : CertificateModel.IssuerOf((string)parent["serial_number"]!, (string)parent["id"]!, (int)parent["level"]!);
            var model = CertificateModel.Create(
                certificate,
                certificate.NotBefore.ToUniversalTime(),
                certificate.NotAfter.ToUniversalTime(),
                issuer,
                "MANAGED",
                (string)request["engine_id"]! is { Length: > 0 } engine ? engine : "filesystem-1",
                isCA: true,
                madeHere: true);
            var ca = NewCA(id, model, request["metadata"]?.DeepClone() ?? new JsonObject(), parent is null ? 0 : (int)parent["level"]! + 1, (string)request["profile_id"]!);
            await rows.SaveAsync(LamassuKind.CA, id, ca, cancellationToken);
            await events.PublishAsync(operation, "ca.create", $"ca/{requestedId}", ca.DeepClone(), cancellationToken);
            return ca;
        }, cancellationToken);
    }

    public Task<JsonObject> ImportAsync(Operation operation, JsonObject request, CancellationToken cancellationToken)
    {
        var requestedId = (string)request["id"]!;
        return events.AuditedAsync(operation, "ca.import", new JsonObject { ["ID"] = requestedId, ["ProfileID"] = (string)request["profile_id"]! }, async () =>
        {
            if ((string)request["profile_id"]! is { Length: > 0 } profileId)
            {
                RequireProfile(profileId);
            }

            var id = NewId(requestedId);
            using var certificate = CertificateText.LoadCertificate(request["ca"] ?? throw LamassuException.Invalid());
            var type = ImportKey((string)request["private_key"]!, CertificateModel.SubjectKeyIdOf(certificate));
            var issuer = CertificateModel.IssuerOf(CertificateModel.SerialNumberOf(certificate), id, 0);
            var model = CertificateModel.Imported(certificate, issuer, type, type == "IMPORTED_WITHOUT_KEY" ? "" : "filesystem-1");
            var ca = NewCA(id, model, new JsonObject(), 0, (string)request["profile_id"]!);
            await rows.SaveAsync(LamassuKind.CA, id, ca, cancellationToken);
            await events.PublishAsync(operation, "ca.import", $"ca/{requestedId}", ca.DeepClone(), cancellationToken);
            return ca;
        }, cancellationToken);
    }

    public Task<JsonObject> SignAsync(Operation operation, string caId, JsonObject request, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["CAID"] = caId, ["CertRequest"] = request["csr"]?.DeepClone(), ["IssuanceProfile"] = request["profile"]?.DeepClone() };
        return events.AuditedAsync(operation, "ca.sign.certificate", input, async () =>
        {
            // A request without CSR looks like a missing CA.
            var ca = request["csr"] is null ? throw new LamassuException(Rows.NotFound(LamassuKind.CA)) : rows.Get(LamassuKind.CA, caId);
            if ((string)ca["certificate"]!["status"]! != "ACTIVE")
            {
                throw new LamassuException("CA Status inconsistent");
            }

            var profile = request["profile"] as JsonObject
                ?? rows.Get(LamassuKind.Profile, (string)request["profile_id"]! is { Length: > 0 } asked ? asked : (string)ca["profile_id"]!);
            using var certificate = issuance.IssueLeaf(ca, (string)request["csr"]!, profile);
            var model = CertificateModel.Create(
                certificate,
                certificate.NotBefore.ToUniversalTime(),
                certificate.NotAfter.ToUniversalTime(),
                CertificateModel.IssuerOf((string)ca["serial_number"]!, caId, 0),
                "IMPORTED_WITHOUT_KEY",
                "",
                (bool)profile["sign_as_ca"]!,
                madeHere: false);
            var serialNumber = (string)model["serial_number"]!;
            if (!(bool)profile["sign_as_ca"]!)
            {
                await rows.SaveAsync(LamassuKind.Certificate, serialNumber, model, cancellationToken);
            }

            await events.PublishAsync(operation, "ca.sign.certificate", $"certificate/{serialNumber}", model.DeepClone(), cancellationToken);
            return model;
        }, cancellationToken);
    }

    /// <summary>The CA keeps its id and its key; its metadata is replaced by the links to the former certificate. No span: the event's id is <c>unknown</c>.</summary>
    public Task<JsonObject> ReissueAsync(Operation operation, string caId, CancellationToken cancellationToken)
    {
        var job = operation with { SpanId = null };
        return events.AuditedAsync(job, "ca.reissue", new JsonObject { ["CAID"] = caId }, async () =>
        {
            var previous = rows.ForUpdate(LamassuKind.CA, caId);
            var former = previous["certificate"]!.AsObject();
            switch ((string)former["status"]!)
            {
                case "REVOKED":
                    throw new LamassuException("CA already revoked");
                case "EXPIRED":
                    throw new LamassuException("CA is expired");
            }

            using var old = CertificateText.LoadCertificate(former["certificate"]!);
            var key = keys.Find(old, (string)former["type"]!);
            var lifetime = old.NotAfter - old.NotBefore;
            var validity = new JsonObject { ["type"] = "Time", ["time"] = GoTime.Format(clock.UtcNow + lifetime) };
            var parent = (string)former["issuer_metadata"]!["id"]! is var parentId && parentId == caId ? null : rows.Find(LamassuKind.CA, parentId);
            using var certificate = issuance.IssueCA(former["subject"]!.AsObject(), validity, key, parent);
            var links = new JsonObject { ["lamassu.io/ca/reissue-reason"] = "certificate-reissuance", ["lamassu.io/ca/reissued-from"] = (string)former["serial_number"]! };
            var model = CertificateModel.Create(
                certificate,
                certificate.NotBefore.ToUniversalTime(),
                certificate.NotAfter.ToUniversalTime(),
                former["issuer_metadata"]!.DeepClone().AsObject(),
                (string)former["type"]!,
                (string)former["engine_id"]!,
                isCA: true,
                madeHere: true);
            model["metadata"] = links.DeepClone();
            var updated = previous.DeepClone().AsObject();
            updated["certificate"] = model;
            updated["serial_number"] = (string)model["serial_number"]!;
            updated["metadata"] = links;
            await rows.SaveAsync(LamassuKind.CA, caId, updated, cancellationToken);
            await events.PublishUpdateAsync(job, "ca.reissue", $"ca/{caId}", previous, updated, cancellationToken);
            return updated;
        }, cancellationToken);
    }

    public Task<JsonObject> UpdateMetadataAsync(Operation operation, string caId, JsonObject request, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["CAID"] = caId, ["Patches"] = request["patches"]?.DeepClone() };
        return events.AuditedAsync(operation, "ca.metadata.update", input, async () =>
        {
            var previous = rows.ForUpdate(LamassuKind.CA, caId);
            var updated = previous.DeepClone().AsObject();
            Rows.Patch(updated, request);
            await rows.SaveAsync(LamassuKind.CA, caId, updated, cancellationToken);
            await events.PublishUpdateAsync(operation, "ca.metadata.update", $"ca/{caId}", previous, updated, cancellationToken);
            return updated;
        }, cancellationToken);
    }

    private string ImportKey(string privateKey, string subjectKeyId)
    {
        if (privateKey.Length == 0)
        {
            return keys.Knows(subjectKeyId) ? "MANAGED" : "IMPORTED_WITHOUT_KEY";
        }

        AsymmetricAlgorithm key = KeyStore.ReadPrivateKey(privateKey);
        return keys.TryImport(key) ? "IMPORTED_WITH_KEY" : throw new LamassuException("key already exists");
    }

    private void RequireProfile(string profileId)
    {
        if (profileId.Length == 0)
        {
            throw LamassuException.Invalid();
        }

        rows.Get(LamassuKind.Profile, profileId);
    }

    private string NewId(string requested)
    {
        if (requested.Length == 0)
        {
            return Guid.NewGuid().ToString();
        }

        return rows.Find(LamassuKind.CA, requested) is null ? requested : throw new LamassuException("CA already exists");
    }

    private JsonObject NewCA(string id, JsonObject certificate, JsonNode metadata, int level, string profileId) => new()
    {
        ["id"] = id,
        ["certificate"] = certificate,
        ["serial_number"] = (string)certificate["serial_number"]!,
        ["metadata"] = metadata,
        ["creation_ts"] = clock.Now(),
        ["level"] = level,
        ["profile_id"] = profileId,
    };

    private static JsonObject AuditInput(JsonObject request) => new()
    {
        ["ID"] = request["id"]!.DeepClone(),
        ["ParentID"] = request["parent_id"]!.DeepClone(),
        ["KeyMetadata"] = request["key_metadata"]!.DeepClone(),
        ["Subject"] = request["subject"]!.DeepClone(),
        ["ProfileID"] = request["profile_id"]!.DeepClone(),
        ["CAExpiration"] = request["ca_expiration"]!.DeepClone(),
        ["EngineID"] = request["engine_id"]!.DeepClone(),
        ["Metadata"] = request["metadata"]?.DeepClone(),
    };
}
