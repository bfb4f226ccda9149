using System.Net;
using System.Text.Json.Nodes;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.DeviceManufacturing.JitpStage;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

/// <summary>The template that a DMS in mode JITP has in AWS.</summary>
public sealed class JitpTemplateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key)]
    [InlineData(LamassuJson.DocumentedKey)]
    public async Task A_PUT_makes_the_template_attaches_it_to_the_enrollment_CA_and_writes_the_DMS_in_its_dialect(string key)
    {
        await using var stage = await StartAsync(key);

        using var response = await stage.PutAsync();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/v1/dms/{Dms}/jitp-template", response.Headers.Location?.OriginalString);
        var template = (await stage.TemplateAsync())!;
        Assert.Equal(("JITP", true, DefaultRole, $"DMS {Dms}"), (template.Type.Value, template.Enabled, template.ProvisioningRoleArn, template.Description));
        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());
        Assert.True(stage.Jitp()["enable_template"]!.GetValue<bool>());
        if (key == LamassuJson.Lamassu3Key)
        {
            Assert.Equal("jitp", stage.Settings()["registration_mode"]!.GetValue<string>());
            Assert.Equal(template.TemplateArn, stage.Jitp()["arn"]!.GetValue<string>());
        }
        else
        {
            Assert.Null(stage.Settings()["registration_mode"]);
            Assert.Equal(["enable_template"], stage.Jitp().Select(member => member.Key));
        }
    }

    [Fact]
    public async Task The_body_declares_what_it_uses_and_keeps_what_a_thing_has()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {
                  "Parameters": { "AWS::IoT::Certificate::CommonName": { "Type": "String" }, "AWS::IoT::Certificate::Id": { "Type": "String" } },
                  "Resources": {
                    "thing": {
                      "Type": "AWS::IoT::Thing",
                      "Properties": { "ThingName": { "Ref": "AWS::IoT::Certificate::CommonName" }, "ThingGroups": ["test-group"] },
                      "OverrideSettings": { "AttributePayload": "MERGE", "ThingTypeName": "DO_NOTHING", "ThingGroups": "DO_NOTHING" }
                    },
                    "certificate": {
                      "Type": "AWS::IoT::Certificate",
                      "Properties": { "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" }, "Status": "ACTIVE" },
                      "OverrideSettings": { "Status": "DO_NOTHING" }
                    },
                    "policy0": { "Type": "AWS::IoT::Policy", "Properties": { "PolicyName": "test-policy" } }
                  }
                }
                """),
            await stage.BodyAsync()));
    }

    [Fact]
    public async Task The_first_PUT_makes_these_calls_and_attaches_the_CA_last()
    {
        await using var stage = await StartAsync();

        await stage.PutWellAsync();

        Assert.Equal(
            [
                "DescribeProvisioningTemplate", "DescribeProvisioningTemplate", "DescribeCACertificate", "GetPolicy", "CreatePolicy", "DescribeThingGroup",
                "CreateThingGroup", "CreateProvisioningTemplate", "UpdateCACertificate",
            ],
            await stage.OperationsAsync());
        Assert.Equal(
            [$"GET /v1/dms/{Dms}", $"PUT /v1/dms/{Dms}", $"GET /v1/dms/{Dms}", $"GET /v1/cas/{CA}", "GET /v1/dms?page_size=25&sort_by=id"],
            stage.Stage.LamassuCalls());
    }

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key)]
    [InlineData(LamassuJson.DocumentedKey)]
    public async Task A_PUT_repeated_writes_neither_AWS_nor_the_DMS(string key)
    {
        await using var stage = await StartAsync(key);
        await stage.PutWellAsync();
        await stage.Stage.ForgetCallsAsync();

        var answer = await stage.PutWellAsync();

        Assert.Equal(("unchanged", "already_attached", false), (Text(answer, "status"), Text(answer, "attachment"), answer["dms_changed"]!.GetValue<bool>()));
        Assert.Empty(await stage.Stage.AwsWritesAsync());
        Assert.DoesNotContain(stage.Stage.LamassuCalls(), call => !call.StartsWith("GET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_DMS_saved_unchanged_costs_four_reads_and_no_write()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        await stage.Stage.ForgetCallsAsync();

        var outcome = Assert.IsType<EnsureJitpTemplateOutcome.Ensured>(await stage.EnsureAsync());

        Assert.Equal((JitpTemplateChange.Unchanged, stage.Stage.CAId(CA), false), (outcome.Template.Change, outcome.CACertificateId, outcome.NewlyAttached));
        Assert.Equal(["DescribeProvisioningTemplate", "DescribeCACertificate", "GetPolicy", "DescribeThingGroup"], await stage.OperationsAsync());
    }

    [Fact]
    public async Task What_the_DMS_changes_is_carried_over_and_the_body_becomes_a_new_default_version()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        stage.ChangeSettings(settings =>
        {
            settings["groups"] = new JsonArray("test-group", "second-group");
            settings["jitp_config"]!["provisioning_role_arn"] = "arn:aws:iam::123456789012:role/Other";
        });
        await stage.Stage.ForgetCallsAsync();

        var outcome = await stage.EnsureAsync();

        Assert.Equal((JitpTemplateChange.Changed, 2), (outcome.Template.Change, outcome.Template.DefaultVersion));
        var template = (await stage.TemplateAsync())!;
        Assert.Equal((2, "arn:aws:iam::123456789012:role/Other"), (template.DefaultVersionId, template.ProvisioningRoleArn));
        Assert.Equal(["CreateThingGroup", "CreateProvisioningTemplateVersion", "UpdateProvisioningTemplate"], await stage.Stage.AwsWritesAsync());
        Assert.Contains("second-group", (await stage.BodyAsync())["Resources"]!["thing"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task White_space_and_member_order_are_no_change()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        var body = await stage.BodyAsync();
        var reordered = new JsonObject { ["Resources"] = body["Resources"]!.DeepClone(), ["Parameters"] = body["Parameters"]!.DeepClone() };
        await stage.Stage.IoT.CreateProvisioningTemplateVersionAsync(
            new CreateProvisioningTemplateVersionRequest
            {
                TemplateName = Dms,
                TemplateBody = reordered.ToJsonString(new() { WriteIndented = true }),
                SetAsDefault = true,
            },
            Cancellation);
        await stage.Stage.ForgetCallsAsync();

        await stage.EnsureAsync();

        Assert.Empty(await stage.Stage.AwsWritesAsync());
    }

    [Fact]
    public async Task After_five_versions_the_oldest_one_that_is_not_in_use_makes_room()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();

        for (var round = 0; round < 7; round++)
        {
            stage.ChangeSettings(settings => settings["groups"] = new JsonArray($"group-{round}"));
            Assert.IsType<EnsureJitpTemplateOutcome.Ensured>(await stage.EnsureAsync());
        }

        var request = new ListProvisioningTemplateVersionsRequest { TemplateName = Dms };
        var versions = (await stage.Stage.IoT.ListProvisioningTemplateVersionsAsync(request, Cancellation)).Versions;
        Assert.Equal([4, 5, 6, 7, 8], versions.Select(version => version.VersionId ?? 0).Order());
        Assert.Equal(8, (await stage.TemplateAsync())!.DefaultVersionId);
        Assert.Contains("group-6", (await stage.TemplateAsync())!.TemplateBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_template_of_Lamassu_3_is_there_and_attached_to_nothing()
    {
        await using var stage = await StartAsync();

        var answer = await stage.PutWellAsync(new JsonObject { ["enabled"] = false });

        Assert.Equal("none", Text(answer, "attachment"));
        Assert.False((await stage.TemplateAsync())!.Enabled);
        Assert.Equal((null, "DISABLE"), await stage.CAInAwsAsync());
        Assert.Equal("jitp", stage.Settings()["registration_mode"]!.GetValue<string>());
        Assert.False(stage.Jitp()["enable_template"]!.GetValue<bool>());
        Assert.Empty(await stage.DriftAsync());
    }

    [Fact]
    public async Task A_template_that_is_disabled_later_stays_attached_and_lets_nobody_in()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        await stage.EnrolAsync();

        await stage.PutWellAsync(new JsonObject { ["enabled"] = false });

        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());
        Assert.False(await stage.ConnectAsync());
        Assert.Null(await stage.Stage.DescribeThingAsync(Device));
    }

    [Theory]
    [InlineData("a-very-long-id-of-a-device-manufacturing-system-1")]
    [InlineData("a-very-long-id-of-a-device-manufacturing-system-2")]
    [InlineData("plant.north")]
    [InlineData("plant north")]
    public async Task A_DMS_whose_id_is_no_template_name_gets_a_stable_short_one(string id)
    {
        await using var stage = await StartAsync();
        await stage.Stage.Lamassu.CreateCAAsync("ca-2");
        await stage.RegisterCAAsync("ca-2");
        await stage.Stage.Lamassu.CreateDmsAsync(id, "ca-2", LamassuJson.AutoDms(LamassuJson.Lamassu3Key));

        var answer = await stage.PutWellAsync(dms: id);

        var name = Text(answer, "template_name")!;
        Assert.Matches("^[0-9A-Za-z_-]{1,36}$", name);
        Assert.NotNull(await stage.TemplateAsync(name));
        Assert.Equal((name, "ENABLE"), await stage.CAInAwsAsync("ca-2"));
        Assert.Equal("unchanged", Text(await stage.PutWellAsync(dms: id), "status"));
    }

    [Fact]
    public async Task A_template_is_marked_with_the_connector_and_the_DMS()
    {
        await using var stage = await StartAsync();
        var arn = Text(await stage.PutWellAsync(), "template_arn");

        var tags = (await stage.Stage.IoT.ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceArn = arn }, Cancellation)).Tags;

        Assert.Equal(
            new Dictionary<string, string> { ["LMS.CONNECTOR.ID"] = TestStage.ConnectorId, ["LMS.DMS.ID"] = Dms, ["created-by"] = "LAMASSU" },
            tags.ToDictionary(tag => tag.Key, tag => tag.Value));
    }

    [Fact]
    public async Task A_name_that_is_no_description_is_cleaned_and_cut()
    {
        await using var stage = await StartAsync();
        var dms = stage.Stage.State.Find(LamassuKind.Dms, Dms)!;
        dms["name"] = "Bell\u0007 and \ttab " + new string('x', 600);
        stage.Stage.State.Store(LamassuKind.Dms, dms);

        await stage.PutWellAsync();

        var description = (await stage.TemplateAsync())!.Description;
        Assert.StartsWith("Bell  and  tab xxx", description, StringComparison.Ordinal);
        Assert.Equal(500, description.Length);
    }

    [Fact]
    public async Task A_template_of_the_existing_connector_is_taken_over_and_its_parameters_repaired()
    {
        await using var stage = await StartAsync();
        await stage.Stage.IoT.CreateProvisioningTemplateAsync(Existing(), Cancellation);

        var answer = await stage.PutWellAsync();

        Assert.Equal("changed", Text(answer, "status"));
        Assert.Equal(2, (await stage.BodyAsync())["Parameters"]!.AsObject().Count);
        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());
    }

    [Fact]
    public async Task A_key_that_vanished_disables_the_template_and_detaches_nothing()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();

        Assert.True(await stage.Service.DisableAsync(Dms, Cancellation));

        Assert.False((await stage.TemplateAsync())!.Enabled);
        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());
        await stage.Stage.ForgetCallsAsync();
        Assert.True(await stage.Service.DisableAsync(Dms, Cancellation));
        Assert.Empty(await stage.Stage.AwsWritesAsync());
        Assert.False(await stage.Service.DisableAsync("dms-2", Cancellation));
    }

    [Fact]
    public async Task A_removed_template_is_detached_from_every_CA_before_it_is_deleted_with_all_its_versions()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        stage.ChangeSettings(settings => settings["groups"] = new JsonArray("second-group"));
        await stage.EnsureAsync();
        await stage.Stage.Lamassu.CreateCAAsync("ca-2");
        await stage.RegisterCAAsync("ca-2");
        await stage.Stage.IoT.UpdateCACertificateAsync(
            new UpdateCACertificateRequest { CertificateId = stage.Stage.CAId("ca-2"), RegistrationConfig = new RegistrationConfig { TemplateName = Dms } },
            Cancellation);
        stage.Stage.State.Remove(LamassuKind.Dms, Dms);
        await stage.Stage.ForgetCallsAsync();

        Assert.True(await stage.Service.RemoveAsync(Dms, Cancellation));

        Assert.Equal(
            ["UpdateCACertificate", "UpdateCACertificate", "DeleteProvisioningTemplateVersion", "DeleteProvisioningTemplate"],
            await stage.Stage.AwsWritesAsync());
        Assert.Null(await stage.TemplateAsync());
        Assert.Equal((null, "DISABLE"), await stage.CAInAwsAsync());
        Assert.Equal((null, "DISABLE"), await stage.CAInAwsAsync("ca-2"));
        Assert.False(await stage.Service.RemoveAsync(Dms, Cancellation));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_template_without_a_mark_is_removed_only_if_the_DMS_names_it(bool named, bool removed)
    {
        await using var stage = await StartAsync();
        var template = Existing();
        template.Tags = [];
        var arn = (await stage.Stage.IoT.CreateProvisioningTemplateAsync(template, Cancellation)).TemplateArn;
        stage.ChangeSettings(settings => settings["jitp_config"] = new JsonObject { ["arn"] = named ? arn : "" });

        Assert.Equal(removed, await stage.Service.RemoveAsync(Dms, Cancellation));

        Assert.Equal(removed, await stage.TemplateAsync() is null);
    }

    [Fact]
    public async Task A_template_of_the_existing_connector_is_removed_with_its_DMS()
    {
        await using var stage = await StartAsync();
        await stage.Stage.IoT.CreateProvisioningTemplateAsync(Existing(), Cancellation);
        stage.Stage.State.Remove(LamassuKind.Dms, Dms);

        Assert.True(await stage.Service.RemoveAsync(Dms, Cancellation));

        Assert.Null(await stage.TemplateAsync());
    }

    private static string? Text(JsonObject answer, string member) => answer[member]?.GetValue<string>();

    // As recorded of the existing connector: parameters that it does not use, and one used that it does not declare.
    private static CreateProvisioningTemplateRequest Existing() => new()
    {
        TemplateName = Dms,
        Type = Amazon.IoT.TemplateType.JITP,
        Enabled = true,
        Description = $"DMS {Dms}",
        ProvisioningRoleArn = DefaultRole,
        Tags = [new Tag { Key = "created-by", Value = "LAMASSU" }],
        TemplateBody = """
            {"Parameters":{"AWS::IoT::Certificate::CommonName":{"Type":"String"},"AWS::IoT::Certificate::Country":{"Type":"String"}},
             "Resources":{"certificate":{"Properties":{"CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"ACTIVE"},"Type":"AWS::IoT::Certificate"},
                          "thing":{"Properties":{"ThingName":{"Ref":"AWS::IoT::Certificate::CommonName"}},"Type":"AWS::IoT::Thing"}}}
            """,
    };
}
