using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using static LamassuAwsConnector.Tests.DeviceManufacturing.JitpStage;
using static LamassuAwsConnector.Tests.Devices.RegisterThingFailureTests;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

/// <summary>The endpoints, and what they write to a DMS.</summary>
public sealed class JitpTemplateEndpointTests
{
    private const string OtherRole = "arn:aws:iam::123456789012:role/Other";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_answer_to_a_PUT_has_the_facts()
    {
        await using var stage = await StartAsync();

        var answer = await stage.PutWellAsync();

        Assert.True(JsonNode.DeepEquals(
            new JsonObject
            {
                ["dms_id"] = Dms,
                ["connector_id"] = TestStage.ConnectorId,
                ["status"] = "created",
                ["dms_changed"] = true,
                ["template_name"] = Dms,
                ["template_arn"] = $"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:provisioningtemplate/{Dms}",
                ["default_version"] = 1,
                ["enabled"] = true,
                ["provisioning_role_arn"] = DefaultRole,
                ["aws_ca_certificate_id"] = stage.Stage.CAId(CA),
                ["attachment"] = "attached",
            },
            answer), answer.ToJsonString());
    }

    [Fact]
    public async Task A_PUT_changes_its_own_members_and_nothing_else_of_the_DMS()
    {
        await using var stage = await StartAsync();
        var dms = stage.Stage.State.Find(LamassuKind.Dms, Dms)!;
        dms["metadata"]!["theirs"] = JsonNode.Parse("""{"ratio":1.5,"nothing":null,"text":"ñ\u0001","list":[]}""");
        dms["metadata"]![stage.Key]!["unknown"] = new JsonArray(1, "two");
        dms["metadata"]![stage.Key]!["jitp_config"] = new JsonObject { ["later"] = true };
        stage.Stage.State.Store(LamassuKind.Dms, dms);
        var before = stage.Stage.State.Find(LamassuKind.Dms, Dms)!;

        await stage.PutWellAsync();

        var after = stage.Stage.State.Find(LamassuKind.Dms, Dms)!;
        Assert.True(after["metadata"]![stage.Key]!["jitp_config"]!["later"]!.GetValue<bool>());
        Assert.Equal("""[1,"two"]""", after["metadata"]![stage.Key]!["unknown"]!.ToJsonString());
        before["metadata"]!.AsObject().Remove(stage.Key);
        after["metadata"]!.AsObject().Remove(stage.Key);
        Assert.True(JsonNode.DeepEquals(before, after));
    }

    [Fact]
    public async Task A_DMS_without_settings_gets_them_in_the_default_dialect()
    {
        await using var stage = await StartAsync();
        await stage.Stage.Lamassu.CreateCAAsync("ca-2");
        await stage.RegisterCAAsync("ca-2");
        await stage.Stage.Lamassu.CreateDmsAsync("dms-2", "ca-2", metadata: null);

        await stage.PutWellAsync(dms: "dms-2");

        var metadata = stage.Stage.State.Find(LamassuKind.Dms, "dms-2")!["metadata"]!.AsObject();
        Assert.Equal("""{"jitp_provisioning_template":{"enable_template":true}}""", metadata[LamassuJson.DocumentedKey]!.ToJsonString());
    }

    [Fact]
    public async Task Settings_that_are_given_are_written_left_out_ones_kept_and_empty_ones_taken_away()
    {
        await using var stage = await StartAsync(LamassuJson.DocumentedKey);
        await stage.PutWellAsync(new JsonObject { ["aws_ca_certificate_id"] = stage.Stage.CAId(CA), ["provisioning_role_arn"] = OtherRole });
        Assert.Equal(stage.Stage.CAId(CA), stage.Jitp()["aws_ca_certificate_id"]!.GetValue<string>());

        await stage.PutWellAsync();
        Assert.Equal(OtherRole, stage.Jitp()["provisioning_role_arn"]!.GetValue<string>());

        await stage.PutWellAsync(new JsonObject { ["aws_ca_certificate_id"] = "", ["provisioning_role_arn"] = "" });
        Assert.Equal(["enable_template"], stage.Jitp().Select(member => member.Key));
        Assert.Equal(DefaultRole, (await stage.TemplateAsync())!.ProvisioningRoleArn);
    }

