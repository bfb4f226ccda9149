using System.Text.Json.Nodes;
using Amazon.IoT;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.CertificateAuthorities.CAStage;

namespace LamassuAwsConnector.Tests.CertificateAuthorities;

/// <summary>What Lamassu revokes, holds and lets in again of its CAs, in AWS.</summary>
public sealed class CAStatusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("CACompromise")]
    [InlineData("CertificateHold")]
    [InlineData("SomethingNew")]
    public async Task A_revoked_CA_is_INACTIVE_in_AWS_and_lets_no_device_in(string reason)
    {
        await using var stage = await CAStage.StartAsync();
        await stage.AttachTemplateAsync();
        if (reason == "SomethingNew")
        {
            StoreStatus(stage, "REVOKED", reason);
            await PublishAsync(stage);
        }
        else
        {
            await stage.SetStatusAsync("REVOKED", reason);
        }

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key, "SUCCEEDED")]
    [InlineData(LamassuJson.DocumentedKey, "succeeded")]
    public async Task The_deactivation_is_noted_beside_what_the_registration_says(string key, string status)
    {
        await using var stage = await CAStage.StartAsync(key);
        await stage.AttachTemplateAsync();

        await stage.SetStatusAsync("REVOKED", "CACompromise");

        var note = stage.Stage.State.Find(LamassuKind.CA, CA)!["metadata"]![key]!;
        Assert.Equal(status, note["registration"]!["status"]!.GetValue<string>());
        Assert.True(DateTimeOffset.TryParse(note["registration"]!["deactivated_time"]!.GetValue<string>(), out _));
        Assert.True(note["registration"]!["auto_registration_disabled"]!.GetValue<bool>());
        Assert.Equal(stage.CertificateId, note["certificate_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_CA_of_whose_registration_nothing_is_noted_is_deactivated_and_noted_as_registered()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.Stage.Lamassu.PatchCAAsync(CA, new JsonObject
        {
            ["patches"] = new JsonArray(new JsonObject { ["op"] = "remove", ["path"] = "/lamassu.io~1iot~1aws-iot-test" }),
        });

        await stage.SetStatusAsync("REVOKED", "CertificateHold");

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
        var note = stage.Stage.Note(LamassuKind.CA, CA)!;
        Assert.Equal("succeeded", note["registration"]!["status"]!.GetValue<string>(), ignoreCase: true);
        Assert.Equal(stage.CertificateId, note["certificate_id"]!.GetValue<string>());
        Assert.NotNull(note["registration"]!["deactivated_time"]);
    }

    [Fact]
    public async Task A_revoked_CA_whose_metadata_key_holds_something_else_is_deactivated_all_the_same()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.Stage.Lamassu.PatchCAAsync(CA, new JsonObject
        {
            ["patches"] = new JsonArray(new JsonObject { ["op"] = "add", ["path"] = "/lamassu.io~1iot~1aws-iot-test", ["value"] = "text" }),
        });

        await stage.SetStatusAsync("REVOKED", "CACompromise");

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task An_expired_CA_is_INACTIVE_in_AWS()
    {
        await using var stage = await CAStage.StartAsync();

        await stage.Stage.Stage.StandIns.Lamassu.RunExpiryMonitorAsync(TimeProvider.System.GetUtcNow().AddYears(20), Cancellation);
        await stage.Stage.WhenQuietAsync();

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
        Assert.NotNull(stage.Registration!["deactivated_time"]);
    }

    [Fact]
    public async Task A_root_is_deactivated_with_the_certificate_event_of_its_own_cascade()
    {
        await using var stage = await CAStage.StartAsync(parent: null);

        await stage.SetStatusAsync("REVOKED", "CACompromise");

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
        Assert.Equal(["UpdateCACertificate"], await stage.Stage.AwsWritesAsync());
    }

    [Fact]
    public async Task A_CA_below_a_revoked_one_is_deactivated_too()
    {
        await using var stage = await CAStage.StartAsync();

        await stage.Stage.Lamassu.SetCAStatusAsync("root", "REVOKED", "CACompromise");
        await stage.Stage.WhenQuietAsync();

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task A_lifted_hold_activates_what_the_connector_deactivated()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.AttachTemplateAsync();
        await stage.SetStatusAsync("REVOKED", "CertificateHold");

        await stage.SetStatusAsync("ACTIVE");

        Assert.Equal(("ACTIVE", "ENABLE"), await stage.InAwsAsync());
        Assert.Null(stage.Registration!["deactivated_time"]);
        Assert.Null(stage.Registration!["auto_registration_disabled"]);
        Assert.Equal("SUCCEEDED", stage.Registration!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Auto_registration_that_was_off_or_has_no_template_any_more_stays_off()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.SetStatusAsync("REVOKED", "CertificateHold");
        await stage.SetStatusAsync("ACTIVE");
        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());

        await stage.AttachTemplateAsync();
        await stage.SetStatusAsync("REVOKED", "CertificateHold");
        await stage.DetachTemplateAsync();
        await stage.SetStatusAsync("ACTIVE");
        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task A_CA_that_somebody_set_INACTIVE_is_not_activated_by_a_lifted_hold()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.AttachTemplateAsync();
        await stage.SetInAwsAsync(CACertificateStatus.INACTIVE);
        await stage.SetStatusAsync("REVOKED", "CertificateHold");
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
        Assert.Null(stage.Registration!["deactivated_time"]);

        await stage.SetStatusAsync("ACTIVE");

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Theory]
    [InlineData("REVOKED")]
    [InlineData("ACTIVE")]
    public async Task A_status_delivered_twice_is_written_once(string status)
    {
        await using var stage = await CAStage.StartAsync();
        await stage.AttachTemplateAsync();
        await stage.SetStatusAsync("REVOKED", "CertificateHold");
        if (status == "ACTIVE")
        {
            await stage.SetStatusAsync("ACTIVE");
        }

        await stage.Stage.ForgetCallsAsync();
        Assert.Equal("handled", (await PublishAsync(stage)).Outcome);

        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task An_old_event_of_a_CA_that_is_ACTIVE_again_changes_nothing()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.Stage.ForgetCallsAsync();

        await PublishAsync(stage, status: "REVOKED");

        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task A_CA_that_is_not_registered_here_is_ignored()
    {
        await using var stage = await CAStage.StartAsync(registers: false);

        await stage.SetStatusAsync("REVOKED", "CACompromise");

        Assert.Equal("ignored", (await PublishAsync(stage)).Outcome);
        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task A_deactivation_that_AWS_does_not_take_at_once_is_tried_until_it_is_done_and_can_be_taken_back()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.Stage.FailAwsAsync("UpdateCACertificate", 40, "ConflictingResourceUpdateException", 409);

        await stage.SetStatusAsync("REVOKED", "CertificateHold");
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());

        await stage.Stage.FailAwsAsync("DescribeCACertificate", 4, "InternalFailureException", 500);
        await stage.SetStatusAsync("ACTIVE");
        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task A_hold_of_the_CAs_certificate_alone_counts_and_can_be_lifted()
    {
        await using var stage = await CAStage.StartAsync();
        var serial = stage.Stage.State.Find(LamassuKind.CA, CA)!["certificate"]!["serial_number"]!.GetValue<string>();

        await stage.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "CertificateHold");
        await stage.Stage.WhenQuietAsync();
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());

        await stage.Stage.Lamassu.SetCertificateStatusAsync(serial, "ACTIVE");
        await stage.Stage.WhenQuietAsync();
        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task A_revocation_that_claims_to_be_the_connectors_own_is_handled()
    {
        await using var stage = await CAStage.StartAsync();
        StoreStatus(stage, "REVOKED", "CACompromise");

        await PublishAsync(stage, source: $"source://lamassu.io/ctx/source/service/awsiot-connector/{TestStage.ConnectorId}");

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task A_revoked_CA_certificate_that_Lamassu_has_lost_is_shut_out()
    {
        await using var stage = await CAStage.StartAsync();
        var id = stage.CertificateId;
        StoreStatus(stage, "REVOKED", "CACompromise");
        var updated = stage.Stage.State.Find(LamassuKind.CA, CA)!["certificate"]!.AsObject();
        var serial = updated["serial_number"]!.GetValue<string>();
        stage.Stage.State.Remove(LamassuKind.Certificate, serial);

        await stage.Stage.PublishAsync("certificate.status.update", $"certificate/{serial}", new JsonObject { ["updated"] = updated.DeepClone() });

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync(id));
    }

    private static void StoreStatus(CAStage stage, string status, string reason)
    {
        var ca = stage.Stage.State.Find(LamassuKind.CA, CA)!;
        ca["certificate"]!["status"] = status;
        ca["certificate"]!["revocation_reason"] = reason;
        stage.Stage.State.Store(LamassuKind.CA, ca);
    }

    private static Task<LamassuAwsConnector.Api.EventEnd> PublishAsync(
        CAStage stage, string? status = null, string source = "source://lamassu.io/ctx/source/service/ca")
    {
        var updated = stage.Stage.State.Find(LamassuKind.CA, CA)!;
        if (status is not null)
        {
            updated["certificate"]!["status"] = status;
        }

        return stage.Stage.PublishAsync("ca.status.update", $"ca/{CA}", new JsonObject { ["updated"] = updated }, source);
    }
}
