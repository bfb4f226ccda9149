using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class CertificateTests : AwsStandInTest
{
    [Theory]
    [InlineData("ACTIVE")]
    [InlineData("INACTIVE")]
    [InlineData("REVOKED")]
    public async Task A_certificate_is_registered_in_the_status_asked_for(string status)
    {
        using var ca = await ActiveCAAsync();
        var certificate = ca.Issue("CN=device", Now);
        var registered = (await RegisterAsync(certificate, status)).Succeeded();
        Assert.Equal(certificate.Id, registered["certificateId"]);
        var description = (await CallAsync($"GET /certificates/{certificate.Id}")).Succeeded().Json["certificateDescription"]!;
        Assert.Equal(status, description["status"]!.ToString());
        Assert.Equal(ca.Id, description["caCertificateId"]!.ToString());
        Assert.Equal("DEFAULT", description["certificateMode"]!.ToString());
    }

    [Theory]
    [InlineData("", "INACTIVE")]
    [InlineData("?setAsActive=true", "ACTIVE")]
    public async Task Without_status_setAsActive_decides(string query, string status)
    {
        using var ca = await ActiveCAAsync();
        var certificate = ca.Issue("CN=device", Now);
        (await CallAsync($"POST /certificate/register{query}", new JsonObject { ["certificatePem"] = certificate.Pem })).Succeeded();
        Assert.Equal(status, await StatusAsync(certificate.Id));
    }

    [Theory]
    [InlineData("PENDING_ACTIVATION")]
    [InlineData("PENDING_TRANSFER")]
    [InlineData("REGISTER_INACTIVE")]
    [InlineData("active")]
    public async Task Other_statuses_cannot_be_set_by_hand(string status)
    {
        using var ca = await ActiveCAAsync();
        var certificate = ca.Issue("CN=device", Now);
        (await RegisterAsync(certificate, status)).RefusedAsInvalid();
        (await RegisterAsync(certificate)).Succeeded();
        (await CallAsync($"PUT /certificates/{certificate.Id}?newStatus={status}")).RefusedAsInvalid();
    }

    [Fact]
    public async Task A_known_certificate_is_named_when_it_is_registered_again()
    {
        using var ca = await ActiveCAAsync();
        var certificate = ca.Issue("CN=device", Now);
        (await RegisterAsync(certificate)).Succeeded();
        var refused = (await RegisterAsync(certificate)).Refused(409, "ResourceAlreadyExistsException");
        Assert.Equal(certificate.Id, refused["resourceId"]);
        Assert.Equal(Arn($"cert/{certificate.Id}"), refused["resourceArn"]);
        (await CallAsync("POST /certificate/register-no-ca", new JsonObject { ["certificatePem"] = certificate.Pem })).Refused(
            409,
            "ResourceAlreadyExistsException"
        );
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_CA_is_refused()
    {
        using var ca = TestCA.Create(Now);
        (await RegisterAsync(ca.Issue("CN=device", Now))).Refused(400, "CertificateValidationException");
    }

    [Fact]
    public async Task A_certificate_of_an_inactive_CA_is_refused()
    {
        using var ca = await ActiveCAAsync("");
        (await RegisterAsync(ca.Issue("CN=device", Now))).Refused(406, "CertificateStateException");
    }

    [Fact]
    public async Task A_certificate_that_its_CA_did_not_sign_is_refused()
    {
        using var ca = await ActiveCAAsync();
        using var forger = TestCA.Create(Now);
        (await RegisterAsync(forger.Issue("CN=device", Now))).Refused(400, "CertificateValidationException");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-11)]
    public async Task A_certificate_that_is_not_valid_now_is_refused(int days)
    {
        using var ca = await ActiveCAAsync();
        (await RegisterAsync(ca.Issue("CN=device", Now.AddDays(days)))).Refused(400, "CertificateValidationException");
    }

    [Fact]
    public async Task With_two_CAs_of_one_name_the_CA_must_be_given()
    {
        using var ca = await ActiveCAAsync();
        using var other = await ActiveCAAsync();
        var certificate = ca.Issue("CN=device", Now);
        (await RegisterAsync(certificate)).Refused(409, "CertificateConflictException");
        var body = new JsonObject { ["certificatePem"] = certificate.Pem, ["caCertificatePem"] = ca.Pem };
        (await CallAsync("POST /certificate/register", body)).Succeeded();
    }

    [Fact]
    public async Task One_registered_without_CA_is_SNI_ONLY()
    {
        var id = (await CertificateAsync()).Split('/')[1];
        var description = (await CallAsync($"GET /certificates/{id}")).Succeeded().Json["certificateDescription"]!;
        Assert.Equal("SNI_ONLY", description["certificateMode"]!.ToString());
        Assert.Null(description["caCertificateId"]);
    }

    [Theory]
    [InlineData("ACTIVE", "ACTIVE")]
    [InlineData("ACTIVE", "INACTIVE")]
    [InlineData("ACTIVE", "REVOKED")]
    [InlineData("INACTIVE", "ACTIVE")]
    [InlineData("INACTIVE", "INACTIVE")]
    [InlineData("INACTIVE", "REVOKED")]
    [InlineData("REVOKED", "REVOKED")]
    public async Task An_allowed_change_of_status_is_made(string from, string to)
    {
        var id = (await CertificateAsync(from)).Split('/')[1];
        Assert.Equal("", (await CallAsync($"PUT /certificates/{id}?newStatus={to}")).Succeeded().Text);
        Assert.Equal(to, await StatusAsync(id));
    }

    [Theory]
    [InlineData("ACTIVE")]
    [InlineData("INACTIVE")]
    public async Task REVOKED_is_final(string to)
    {
        var id = (await CertificateAsync("REVOKED")).Split('/')[1];
        (await CallAsync($"PUT /certificates/{id}?newStatus={to}")).Refused(406, "CertificateStateException");
        Assert.Equal("REVOKED", await StatusAsync(id));
    }

    [Fact]
    public async Task Nothing_moves_by_itself_when_the_CA_becomes_inactive()
    {
        using var ca = await ActiveCAAsync();
        var certificate = ca.Issue("CN=device", Now);
        (await RegisterAsync(certificate)).Succeeded();
        (await CallAsync($"PUT /cacertificate/{ca.Id}?newStatus=INACTIVE")).Succeeded();
        Assert.Equal("ACTIVE", await StatusAsync(certificate.Id));
    }

    [Fact]
    public async Task An_active_or_attached_certificate_is_not_deleted()
    {
        var arn = await CertificateAsync();
        var id = arn.Split('/')[1];
        await ThingAsync("thing");
        await PolicyAsync("policy");
        (await CallAsync("PUT /things/thing/principals", principal: arn)).Succeeded();
        (await CallAsync("PUT /target-policies/policy", new JsonObject { ["target"] = arn })).Succeeded();
        (await CallAsync($"DELETE /certificates/{id}?forceDelete=true")).Refused(406, "CertificateStateException");
        (await CallAsync($"PUT /certificates/{id}?newStatus=REVOKED")).Succeeded();
        (await CallAsync($"DELETE /certificates/{id}?forceDelete=true")).Refused(409, "DeleteConflictException");
        (await CallAsync("DELETE /things/thing/principals", principal: arn)).Succeeded();
        (await CallAsync($"DELETE /certificates/{id}")).Refused(409, "DeleteConflictException");
        (await CallAsync($"DELETE /certificates/{id}?forceDelete=true")).Succeeded();
        (await CallAsync($"DELETE /certificates/{id}")).Refused(404, "ResourceNotFoundException");
        Assert.Empty((await StateAsync())["policies"]!["policy"]!["targets"]!.AsArray());
    }

    [Fact]
    public async Task A_CA_lists_its_certificates()
    {
        using var ca = await ActiveCAAsync();
        await CertificateAsync();
        var certificate = ca.Issue("CN=device", Now);
        (await RegisterAsync(certificate)).Succeeded();
        var listed = (await CallAsync($"GET /certificates-by-ca/{ca.Id}")).Succeeded().Json["certificates"]!.AsArray();
        Assert.Equal(certificate.Id, listed.Single()!["certificateId"]!.ToString());
        Assert.Equal(2, (await CallAsync("GET /certificates")).Json["certificates"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg")]
    public async Task What_is_no_certificate_id_is_refused(string id) => (await CallAsync($"GET /certificates/{id}")).RefusedAsInvalid();

    private async Task<string> StatusAsync(string id) => (await StateAsync())["certificates"]![id]!["status"]!.ToString();
}
