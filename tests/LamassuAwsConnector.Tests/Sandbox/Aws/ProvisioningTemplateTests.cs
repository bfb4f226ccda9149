using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class ProvisioningTemplateTests : AwsStandInTest
{
    internal const string Role = "arn:aws:iam::123456789012:role/JITPRole";

    internal const string Body = """
        {"Parameters":{"AWS::IoT::Certificate::CommonName":{"Type":"String"},"AWS::IoT::Certificate::Id":{"Type":"String"}},
        "Resources":{"thing":{"Type":"AWS::IoT::Thing","Properties":{"ThingName":{"Ref":"AWS::IoT::Certificate::CommonName"}}},
        "certificate":{"Type":"AWS::IoT::Certificate","Properties":{"CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"ACTIVE"}},
        "policy":{"Type":"AWS::IoT::Policy","Properties":{"PolicyName":"policy"}}}}
        """;

    internal static JsonObject Template(string name, string type = "JITP", string body = Body, bool enabled = true) =>
        new()
        {
            ["templateName"] = name,
            ["templateBody"] = body,
            ["provisioningRoleArn"] = Role,
            ["type"] = type,
            ["enabled"] = enabled,
        };

    [Fact]
    public async Task A_template_is_created_described_and_listed()
    {
        var created = (await CallAsync("POST /provisioning-templates", Template("dms-01"))).Succeeded();
        Assert.Equal(Arn("provisioningtemplate/dms-01"), created["templateArn"]);
        Assert.Equal("1", created["defaultVersionId"]);
        var template = (await CallAsync("GET /provisioning-templates/dms-01")).Succeeded();
        Assert.Equal(Body, template["templateBody"]);
        Assert.Equal("JITP", template["type"]);
        Assert.Equal("true", template["enabled"]);
        Assert.Single((await CallAsync("GET /provisioning-templates")).Json["templates"]!.AsArray());
        (await CallAsync("POST /provisioning-templates", Template("dms-01"))).Refused(409, "ResourceAlreadyExistsException");
        (await CallAsync("GET /provisioning-templates/none")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task The_default_type_is_fleet_provisioning_and_not_enabled()
    {
        var body = Template("dms-01");
        body.Remove("type");
        body.Remove("enabled");
        (await CallAsync("POST /provisioning-templates", body)).Succeeded();
        var template = (await CallAsync("GET /provisioning-templates/dms-01")).Succeeded();
        Assert.Equal("FLEET_PROVISIONING", template["type"]);
        Assert.Equal("false", template["enabled"]);
    }

    [Theory]
    [InlineData("templateName", "1234567890123456789012345678901234567")]
    [InlineData("templateName", "dms.01")]
    [InlineData("templateName", "")]
    [InlineData("type", "OTHER")]
    [InlineData("provisioningRoleArn", "arn:aws:iam::1:role/x")]
    [InlineData("provisioningRoleArn", null)]
    [InlineData("description", "with\u0007bell")]
    [InlineData("templateBody", "no JSON")]
    [InlineData("templateBody", "{}")]
    [InlineData("templateBody", """{"Resources":{"thing":{"Type":"AWS::IoT::Thing","Properties":{"ThingName":"a"}}}}""")]
    [InlineData("templateBody", """{"Parameters":{"ThingName":{"Type":"String"}},"Resources":{}}""")]
    public async Task A_wrong_value_is_refused(string member, string? value)
    {
        var body = Template("dms-01");
        body[member] = value;
        (await CallAsync("POST /provisioning-templates", body)).RefusedAsInvalid();
        Assert.Empty((await CallAsync("GET /provisioning-templates")).Json["templates"]!.AsArray());
    }

    [Fact]
    public async Task A_body_of_more_than_10240_characters_is_refused()
    {
        var body = Template("dms-01", body: Body + new string(' ', 10241 - Body.Length));
        (await CallAsync("POST /provisioning-templates", body)).RefusedAsInvalid();
        (await CallAsync("POST /provisioning-templates", Template("dms-01", body: Body + new string(' ', 10240 - Body.Length)))).Succeeded();
    }

    [Fact]
    public async Task A_JITP_template_declares_parameters_of_the_certificate_only()
    {
        var body = Body.Replace("AWS::IoT::Certificate::CommonName", "ThingName", StringComparison.Ordinal);
        (await CallAsync("POST /provisioning-templates", Template("dms-01", body: body))).RefusedAsInvalid();
        (await CallAsync("POST /provisioning-templates", Template("dms-01", "FLEET_PROVISIONING", body))).Succeeded();
    }

    [Fact]
    public async Task A_hook_is_for_fleet_provisioning_only()
    {
        var jitp = Template("dms-01");
        jitp["preProvisioningHook"] = new JsonObject { ["targetArn"] = "arn:aws:lambda:eu-west-1:123456789012:function:hook" };
        (await CallAsync("POST /provisioning-templates", jitp)).RefusedAsInvalid();
        jitp["type"] = "FLEET_PROVISIONING";
        (await CallAsync("POST /provisioning-templates", jitp)).Succeeded();
    }

    [Fact]
    public async Task A_sixth_version_is_refused()
    {
        (await CallAsync("POST /provisioning-templates", Template("dms-01"))).Succeeded();
        for (var i = 2; i <= 5; i++)
        {
            var version = (await CallAsync("POST /provisioning-templates/dms-01/versions", VersionOf(Body))).Succeeded();
            Assert.Equal($"{i}", version["versionId"]);
            Assert.Equal("false", version["isDefaultVersion"]);
        }

        (await CallAsync("POST /provisioning-templates/dms-01/versions", VersionOf(Body))).Refused(409, "VersionsLimitExceededException");
        (await CallAsync("POST /provisioning-templates/dms-01/versions", VersionOf("{}"))).RefusedAsInvalid();
        (await CallAsync("POST /provisioning-templates/none/versions", VersionOf(Body))).Refused(404, "ResourceNotFoundException");
        var versions = (await CallAsync("GET /provisioning-templates/dms-01/versions")).Json["versions"]!.AsArray();
        Assert.Equal([5, 4, 3, 2, 1], versions.Select(version => version!["versionId"]!.GetValue<int>()));
    }

    [Fact]
    public async Task The_body_changes_with_the_default_version_alone()
    {
        var changed = Body + " ";
        (await CallAsync("POST /provisioning-templates", Template("dms-01"))).Succeeded();
        (await CallAsync("POST /provisioning-templates/dms-01/versions", VersionOf(changed))).Succeeded();
        Assert.Equal(Body, (await CallAsync("GET /provisioning-templates/dms-01"))["templateBody"]);
        (await CallAsync("PATCH /provisioning-templates/dms-01", """{"defaultVersionId":2,"enabled":false,"description":"d"}""")).Succeeded();
        var template = (await CallAsync("GET /provisioning-templates/dms-01")).Succeeded();
        Assert.Equal(changed, template["templateBody"]);
        Assert.Equal("false", template["enabled"]);
        Assert.Equal("d", template["description"]);
        (await CallAsync("PATCH /provisioning-templates/dms-01", """{"defaultVersionId":9}""")).Refused(404, "ResourceNotFoundException");
        (await CallAsync("PATCH /provisioning-templates/dms-01", """{"templateBody":"{}"}""")).RefusedAsInvalid();
        Assert.Equal(changed, (await CallAsync("GET /provisioning-templates/dms-01/versions/2"))["templateBody"]);
    }

    [Fact]
    public async Task The_default_version_is_not_deleted()
    {
        (await CallAsync("POST /provisioning-templates", Template("dms-01"))).Succeeded();
        (await CallAsync("POST /provisioning-templates/dms-01/versions?setAsDefault=true", VersionOf(Body))).Succeeded();
        (await CallAsync("DELETE /provisioning-templates/dms-01/versions/2")).Refused(409, "DeleteConflictException");
        (await CallAsync("DELETE /provisioning-templates/dms-01")).Refused(409, "DeleteConflictException");
        (await CallAsync("DELETE /provisioning-templates/dms-01/versions/1")).Succeeded();
        (await CallAsync("DELETE /provisioning-templates/dms-01/versions/1")).Refused(404, "ResourceNotFoundException");
        (await CallAsync("DELETE /provisioning-templates/dms-01/versions/one")).RefusedAsInvalid();
        (await CallAsync("DELETE /provisioning-templates/dms-01")).Succeeded();
        (await CallAsync("DELETE /provisioning-templates/dms-01")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task A_template_that_a_CA_refers_to_is_not_deleted()
    {
        (await CallAsync("POST /provisioning-templates", Template("dms-01"))).Succeeded();
        using var ca = await ActiveCAAsync(registrationConfig: new() { ["templateName"] = "dms-01" });
        (await CallAsync("DELETE /provisioning-templates/dms-01")).Refused(409, "DeleteConflictException");
        (await CallAsync($"PUT /cacertificate/{ca.Id}", """{"removeAutoRegistration":true}""")).Succeeded();
        (await CallAsync("DELETE /provisioning-templates/dms-01")).Succeeded();
    }

    private static JsonObject VersionOf(string body) => new() { ["templateBody"] = body };
}
