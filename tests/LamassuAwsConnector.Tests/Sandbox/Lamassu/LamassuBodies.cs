using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>Requests to Lamassu, as wire JSON.</summary>
internal static class LamassuBodies
{
    /// <summary>Made once: RSA keys take long.</summary>
    private static readonly Lazy<RSA> RsaKey = new(() => RSA.Create(2048));

    public static JsonObject Profile(JsonObject? changes = null) => Changed(
        """
        {"name":"device-profile","description":"device certificates",
         "validity":{"type":"Duration","duration":"365d","time":"0001-01-01T00:00:00Z"},
         "sign_as_ca":false,"honor_key_usage":false,"key_usage":["DigitalSignature","KeyEncipherment"],
         "honor_extended_key_usages":false,"extended_key_usages":["ClientAuth"],"honor_subject":true,
         "subject":{"common_name":"","organization":"","organization_unit":"","country":"","state":"","locality":""},"honor_extensions":true,
         "crypto_enforcement":{"enabled":false,"allow_rsa_keys":true,"allowed_rsa_key_sizes":[2048,3072,4096],"allow_ecdsa_keys":true,
         "allowed_ecdsa_key_sizes":[256,384,521]}}
        """,
        changes);

    public static JsonObject CA(string id, string profileId, string parent = "", JsonObject? changes = null)
    {
        var body = Changed(
            """
            {"subject":{"common_name":"","organization":"Lamassu","organization_unit":"IoT","country":"ES","state":"Gipuzkoa","locality":"Arrasate"},
             "key_metadata":{"type":"ECDSA","bits":256},"ca_expiration":{"type":"Duration","duration":"3650d","time":"0001-01-01T00:00:00Z"},
             "engine_id":"filesystem-1","metadata":{}}
            """,
            changes);
        body["id"] = id;
        body["parent_id"] = parent;
        body["profile_id"] = profileId;
        body["subject"]!["common_name"] = id;
        return body;
    }

    /// <summary>A DMS as operators make one: enrols unknown devices and lets them replace their identity.</summary>
    public static JsonObject Dms(string id, string caId, string profileId, JsonObject? reenrollment = null, JsonObject? enrollment = null)
    {
        const string Est = """{"auth_mode":"NO_AUTH","client_certificate_settings":{"validation_cas":[],"chain_level_validation":-1,"allow_expired":false}}""";
        var body = JsonNode.Parse(
            $$$"""
            {"metadata":{"lamassu.io/iot/aws.123456789012":{"registration_mode":"auto"}},
             "settings":{"server_keygen_settings":{"enabled":false,"key":{"type":"RSA","bits":2048}},
              "enrollment_settings":{"protocol":"EST_RFC7030","est_rfc7030_settings":{{{Est}}},
               "device_provisioning_profile":{"icon":"CgSmartphoneShake","icon_color":"#302ec3-#9e6c4e","metadata":{},"tags":["recorded"]},
               "enrollment_ca":"{{{caId}}}","enable_replaceable_enrollment":true,"registration_mode":"JITP","verify_csr_signature":true},
              "reenrollment_settings":{"est_rfc7030_settings":{{{Est}}},"additional_validation_cas":[],"revoke_on_reenrollment":true,
               "reenrollment_delta":"730d","enable_expired_renewal":true,"preventive_delta":"30d","critical_delta":"7d"},
              "ca_distribution_settings":{"include_system_ca":true,"include_enrollment_ca":true,"managed_cas":[]},
              "issuance_profile_id":"{{{profileId}}}"}}
            """)!.AsObject();
        body["id"] = id;
        body["name"] = $"DMS {id}";
        Change(body["settings"]!["reenrollment_settings"]!.AsObject(), reenrollment);
        Change(body["settings"]!["enrollment_settings"]!.AsObject(), enrollment);
        return body;
    }

    public static JsonObject Device(string id, string dmsId = "dms") => new()
    {
        ["id"] = id,
        ["alias"] = id,
        ["tags"] = new JsonArray("recorded"),
        ["metadata"] = new JsonObject(),
        ["dms_id"] = dmsId,
        ["icon"] = "CgSmartphoneShake",
        ["icon_color"] = "#302ec3-#9e6c4e",
    };

    public static JsonObject Patches(params JsonObject[] patches) => new() { ["patches"] = new JsonArray([.. patches]) };

    public static JsonObject Patch(string operation, string path, JsonNode? value = null)
    {
        var patch = new JsonObject { ["op"] = operation, ["path"] = path };
        if (value is not null)
        {
            patch["value"] = value;
        }

        return patch;
    }

    public static JsonObject Status(string status, string? reason = null)
    {
        var body = new JsonObject { ["status"] = status };
        if (reason is not null)
        {
            body["revocation_reason"] = reason;
        }

        return body;
    }

    public static JsonObject Bind(string deviceId, string serialNumber, string mode = "PROVISIONED") =>
        new() { ["bind_mode"] = mode, ["device_id"] = deviceId, ["certificate_serial_number"] = serialNumber };

    public static JsonObject Sign(string csr, JsonObject? profile = null, string profileId = "") =>
        new() { ["csr"] = csr, ["profile"] = profile?.DeepClone(), ["profile_id"] = profileId };

    /// <summary>A request as it goes over the wire: base64 of PEM.</summary>
    public static string Csr(string subject, Action<CertificateRequest>? configure = null, bool rsa = false)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        AsymmetricAlgorithm key = rsa ? RsaKey.Value : ecdsa;
        var name = new X500DistinguishedName(subject.Contains('=', StringComparison.Ordinal) ? subject : $"CN={subject}");
        var request = key is RSA rsaKey
            ? new CertificateRequest(name, rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);
        configure?.Invoke(request);
        return Wire(request.CreateSigningRequestPem());
    }

    /// <summary>Import of a CA made elsewhere. OpenSSL's key id is the SHA-1 of the key, not the digest by which Lamassu names keys.</summary>
    public static JsonObject Import(string id, string profileId, bool withKey, SubjectKeyId keyId = SubjectKeyId.Sha1)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={id}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        switch (keyId)
        {
            case SubjectKeyId.Sha1:
                request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
                break;
            case SubjectKeyId.Sha256:
                request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(SHA256.HashData(key.ExportSubjectPublicKeyInfo()), false));
                break;
        }

        var start = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = request.CreateSelfSigned(start, start.AddYears(10));
        return new JsonObject
        {
            ["id"] = id,
            ["engine_id"] = "filesystem-1",
            ["private_key"] = withKey ? Wire(key.ExportPkcs8PrivateKeyPem()) : "",
            ["ca"] = Wire(certificate.ExportCertificatePem()),
            ["ca_chain"] = new JsonArray(),
            ["profile_id"] = profileId,
        };
    }

    public static X509Certificate2 Certificate(JsonNode text) =>
        X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(text.GetValue<string>())));

    public static string Wire(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem + "\n"));

    private static JsonObject Changed(string text, JsonObject? changes)
    {
        var body = JsonNode.Parse(text)!.AsObject();
        Change(body, changes);
        return body;
    }

    private static void Change(JsonObject body, JsonObject? changes)
    {
        foreach (var (name, value) in changes ?? [])
        {
            body[name] = value?.DeepClone();
        }
    }
}

internal enum SubjectKeyId
{
    None,
    Sha1,
    Sha256,
}
