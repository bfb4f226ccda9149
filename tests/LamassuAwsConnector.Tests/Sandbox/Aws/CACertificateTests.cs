using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class CACertificateTests : AwsStandInTest
{
    [Fact]
    public async Task The_registration_code_is_always_the_same()
    {
        var code = await RegistrationCodeAsync();
        await SwitchAsync("POST reset");
        Assert.Equal(code, await RegistrationCodeAsync());
        Assert.Matches("^[0-9a-f]{64}$", code);
    }

    [Fact]
    public async Task A_CA_with_its_verification_certificate_is_registered()
    {
        using var ca = TestCA.Create(Now);
        var registered = (await RegisterCAAsync(ca, "")).Succeeded();
        Assert.Equal(ca.Id, registered["certificateId"]);
        Assert.Equal(Arn($"cacert/{ca.Id}"), registered["certificateArn"]);

        var description = (await CallAsync($"GET /cacertificate/{ca.Id}")).Succeeded().Json["certificateDescription"]!;
        Assert.Equal("INACTIVE", description["status"]!.ToString());
        Assert.Equal("DISABLE", description["autoRegistrationStatus"]!.ToString());
        Assert.Equal("DEFAULT", description["certificateMode"]!.ToString());
        Assert.Equal("123456789012", description["ownedBy"]!.ToString());
        Assert.Equal(Now.ToUnixTimeSeconds(), description["creationDate"]!.GetValue<decimal>());
        Assert.Equal(ca.Pem.Trim(), description["certificatePem"]!.ToString().Trim());
    }

    [Fact]
    public async Task Query_parameters_make_it_active_with_auto_registration()
    {
        using var ca = TestCA.Create(Now);
        (await RegisterCAAsync(ca, "?allowAutoRegistration=true&setAsActive=true")).Succeeded();
        var state = (await StateAsync())["ca_certificates"]![ca.Id]!;
        Assert.Equal("ACTIVE", state["status"]!.ToString());
        Assert.Equal("ENABLE", state["auto_registration"]!.ToString());
    }

    [Theory]
    [InlineData("Pkcs1")]
    [InlineData("Pss")]
    public async Task An_RSA_CA_is_registered(string padding)
    {
        using var ca = TestCA.CreateRsa(Now, padding == "Pss" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        (await RegisterCAAsync(ca)).Succeeded();
    }

    [Fact]
    public async Task A_signature_with_too_short_an_RSA_key_is_refused()
    {
        using var ca = TestCA.CreateRsa(Now, RSASignaturePadding.Pkcs1, bits: 1024);
        (await RegisterCAAsync(ca)).Refused(400, "CertificateValidationException");
    }

    [Fact]
    public async Task A_verification_certificate_signed_by_another_key_is_refused()
    {
        using var ca = TestCA.Create(Now);
        using var other = TestCA.Create(Now);
        (await RegisterAsync(ca, other.Issue($"CN={await RegistrationCodeAsync()}", Now))).Refused(400, "CertificateValidationException");
    }

    [Fact]
    public async Task A_verification_certificate_of_another_issuer_name_is_refused()
    {
        using var ca = TestCA.Create(Now, "One");
        using var other = TestCA.Create(Now, "Two");
        var verification = other.Issue($"CN={await RegistrationCodeAsync()}", Now);
        await SwitchAsync($"PUT verification-keys/{ca.Id}", new JsonObject { ["public_key_pem"] = other.PublicKeyPem });
        (await RegisterAsync(ca, verification)).Refused(400, "CertificateValidationException");
    }

    [Fact]
    public async Task A_verification_certificate_with_another_common_name_is_refused()
    {
        using var ca = TestCA.Create(Now);
        (await RegisterAsync(ca, ca.Issue($"CN={new string('a', 64)}", Now))).Refused(400, "RegistrationCodeValidationException");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-11)]
    public async Task A_verification_certificate_that_is_not_valid_now_is_refused(int days)
    {
        using var ca = TestCA.Create(Now);
        (await RegisterAsync(ca, ca.Issue($"CN={await RegistrationCodeAsync()}", Now.AddDays(days)))).Refused(400, "CertificateValidationException");
    }

    [Fact]
    public async Task A_certificate_that_is_no_CA_is_refused()
    {
        using var leaf = TestCA.Create(Now, isCA: false);
        (await RegisterCAAsync(leaf)).Refused(400, "CertificateValidationException");
        using var other = TestCA.Create(Now, usage: X509KeyUsageFlags.DigitalSignature);
        (await RegisterCAAsync(other)).Refused(400, "CertificateValidationException");
    }

    [Fact]
    public async Task An_expired_CA_is_refused()
    {
        using var ca = TestCA.Create(Now, age: TimeSpan.FromDays(400));
        (await RegisterCAAsync(ca)).Refused(400, "CertificateValidationException");
    }

    [Fact]
    public async Task Mode_DEFAULT_needs_a_verification_certificate_and_SNI_ONLY_takes_none()
    {
        using var ca = TestCA.Create(Now);
        (await CallAsync("POST /cacertificate", new JsonObject { ["caCertificate"] = ca.Pem })).RefusedAsInvalid();
        var body = new JsonObject
        {
            ["caCertificate"] = ca.Pem,
            ["certificateMode"] = "SNI_ONLY",
            ["verificationCertificate"] = ca.Issue($"CN={await RegistrationCodeAsync()}", Now).Pem,
        };
        (await CallAsync("POST /cacertificate", body)).RefusedAsInvalid();
        (await RegisterSniOnlyAsync(ca)).Succeeded();
        Assert.Equal("SNI_ONLY", (await StateAsync())["ca_certificates"]![ca.Id]!["mode"]!.ToString());
    }

    [Theory]
    [InlineData("no PEM")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public async Task What_is_no_certificate_is_refused(string pem) =>
        (await CallAsync("POST /cacertificate", new JsonObject { ["caCertificate"] = pem, ["certificateMode"] = "SNI_ONLY" })).Refused(
            400,
            "CertificateValidationException"
        );

    [Fact]
    public async Task Two_certificates_in_one_text_are_refused()
    {
        using var ca = TestCA.Create(Now);
        var body = new JsonObject { ["caCertificate"] = ca.Pem + "\n" + ca.Pem, ["certificateMode"] = "SNI_ONLY" };
        (await CallAsync("POST /cacertificate", body)).Refused(400, "CertificateValidationException");
    }

    [Fact]
    public async Task The_same_CA_again_is_refused_in_either_mode_and_named()
    {
        using var ca = await ActiveCAAsync();
        var refused = (await RegisterCAAsync(ca)).Refused(409, "ResourceAlreadyExistsException");
        Assert.Equal(ca.Id, refused["resourceId"]);
        Assert.Equal(Arn($"cacert/{ca.Id}"), refused["resourceArn"]);
        (await RegisterSniOnlyAsync(ca)).Refused(409, "ResourceAlreadyExistsException");
    }

    [Fact]
    public async Task A_CA_of_another_account_is_refused_in_mode_DEFAULT_without_being_known_here()
    {
        using var ca = TestCA.Create(Now);
        await SwitchAsync("POST other-accounts", new JsonObject { ["ca_certificate_id"] = ca.Id });
        var refused = (await RegisterCAAsync(ca)).Refused(409, "ResourceAlreadyExistsException");
        Assert.Null(refused["resourceArn"]);
        (await CallAsync($"GET /cacertificate/{ca.Id}")).Refused(404, "ResourceNotFoundException");
        (await RegisterSniOnlyAsync(ca)).Succeeded();
    }

    [Fact]
    public async Task The_eleventh_CA_of_one_subject_is_refused()
    {
        for (var i = 0; i < 10; i++)
        {
            using var ca = await ActiveCAAsync();
        }

        using var tooMany = TestCA.Create(Now);
        (await RegisterCAAsync(tooMany)).Refused(410, "LimitExceededException");
    }

    [Fact]
    public async Task The_registration_config_must_name_an_existing_template_of_type_JITP()
    {
        using var ca = TestCA.Create(Now);
        (await RegisterCAAsync(ca, "", new() { ["templateName"] = "none" })).Refused(404, "ResourceNotFoundException");
        (await CallAsync("POST /provisioning-templates", ProvisioningTemplateTests.Template("fleet", "FLEET_PROVISIONING"))).Succeeded();
        (await RegisterCAAsync(ca, "", new() { ["templateName"] = "fleet" })).RefusedAsInvalid();
        (await CallAsync("POST /provisioning-templates", ProvisioningTemplateTests.Template("jitp"))).Succeeded();
        (await RegisterCAAsync(ca, "", new() { ["templateName"] = "jitp", ["roleArn"] = ProvisioningTemplateTests.Role })).RefusedAsInvalid();
        (await RegisterCAAsync(ca, "", new() { ["templateBody"] = ProvisioningTemplateTests.Body })).RefusedAsInvalid();
        (await RegisterCAAsync(ca, "", new() { ["templateName"] = "jitp" })).Succeeded();
    }

    [Fact]
    public async Task An_update_sets_what_it_names_and_can_be_repeated()
    {
        using var ca = await ActiveCAAsync();
        (await CallAsync("POST /provisioning-templates", ProvisioningTemplateTests.Template("jitp"))).Succeeded();
        var config = new JsonObject { ["registrationConfig"] = new JsonObject { ["templateName"] = "jitp" } };
        for (var i = 0; i < 2; i++)
        {
            var answer = await CallAsync($"PUT /cacertificate/{ca.Id}?newAutoRegistrationStatus=ENABLE&newStatus=INACTIVE", config);
            Assert.Equal("", answer.Succeeded().Text);
        }

        var described = (await CallAsync($"GET /cacertificate/{ca.Id}")).Succeeded().Json;
        Assert.Equal("INACTIVE", described["certificateDescription"]!["status"]!.ToString());
        Assert.Equal("ENABLE", described["certificateDescription"]!["autoRegistrationStatus"]!.ToString());
        Assert.Equal("jitp", described["registrationConfig"]!["templateName"]!.ToString());

        (await CallAsync($"PUT /cacertificate/{ca.Id}", new JsonObject { ["removeAutoRegistration"] = true })).Succeeded();
        described = (await CallAsync($"GET /cacertificate/{ca.Id}")).Succeeded().Json;
        Assert.Null(described["registrationConfig"]);
        Assert.Equal("ENABLE", described["certificateDescription"]!["autoRegistrationStatus"]!.ToString());
    }

    [Theory]
    [InlineData("?newStatus=REVOKED")]
    [InlineData("?newAutoRegistrationStatus=ON")]
    public async Task There_is_no_other_status_of_a_CA(string query)
    {
        using var ca = await ActiveCAAsync();
        (await CallAsync($"PUT /cacertificate/{ca.Id}{query}")).RefusedAsInvalid();
    }

    [Fact]
    public async Task An_active_CA_is_not_deleted_and_a_deleted_one_is_gone()
    {
        using var ca = await ActiveCAAsync();
        (await CallAsync($"DELETE /cacertificate/{ca.Id}")).Refused(406, "CertificateStateException");
        (await CallAsync($"PUT /cacertificate/{ca.Id}?newStatus=INACTIVE")).Succeeded();
        (await CallAsync($"DELETE /cacertificate/{ca.Id}")).Succeeded();
        (await CallAsync($"DELETE /cacertificate/{ca.Id}")).Refused(404, "ResourceNotFoundException");
        (await CallAsync($"PUT /cacertificate/{ca.Id}?newStatus=INACTIVE")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task The_list_is_paged_ordered_and_filtered_by_template()
    {
        (await CallAsync("POST /provisioning-templates", ProvisioningTemplateTests.Template("jitp"))).Succeeded();
        using var first = await ActiveCAAsync("", new() { ["templateName"] = "jitp" });
        using var second = await ActiveCAAsync();

        var page = (await CallAsync("GET /cacertificates?isAscendingOrder=true&pageSize=1")).Succeeded();
        Assert.Equal(first.Id, page.Json["certificates"]!.AsArray().Single()!["certificateId"]!.ToString());
        var next = (await CallAsync($"GET /cacertificates?isAscendingOrder=true&marker={Uri.EscapeDataString(page["nextMarker"]!)}&pageSize=1")).Succeeded();
        Assert.Equal(second.Id, next.Json["certificates"]!.AsArray().Single()!["certificateId"]!.ToString());
        Assert.Null(next["nextMarker"]);

        var latestFirst = (await CallAsync("GET /cacertificates")).Json["certificates"]!.AsArray();
        Assert.Equal([second.Id, first.Id], latestFirst.Select(entry => entry!["certificateId"]!.ToString()));
        var filtered = (await CallAsync("GET /cacertificates?templateName=jitp")).Json["certificates"]!.AsArray();
        Assert.Equal(first.Id, filtered.Single()!["certificateId"]!.ToString());
    }

    [Theory]
    [InlineData("?pageSize=0")]
    [InlineData("?pageSize=251")]
    [InlineData("?marker=AA")]
    [InlineData("?marker=%20")]
    public async Task A_wrong_page_is_refused(string query) => (await CallAsync($"GET /cacertificates{query}")).RefusedAsInvalid();

    [Fact]
    public async Task Tags_are_kept_checked_and_listed()
    {
        using var ca = await ActiveCAAsync();
        var arn = Arn($"cacert/{ca.Id}");
        (await TagAsync(arn, "LMS.CA.ID", "one")).Succeeded();
        (await TagAsync(arn, "LMS.CA.ID", "two")).Succeeded();
        var tags = (await CallAsync($"GET /tags?resourceArn={Uri.EscapeDataString(arn)}")).Succeeded().Json["tags"]!.AsArray();
        Assert.Equal("""{"Key":"LMS.CA.ID","Value":"two"}""", tags.Single()!.ToJsonString());

        (await TagAsync(arn, "a!b", "v")).RefusedAsInvalid();
        (await TagAsync(arn, "key", "v*v")).RefusedAsInvalid();
        (await TagAsync(arn, "aws:key", "v")).RefusedAsInvalid();
        (await TagAsync(Arn("thing/a"), "key", "v")).RefusedAsInvalid();
        (await TagAsync(Arn($"cacert/{new string('a', 64)}"), "key", "v")).Refused(404, "ResourceNotFoundException");
        for (var i = 0; i < 49; i++)
        {
            (await TagAsync(arn, $"key{i}", "v")).Succeeded();
        }

        (await TagAsync(arn, "one-too-many", "v")).Refused(410, "LimitExceededException");
    }

    private Task<AwsAnswered> TagAsync(string arn, string key, string value) =>
        CallAsync("POST /tags", new JsonObject { ["resourceArn"] = arn, ["tags"] = new JsonArray(new JsonObject { ["Key"] = key, ["Value"] = value }) });

    private Task<AwsAnswered> RegisterSniOnlyAsync(TestCA ca) =>
        CallAsync("POST /cacertificate", new JsonObject { ["caCertificate"] = ca.Pem, ["certificateMode"] = "SNI_ONLY" });

    private Task<AwsAnswered> RegisterAsync(TestCA ca, TestCertificate verification) =>
        CallAsync("POST /cacertificate", new JsonObject { ["caCertificate"] = ca.Pem, ["verificationCertificate"] = verification.Pem });
}
