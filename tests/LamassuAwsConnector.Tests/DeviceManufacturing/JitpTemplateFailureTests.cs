using System.Net;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Tests.Builders;
using static LamassuAwsConnector.Tests.DeviceManufacturing.JitpStage;
using static LamassuAwsConnector.Tests.Devices.RegisterThingFailureTests;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

/// <summary>What happens when AWS refuses, when it is away, and when what is there belongs to others.</summary>
public sealed class JitpTemplateFailureTests
{
    private const string OtherRole = "arn:aws:iam::123456789012:role/Other";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "CreateProvisioningTemplate")]
    [InlineData(false, "UpdateProvisioningTemplate")]
    public async Task A_role_that_the_connector_may_not_pass_is_named_with_what_to_allow(bool first, string operation)
    {
        await using var stage = await StartAsync();
        if (!first)
        {
            await stage.PutWellAsync();
        }

        await stage.Stage.FailAwsAsync(operation, 1, "AccessDeniedException");

        var problem = await AssertProblemAsync(
            await stage.PutAsync(new JsonObject { ["provisioning_role_arn"] = OtherRole }), HttpStatusCode.BadGateway, "AccessDeniedException");

        var detail = problem["detail"]!.GetValue<string>();
        Assert.Contains(OtherRole, detail, StringComparison.Ordinal);
        Assert.Contains("iam:PassRole", detail, StringComparison.Ordinal);
        Assert.Equal("changed", (await AgainAsync(stage, OtherRole, first))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_role_that_AWS_can_not_use_is_named_with_what_to_check()
    {
        await using var stage = await StartAsync();
        await stage.Stage.FailAwsAsync("CreateProvisioningTemplate", 1, "InvalidRequestException", 400);

        var problem = await AssertProblemAsync(await stage.PutAsync(), HttpStatusCode.BadRequest, "InvalidRequestException");

        Assert.Contains(DefaultRole, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("iot.amazonaws.com", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CreatePolicy")]
    [InlineData("CreateProvisioningTemplate")]
    [InlineData("UpdateCACertificate")]
    public async Task While_AWS_is_away_the_answer_is_503_and_the_next_call_does_what_is_left(string operation)
    {
        await using var stage = await StartAsync();
        await stage.Stage.FailAwsAsync(operation, 3, "ServiceUnavailableException", 503);

        using var away = await stage.PutAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.NotNull(away.Headers.RetryAfter);
        await stage.PutWellAsync();

        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());
        Assert.Empty(await stage.DriftAsync());
    }

    [Fact]
    public async Task Before_everything_else_is_there_the_CA_is_not_attached()
    {
        await using var stage = await StartAsync();
        await stage.Stage.FailAwsAsync("CreateProvisioningTemplate", 3, "ServiceUnavailableException", 503);

        using var away = await stage.PutAsync();

        Assert.Equal((null, "DISABLE"), await stage.CAInAwsAsync());
    }

    [Fact]
    public async Task Another_template_on_the_CA_is_left_and_named_and_ours_is_made_all_the_same()
    {
        await using var stage = await StartAsync();
        await OccupyCAAsync(stage);

        var problem = await AssertProblemAsync(await stage.PutAsync(), HttpStatusCode.Conflict, "ca_has_another_template");

        Assert.Contains("theirs", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("theirs", (await stage.CAInAwsAsync()).Template);
        Assert.NotNull(await stage.TemplateAsync());
        var not = Assert.IsType<EnsureJitpTemplateOutcome.NotAttached>(await stage.EnsureAsync());
        Assert.Equal(("ca_has_another_template", JitpTemplateChange.Unchanged), (not.Code, not.Template.Change));
        Assert.Contains(await stage.DriftAsync(), sentence => sentence.Contains("carries provisioning template theirs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_CA_that_serves_two_DMSs_is_attached_only_when_it_is_named()
    {
        await using var stage = await StartAsync();
        await stage.Stage.Lamassu.CreateDmsAsync("dms-2", CA, metadata: null);

        var problem = await AssertProblemAsync(await stage.PutAsync(), HttpStatusCode.Conflict, "ca_serves_another_dms");
        Assert.Contains("dms-2", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((null, "DISABLE"), await stage.CAInAwsAsync());
        Assert.NotNull(await stage.TemplateAsync());

        await stage.PutWellAsync(new JsonObject { ["aws_ca_certificate_id"] = stage.Stage.CAId(CA).ToUpperInvariant() });

        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());
        Assert.Equal(stage.Stage.CAId(CA), stage.Jitp()["aws_ca_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_CA_that_is_not_registered_has_to_be_registered_first()
    {
        await using var stage = await StartAsync(registersCA: false);

        var problem = await AssertProblemAsync(await stage.PutAsync(), HttpStatusCode.Conflict, "ca_not_registered");
        Assert.Contains("register it first", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotNull(await stage.TemplateAsync());

        await stage.RegisterCAAsync();
        Assert.Equal("attached", (await stage.PutWellAsync())["attachment"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_CA_of_any_other_text_is_told_from_an_id()
    {
        await using var stage = await StartAsync();
        stage.ChangeSettings(settings => settings["jitp_config"] = new JsonObject { ["enable_template"] = true, ["aws_ca_id"] = "abc123..." });
        Assert.Equal("ca_id_invalid", Assert.IsType<EnsureJitpTemplateOutcome.NotAttached>(await stage.EnsureAsync()).Code);

        var arn = (await stage.Stage.DescribeCAAsync(CA))!.CertificateArn;
        stage.ChangeSettings(settings => settings["jitp_config"]!["aws_ca_id"] = arn);
        Assert.IsType<EnsureJitpTemplateOutcome.Ensured>(await stage.EnsureAsync());
    }

    [Fact]
    public async Task An_INACTIVE_CA_is_not_activated()
    {
        await using var stage = await StartAsync();
        await stage.Stage.IoT.UpdateCACertificateAsync(
            new UpdateCACertificateRequest { CertificateId = stage.Stage.CAId(CA), NewStatus = CACertificateStatus.INACTIVE }, Cancellation);

        await AssertProblemAsync(await stage.PutAsync(), HttpStatusCode.Conflict, "ca_inactive");

        Assert.Equal((null, "DISABLE"), await stage.CAInAwsAsync());
        Assert.Equal("INACTIVE", (await stage.Stage.DescribeCAAsync(CA))!.Status.Value);
    }

    [Fact]
    public async Task A_CA_that_is_gone_from_Lamassu_leaves_the_template_unattached()
    {
        await using var stage = await StartAsync();
        await stage.Stage.Lamassu.CreateDmsAsync("dms-2", "ca-gone", LamassuJson.AutoDms(LamassuJson.Lamassu3Key));

        await AssertProblemAsync(await stage.PutAsync(dms: "dms-2"), HttpStatusCode.Conflict, "enrollment_ca_missing");

        Assert.NotNull(await stage.TemplateAsync("dms-2"));
    }

    [Fact]
    public async Task A_strangers_fleet_provisioning_template_of_that_name_is_left_and_the_DMS_not_written()
    {
        await using var stage = await StartAsync();
        await CreateTemplateAsync(stage, Dms, TemplateType.FLEET_PROVISIONING);
        await stage.Stage.ForgetCallsAsync();

        var problem = await AssertProblemAsync(await stage.PutAsync(), HttpStatusCode.Conflict, "template_of_another_type");

        Assert.Contains($"template {Dms}", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(await stage.Stage.AwsWritesAsync());
        Assert.Empty(stage.Stage.LamassuCalls());
        var failure = await Assert.ThrowsAsync<ConnectorException>(() => stage.EnsureAsync());
        Assert.Equal((FailureKind.Conflict, "template_of_another_type"), (failure.Kind, failure.Code));
        Assert.False(await stage.Service.DisableAsync(Dms, Cancellation));
        Assert.False(await stage.Service.RemoveAsync(Dms, Cancellation));
        Assert.Empty(await stage.Stage.AwsWritesAsync());
    }

    [Fact]
    public async Task A_template_that_another_connector_marked_is_left()
    {
        await using var stage = await StartAsync();
        await CreateTemplateAsync(
            stage, Dms, TemplateType.JITP, new Tag { Key = "LMS.CONNECTOR.ID", Value = "other" }, new Tag { Key = "LMS.DMS.ID", Value = Dms });
        await stage.Stage.ForgetCallsAsync();

        var problem = await AssertProblemAsync(await stage.PutAsync(), HttpStatusCode.Conflict, "template_of_another_connector");

        Assert.Contains("connector other", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(await stage.Service.RemoveAsync(Dms, Cancellation));
        Assert.Empty(await stage.Stage.AwsWritesAsync());
    }

    [Fact]
    public async Task A_second_replica_that_was_faster_is_no_failure()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        await stage.Stage.FailAwsAsync("DescribeProvisioningTemplate", 1, "ResourceNotFoundException", 404);

        Assert.Equal(JitpTemplateChange.Unchanged, (await stage.EnsureAsync()).Template.Change);
    }

    [Theory]
    [InlineData(3, "ServiceUnavailableException", 503)]
    [InlineData(1, "DeleteConflictException", 409)]
    public async Task A_removal_that_is_interrupted_is_finished_by_the_next_one(int count, string error, int status)
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        await stage.Stage.FailAwsAsync("DeleteProvisioningTemplate", count, error, status);

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => stage.Service.RemoveAsync(Dms, Cancellation));

        Assert.Equal(FailureKind.Unavailable, failure.Kind);
        Assert.Equal((null, "DISABLE"), await stage.CAInAwsAsync());
        Assert.True(await stage.Service.RemoveAsync(Dms, Cancellation));
        Assert.Null(await stage.TemplateAsync());
    }

    [Fact]
    public async Task Settings_that_AWS_would_refuse_are_a_400_before_anything_is_written()
    {
        await using var stage = await StartAsync();
        stage.ChangeSettings(settings => settings["groups"] = new JsonArray("no group!"));

        await AssertProblemAsync(await stage.PutAsync(), HttpStatusCode.BadRequest, "dms_settings_invalid");

        Assert.Empty(await stage.Stage.AwsWritesAsync());
        Assert.Equal("auto", stage.Settings()["registration_mode"]!.GetValue<string>());
    }

    private static async Task<JsonObject> AgainAsync(JitpStage stage, string role, bool first)
    {
        if (first)
        {
            await stage.PutWellAsync(new JsonObject { ["provisioning_role_arn"] = "" });
        }

        return await stage.PutWellAsync(new JsonObject { ["provisioning_role_arn"] = role });
    }

    private static async Task OccupyCAAsync(JitpStage stage)
    {
        await CreateTemplateAsync(stage, "theirs", TemplateType.JITP);
        await stage.Stage.IoT.UpdateCACertificateAsync(
            new UpdateCACertificateRequest { CertificateId = stage.Stage.CAId(CA), RegistrationConfig = new RegistrationConfig { TemplateName = "theirs" } },
            Cancellation);
    }

    private static Task<CreateProvisioningTemplateResponse> CreateTemplateAsync(
        JitpStage stage, string name, TemplateType type, params Tag[] tags) => stage.Stage.IoT.CreateProvisioningTemplateAsync(
        new CreateProvisioningTemplateRequest
        {
            TemplateName = name,
            Type = type,
            Enabled = true,
            ProvisioningRoleArn = OtherRole,
            Tags = [.. tags],
            TemplateBody = """
                {"Parameters":{"AWS::IoT::Certificate::CommonName":{"Type":"String"},"AWS::IoT::Certificate::Id":{"Type":"String"}},
                 "Resources":{"certificate":{"Properties":{"CertificateId":{"Ref":"AWS::IoT::Certificate::Id"}},"Type":"AWS::IoT::Certificate"},
                              "thing":{"Properties":{"ThingName":{"Ref":"AWS::IoT::Certificate::CommonName"}},"Type":"AWS::IoT::Thing"}}}
                """,
        },
        Cancellation);
}
