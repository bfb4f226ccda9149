using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed class CertificateSigningTests : IAsyncLifetime
{
    private LamassuHarness lamassu = null!;
    private JsonObject ca = null!;

    public async ValueTask InitializeAsync()
    {
        lamassu = await LamassuHarness.StartAsync();
        ca = await lamassu.CreateCAAsync("ca");
        lamassu.Published.Clear();
    }

    public ValueTask DisposeAsync() => lamassu.DisposeAsync();

    [Fact]
    public async Task A_signed_certificate_is_real_and_its_model_says_the_same()
    {
        var answer = await SignAsync(LamassuBodies.Csr("dev-1"));

        Assert.Equal(201, answer.Status);
        var model = answer.Json;
        using var certificate = LamassuBodies.Certificate(model["certificate"]!);
        using var issuer = LamassuBodies.Certificate(ca["certificate"]!["certificate"]!);
        Assert.True(Chains(certificate, issuer));
        Assert.EndsWith((string)model["serial_number"]!, certificate.SerialNumber.ToLowerInvariant(), StringComparison.Ordinal);
        Assert.Equal(32, ((string)model["serial_number"]!).Length);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())), (string?)model["subject_key_id"]);
        Assert.Equal((string?)ca["certificate"]!["subject_key_id"], (string?)model["authority_key_id"]);
        Assert.Equal("""{"type":"ECDSA","bits":256,"strength":"HIGH"}""", model["key_metadata"]!.ToJsonString());
        Assert.Equal("dev-1", (string?)model["subject"]!["common_name"]);
        Assert.Equal(("ca", "ES"), ((string?)model["issuer"]!["common_name"], (string?)model["issuer"]!["country"]));
        Assert.Equal(("2026-03-01T12:00:00Z", "2027-03-01T12:00:00Z"), ((string?)model["valid_from"], (string?)model["valid_to"]));
        Assert.Equal("""{"key_usage":["DigitalSignature","KeyEncipherment"],"extended_key_usage":["ClientAuth"]}""", model["extensions"]!.ToJsonString());
        Assert.Equal(("IMPORTED_WITHOUT_KEY", ""), ((string?)model["type"], (string?)model["engine_id"]));
        Assert.True(JsonNode.DeepEquals(model, lamassu.StandIn.State.Find(LamassuKind.Certificate, (string)model["serial_number"]!)));
        Assert.Equal([("ca.sign.certificate", $"certificate/{model["serial_number"]}")], lamassu.Events.Select(message => (message.Type, message.Subject!)));
    }

    [Fact]
    public async Task Each_call_signs_another_certificate()
    {
        var csr = LamassuBodies.Csr("dev-1");

        var serialNumbers = new[] { await SignAsync(csr), await SignAsync(csr) }.Select(answer => (string)answer.Json["serial_number"]!);

        Assert.Equal(2, serialNumbers.Distinct().Count());
    }

    [Fact]
    public async Task A_verification_certificate_for_AWS_keeps_the_registration_code()
    {
        var profile = JsonNode.Parse("""{"validity":{"type":"Duration","duration":"1d"},"honor_subject":true,"key_usage":["DigitalSignature"]}""")!.AsObject();

        var answer = await SignAsync(LamassuBodies.Csr("registration-code", rsa: true), profile);

        Assert.Equal("registration-code", (string?)answer.Json["subject"]!["common_name"]);
        Assert.Equal("""{"type":"RSA","bits":2048,"strength":"MEDIUM"}""", answer.Json["key_metadata"]!.ToJsonString());
        Assert.Equal("""{"key_usage":["DigitalSignature"],"extended_key_usage":[]}""", answer.Json["extensions"]!.ToJsonString());
        Assert.Equal("2026-03-02T12:00:00Z", (string?)answer.Json["valid_to"]);
    }

    [Fact]
    public async Task A_profile_that_honours_nothing_gives_all_but_an_empty_common_name()
    {
        var profile = LamassuBodies.Profile(new JsonObject
        {
            ["honor_subject"] = false,
            ["subject"] = new JsonObject { ["organization"] = "Profile" },
            ["honor_extensions"] = false,
        });

        var answer = await SignAsync(LamassuBodies.Csr("CN=code, O=Asked, O=Twice", WithExtensions), profile);

        Assert.Equal(
            """{"common_name":"code","organization":"Profile","organization_unit":"","country":"","state":"","locality":""}""",
            answer.Json["subject"]!.ToJsonString());
        using var certificate = LamassuBodies.Certificate(answer.Json["certificate"]!);
        Assert.DoesNotContain(certificate.Extensions, extension => extension is X509SubjectAlternativeNameExtension);
        Assert.Equal("""["ClientAuth"]""", answer.Json["extensions"]!["extended_key_usage"]!.ToJsonString());
    }

    [Fact]
    public async Task A_profile_that_honours_the_request_takes_usages_and_names_from_it()
    {
        var profile = LamassuBodies.Profile(new JsonObject { ["honor_key_usage"] = true, ["honor_extended_key_usages"] = true });

        var answer = await SignAsync(LamassuBodies.Csr("CN=code", WithExtensions), profile);

        using var certificate = LamassuBodies.Certificate(answer.Json["certificate"]!);
        Assert.Equal(["device.example"], certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        Assert.Equal("""{"key_usage":["KeyAgreement","DecipherOnly"],"extended_key_usage":["ServerAuth"]}""", answer.Json["extensions"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"enabled":true,"allow_rsa_keys":false,"allow_ecdsa_keys":true}""", true, 500)]
    [InlineData("""{"enabled":true,"allow_rsa_keys":true,"allowed_rsa_key_sizes":[3072]}""", true, 500)]
    [InlineData("""{"enabled":true,"allow_rsa_keys":true,"allowed_rsa_key_sizes":[]}""", true, 500)]
    [InlineData("""{"enabled":true,"allow_rsa_keys":true,"allowed_rsa_key_sizes":null}""", true, 201)]
    [InlineData("""{"enabled":true,"allow_ecdsa_keys":true,"allowed_ecdsa_key_sizes":[256]}""", false, 201)]
    [InlineData("""{"enabled":false}""", true, 201)]
    public async Task A_profile_can_forbid_keys(string enforcement, bool rsa, int status)
    {
        var answer = await SignAsync(
            LamassuBodies.Csr("dev", rsa: rsa), LamassuBodies.Profile(new JsonObject { ["crypto_enforcement"] = JsonNode.Parse(enforcement) }));

        Assert.Equal(status, answer.Status);
        Assert.True(status == 201 || answer.Error!.StartsWith("public key ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_signed_as_CA_is_returned_and_not_stored()
    {
        var answer = await SignAsync(LamassuBodies.Csr("sub"), LamassuBodies.Profile(new JsonObject { ["sign_as_ca"] = true }));

        Assert.True((bool)answer.Json["is_ca"]!);
        Assert.Equal(404, (await lamassu.CA("GET", $"/v1/certificates/{answer.Json["serial_number"]}")).Status);
    }

    [Fact]
    public async Task A_validity_without_type_gives_a_certificate_that_ended_in_year_one()
    {
        var answer = await SignAsync(LamassuBodies.Csr("dev"), LamassuBodies.Profile(new JsonObject { ["validity"] = new JsonObject { ["duration"] = "1d" } }));

        Assert.Equal((201, "0001-01-01T00:00:00Z"), (answer.Status, (string?)answer.Json["valid_to"]));
    }

    [Theory]
    [InlineData(true, SubjectKeyId.Sha1, 500, "IMPORTED_WITH_KEY")]
    [InlineData(true, SubjectKeyId.Sha256, 201, "IMPORTED_WITH_KEY")]
    [InlineData(true, SubjectKeyId.None, 201, "IMPORTED_WITH_KEY")]
    [InlineData(false, SubjectKeyId.Sha256, 500, "IMPORTED_WITHOUT_KEY")]
    internal async Task An_imported_CA_finds_its_key_only_by_the_digest_of_it(bool withKey, SubjectKeyId keyId, int status, string type)
    {
        var imported = await lamassu.CA("POST", "/v1/cas/import", LamassuBodies.Import("imp", lamassu.ProfileId, withKey, keyId));
        Assert.Equal((201, type), (imported.Status, (string?)imported.Json["certificate"]!["type"]));
        Assert.Equal(keyId == SubjectKeyId.Sha1 ? 40 : 64, ((string)imported.Json["certificate"]!["subject_key_id"]!).Length);

        var answer = await lamassu.CA("POST", "/v1/cas/imp/certificates/sign", LamassuBodies.Sign(LamassuBodies.Csr("code")));

        Assert.Equal(status, answer.Status);
        Assert.True(status == 201 || answer.Error == "key not found");
        Assert.Equal(status == 201 ? "ca.sign.certificate" : "ca.sign.certificate.error", lamassu.Events[^1].Type);
    }

    [Fact]
    public async Task An_import_is_refused_when_the_key_is_another_one_or_was_imported_before()
    {
        var first = LamassuBodies.Import("one", lamassu.ProfileId, withKey: true);
        var other = LamassuBodies.Import("two", lamassu.ProfileId, withKey: true);
        other["private_key"] = first["private_key"]!.DeepClone();

        var mismatch = await lamassu.CA("POST", "/v1/cas/import", other);
        Assert.Equal((400, "CA and the provided key don't match"), (mismatch.Status, mismatch.Error));
        Assert.Equal(201, (await lamassu.CA("POST", "/v1/cas/import", first)).Status);
        first["id"] = "again";
        Assert.Equal(500, (await lamassu.CA("POST", "/v1/cas/import", first)).Status);
    }

    [Fact]
    public async Task Signing_is_refused_for_a_reason_that_does_not_always_show()
    {
        var csr = LamassuBodies.Csr("dev");

        Assert.Equal((404, "CA not found"), await ErrorOf(lamassu.CA("POST", "/v1/cas/x/certificates/sign", LamassuBodies.Sign(csr))));
        Assert.Equal((404, "CA not found"), await ErrorOf(lamassu.CA("POST", "/v1/cas/ca/certificates/sign", new JsonObject())));
        var unknownProfile = LamassuBodies.Sign(csr, null, "x");
        Assert.Equal((500, "issuance profile not found"), await ErrorOf(lamassu.CA("POST", "/v1/cas/ca/certificates/sign", unknownProfile)));
        Assert.Equal((400, "missing cert block"), await ErrorOf(lamassu.CA("POST", "/v1/cas/ca/certificates/sign", LamassuBodies.Sign("bm8="))));
        await lamassu.CA("POST", "/v1/cas/ca/status", LamassuBodies.Status("REVOKED", "CertificateHold"));
        Assert.Equal((400, "CA Status inconsistent"), await ErrorOf(lamassu.CA("POST", "/v1/cas/ca/certificates/sign", LamassuBodies.Sign(csr))));
    }

    [Fact]
    public async Task A_child_CA_is_signed_by_its_parent()
    {
        var child = await lamassu.CreateCAAsync("sub", "ca");

        using var certificate = LamassuBodies.Certificate(child["certificate"]!["certificate"]!);
        using var issuer = LamassuBodies.Certificate(ca["certificate"]!["certificate"]!);
        Assert.True(Chains(certificate, issuer));
        Assert.Equal(1, (int)child["level"]!);
        Assert.Equal($$"""{"serial_number":"{{ca["serial_number"]}}","id":"ca","level":0}""", child["certificate"]!["issuer_metadata"]!.ToJsonString());
        Assert.Equal("", (string?)child["certificate"]!["issuer"]!["common_name"]);
    }

    private static void WithExtensions(CertificateRequest request)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("device.example");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyAgreement | X509KeyUsageFlags.DecipherOnly, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
    }

    private static bool Chains(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(issuer);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = new DateTime(2026, 3, 1, 13, 0, 0, DateTimeKind.Utc);
        return chain.Build(certificate);
    }

    private static async Task<(int, string?)> ErrorOf(Task<Answer> asked)
    {
        var answer = await asked;
        return (answer.Status, answer.Error);
    }

    private Task<Answer> SignAsync(string csr, JsonObject? profile = null) =>
        lamassu.CA("POST", "/v1/cas/ca/certificates/sign", LamassuBodies.Sign(csr, profile));
}
