using System.Text.Json.Nodes;
using Amazon.IoT;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using static LamassuAwsConnector.Tests.CertificateAuthorities.CAStage;

namespace LamassuAwsConnector.Tests.CertificateAuthorities;

/// <summary>A CA that got a new certificate in Lamassu, which drops what its metadata said.</summary>
public sealed class CAReissueTests
{
    [Theory]
    [InlineData(true, "DEFAULT")]
    [InlineData(false, "SNI_ONLY")]
    public async Task The_new_certificate_is_registered_in_the_mode_of_the_former_one_which_stays(bool primaryAccount, string mode)
    {
        await using var stage = await CAStage.StartAsync(primaryAccount: primaryAccount);
        var former = stage.CertificateId;

        await stage.ReissueAsync();

        Assert.NotEqual(former, stage.CertificateId);
        var present = (await stage.Stage.DescribeCACertificateAsync(stage.CertificateId))!;
        Assert.Equal(mode, present.CertificateDescription.CertificateMode.Value);
        Assert.Null(present.RegistrationConfig?.TemplateName);
        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync(former));
    }

    [Fact]
    public async Task Template_and_auto_registration_are_those_of_the_former_one()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.AttachTemplateAsync();

        await stage.ReissueAsync();

        Assert.Equal(Template, (await stage.Stage.DescribeCACertificateAsync(stage.CertificateId))!.RegistrationConfig.TemplateName);
        Assert.Equal(("ACTIVE", "ENABLE"), await stage.InAwsAsync());
    }

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key, "SUCCEEDED")]
    [InlineData(LamassuJson.DocumentedKey, "succeeded")]
    public async Task The_registration_is_noted_in_the_dialect_that_the_CA_had(string key, string status)
    {
        await using var stage = await CAStage.StartAsync(key);

        await stage.ReissueAsync();

        var note = stage.Stage.State.Find(LamassuKind.CA, CA)!["metadata"]![key]!;
        Assert.Equal(stage.CertificateId, note["certificate_id"]!.GetValue<string>());
        Assert.Equal(status, note["registration"]!["status"]!.GetValue<string>());
        Assert.True(note["registration"]!["primary_account"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_former_certificate_that_somebody_set_INACTIVE_brings_one_that_is_INACTIVE()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.SetInAwsAsync(CACertificateStatus.INACTIVE);

        await stage.ReissueAsync();

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task A_former_certificate_that_Lamassu_revoked_before_the_event_came_brings_one_that_is_ACTIVE()
    {
        await using var stage = await CAStage.StartAsync();
        var former = stage.Stage.State.Find(LamassuKind.CA, CA)!;
        await stage.SetInAwsAsync(CACertificateStatus.INACTIVE);
        var bus = stage.Stage.Stage.Bus;
        var connector = bus.Connector;
        bus.Connector = null;
        await stage.Stage.Lamassu.ReissueCAAsync(CA);
        await stage.Stage.Lamassu.SetCertificateStatusAsync(former["certificate"]!["serial_number"]!.GetValue<string>(), "REVOKED", "Superseded");
        bus.Connector = connector;

        await PublishAsync(stage, former);

        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task The_former_certificate_is_deactivated_when_Lamassu_revokes_it()
    {
        await using var stage = await CAStage.StartAsync();
        var former = stage.Stage.State.Find(LamassuKind.CA, CA)!["certificate"]!["serial_number"]!.GetValue<string>();
        var id = stage.CertificateId;
        await stage.ReissueAsync();

        await stage.Stage.Lamassu.SetCertificateStatusAsync(former, "REVOKED", "Superseded");
        await stage.Stage.WhenQuietAsync();

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync(id));
        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
        Assert.Null(stage.Registration!["deactivated_time"]);
    }

    [Fact]
    public async Task A_revoked_CA_that_was_reissued_is_deactivated_with_its_former_certificate()
    {
        await using var stage = await CAStage.StartAsync(parent: null);
        var former = stage.CertificateId;
        await stage.ReissueAsync();

        await stage.SetStatusAsync("REVOKED", "CACompromise");

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync(former));
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task A_reissue_delivered_twice_is_written_once()
    {
        await using var stage = await CAStage.StartAsync();
        var former = stage.Stage.State.Find(LamassuKind.CA, CA)!;
        await stage.ReissueAsync();
        await stage.Stage.ForgetCallsAsync();

        Assert.Equal("handled", (await PublishAsync(stage, former)).Outcome);

        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task A_CA_that_is_not_registered_here_is_ignored()
    {
        await using var stage = await CAStage.StartAsync(registers: false);
        var former = stage.Stage.State.Find(LamassuKind.CA, CA)!;

        await stage.ReissueAsync();

        Assert.Equal("ignored", (await PublishAsync(stage, former)).Outcome);
        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task A_reissue_while_AWS_is_away_is_caught_up_with()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.Stage.FailAwsAsync("RegisterCACertificate", 4, "ServiceUnavailableException", 503);

        await stage.ReissueAsync();

        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
        Assert.Equal(stage.CertificateId, stage.Stage.Note(LamassuKind.CA, CA)!["certificate_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_new_certificate_that_AWS_refuses_is_noted_as_failed()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.Stage.FailAwsAsync("RegisterCACertificate", 1, "ResourceRegistrationFailureException", 400);

        await stage.ReissueAsync();

        Assert.Equal((null, null), await stage.InAwsAsync());
        Assert.Equal("FAILED", stage.Registration!["status"]!.GetValue<string>());
        Assert.Contains("ResourceRegistrationFailureException", stage.Registration!["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static Task<LamassuAwsConnector.Api.EventEnd> PublishAsync(CAStage stage, JsonObject former) => stage.Stage.PublishAsync(
        "ca.reissue", $"ca/{CA}", new JsonObject { ["previous"] = former.DeepClone(), ["updated"] = stage.Stage.State.Find(LamassuKind.CA, CA) });
}