    [Fact]
    public async Task The_documented_settings_have_no_word_for_a_disabled_template()
    {
        await using var stage = await StartAsync(LamassuJson.DocumentedKey);

        await AssertProblemAsync(await stage.PutAsync(new JsonObject { ["enabled"] = false }), HttpStatusCode.Conflict, "jitp_disabled_means_auto");

        Assert.Empty(await stage.Stage.AwsWritesAsync());
        Assert.DoesNotContain(stage.Stage.LamassuCalls(), call => call.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_somebody_else_saved_at_the_same_time_is_kept_and_ours_is_written_on_top()
    {
        var other = new OtherWriter { Times = 1 };
        await using var stage = await StartAsync(configure: other.Join);
        other.Stage = stage;

        await stage.PutWellAsync();

        Assert.Equal("jitp", stage.Settings()["registration_mode"]!.GetValue<string>());
        Assert.Equal("""["their-group-1"]""", stage.Settings()["groups"]!.ToJsonString());
        Assert.Contains("their-group-1", (await stage.TemplateAsync())!.TemplateBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_else_who_keeps_saving_is_a_503_and_no_template_is_made()
    {
        var other = new OtherWriter { Times = 100 };
        await using var stage = await StartAsync(configure: other.Join);
        other.Stage = stage;

        await AssertProblemAsync(await stage.PutAsync(), HttpStatusCode.ServiceUnavailable, "dms_changing");

        Assert.Null(await stage.TemplateAsync());
        Assert.Equal("auto", stage.Settings()["registration_mode"]!.GetValue<string>());
    }

    [Fact]
    public async Task In_Lamassu_3_a_DELETE_ends_JITP_at_once()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();

        using var response = await stage.DeleteAsync();

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("none", stage.Settings()["registration_mode"]!.GetValue<string>());
        Assert.Null(await stage.TemplateAsync());
        Assert.Equal((null, "DISABLE"), await stage.CAInAwsAsync());
        await stage.Stage.ForgetCallsAsync();
        using var again = await stage.DeleteAsync();
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.Empty(await stage.Stage.AwsWritesAsync());
        Assert.DoesNotContain(stage.Stage.LamassuCalls(), call => call.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_DELETE_takes_JITP_away_whatever_else_is_wrong_with_the_settings()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        stage.ChangeSettings(settings => settings["groups"] = new JsonArray("no group!"));

        using var response = await stage.DeleteAsync();

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Null(await stage.TemplateAsync());
    }

    [Fact]
    public async Task A_GET_shows_AWS_beside_the_DMS()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();

        var view = await stage.GetAsync();

        Assert.Equal(("JITP", true, 1), (view["type"]!.GetValue<string>(), view["enabled"]!.GetValue<bool>(), view["default_version"]!.GetValue<int>()));
        Assert.True(JsonNode.DeepEquals(await stage.BodyAsync(), view["template_body"]));
        Assert.Equal(
            $$"""[{"certificate_id":"{{stage.Stage.CAId(CA)}}","status":"ACTIVE","auto_registration":true}]""", view["ca_certificates"]!.ToJsonString());
        Assert.Equal("jitp", view["requested"]!["mode"]!.GetValue<string>());
        Assert.Empty(view["drift"]!.AsArray());
    }

    [Fact]
    public async Task A_GET_says_each_difference_and_writes_nothing()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        stage.ChangeSettings(settings => settings["policies"] = LamassuJson.Policies("test-policy", "missing-policy"));
        await stage.Stage.IoT.UpdateProvisioningTemplateAsync(
            new UpdateProvisioningTemplateRequest { TemplateName = Dms, Enabled = false, Description = "x", ProvisioningRoleArn = OtherRole },
            Cancellation);
        await stage.Stage.IoT.UpdateCACertificateAsync(
            new UpdateCACertificateRequest { CertificateId = stage.Stage.CAId(CA), NewAutoRegistrationStatus = AutoRegistrationStatus.DISABLE }, Cancellation);
        await stage.Stage.ForgetCallsAsync();

        var drift = await stage.DriftAsync();

        Assert.Equal(
            [
                "The template's body differs from what the DMS asks for.",
                "The template is disabled, and the DMS asks for the opposite.",
                $"The template has role {OtherRole}, and the DMS asks for {DefaultRole}.",
                "The template's description is not the name of the DMS.",
                $"CA certificate {stage.Stage.CAId(CA)} names the template, but its auto-registration is off.",
                "Policy missing-policy is missing in AWS: no device can be provisioned.",
            ],
            drift);
        Assert.Empty(await stage.Stage.AwsWritesAsync());
        await stage.EnsureAsync();
        Assert.Empty(await stage.DriftAsync());
    }

    [Fact]
    public async Task A_GET_of_a_DMS_in_another_mode_says_so()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        stage.ChangeSettings(settings => settings["registration_mode"] = "auto");

        Assert.Equal(["The DMS is in mode auto and does not ask for the template."], await stage.DriftAsync());
    }

    [Fact]
    public async Task An_unknown_DMS_and_a_DMS_without_template_are_a_404()
    {
        await using var stage = await StartAsync();

        await AssertProblemAsync(await stage.PutAsync(dms: "nobody"), HttpStatusCode.NotFound, "not_found");
        await AssertProblemAsync(await stage.DeleteAsync("nobody"), HttpStatusCode.NotFound, "not_found");
        await AssertProblemAsync(await stage.Stage.Connector.GetAsync("/v1/dms/nobody/jitp-template", Cancellation), HttpStatusCode.NotFound, "not_found");
        await AssertProblemAsync(
            await stage.Stage.Connector.GetAsync($"/v1/dms/{Dms}/jitp-template", Cancellation), HttpStatusCode.NotFound, "jitp_template_not_found");
        Assert.Empty(await stage.Stage.AwsWritesAsync());
    }

    [Theory]
    [InlineData("connector_id", "other", HttpStatusCode.NotFound, "connector_not_found")]
    [InlineData("connector_id", "", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("aws_ca_certificate_id", "abc", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("provisioning_role_arn", "JITPRole", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("unknown", "x", HttpStatusCode.BadRequest, "invalid_request")]
    public async Task A_wrong_member_is_refused_by_name(string member, string value, HttpStatusCode status, string code)
    {
        await using var stage = await StartAsync();

        var problem = await AssertProblemAsync(await stage.PutAsync(new JsonObject { [member] = value }), status, code);

        if (code == "invalid_request")
        {
            Assert.True(problem["errors"]!.AsObject().ContainsKey(member), problem.ToJsonString());
        }

        Assert.Empty(await stage.Stage.AwsCallsAsync());
    }

    [Fact]
    public async Task The_list_has_this_connectors_templates_page_by_page()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        foreach (var id in new[] { "dms-2", "plant.north" })
        {
            await stage.Stage.Lamassu.CreateDmsAsync(id, CA, LamassuJson.AutoDms(LamassuJson.Lamassu3Key));
            using var unattached = await stage.PutAsync(dms: id);
        }

        await stage.Stage.IoT.CreateProvisioningTemplateAsync(Theirs("theirs"), Cancellation);

        var found = new List<string>();
        string? bookmark = null;
        do
        {
            var page = (await stage.Stage.Connector.GetFromJsonAsync<JsonObject>(
                $"/v1/jitp-templates?page_size=2{(bookmark is null ? "" : $"&bookmark={Uri.EscapeDataString(bookmark)}")}", Cancellation))!;
            Assert.True(page["list"]!.AsArray().Count <= 2);
            found.AddRange(page["list"]!.AsArray().Select(item => item!["dms_id"]!.GetValue<string>()));
            bookmark = page["next"]?.GetValue<string>();
        }
        while (bookmark is not null);

        Assert.Equal(["dms-1", "dms-2", "plant.north"], found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("page_size=0", "invalid_request")]
    [InlineData("page_size=x", "invalid_request")]
    [InlineData("page_size=101", "invalid_request")]
    [InlineData("bookmark=nonsense", "InvalidRequestException")]
    public async Task A_wrong_page_is_a_400(string query, string code)
    {
        await using var stage = await StartAsync();

        await AssertProblemAsync(await stage.Stage.Connector.GetAsync($"/v1/jitp-templates?{query}", Cancellation), HttpStatusCode.BadRequest, code);
    }

    internal static CreateProvisioningTemplateRequest Theirs(string name) => new()
    {
        TemplateName = name,
        Type = TemplateType.JITP,
        ProvisioningRoleArn = DefaultRole,
        TemplateBody = """
            {"Parameters":{"AWS::IoT::Certificate::CommonName":{"Type":"String"},"AWS::IoT::Certificate::Id":{"Type":"String"}},
             "Resources":{"certificate":{"Properties":{"CertificateId":{"Ref":"AWS::IoT::Certificate::Id"}},"Type":"AWS::IoT::Certificate"},
                          "thing":{"Properties":{"ThingName":{"Ref":"AWS::IoT::Certificate::CommonName"}},"Type":"AWS::IoT::Thing"}}}
            """,
    };
}
