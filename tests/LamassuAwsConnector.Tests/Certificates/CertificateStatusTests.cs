using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Certificates;

/// <summary>What Lamassu revokes, holds and lets in again, in AWS; the event comes through the bus, as Lamassu publishes it.</summary>
public sealed class CertificateStatusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("KeyCompromise", "REVOKED")]
    [InlineData("Unspecified", "REVOKED")]
    [InlineData("CertificateHold", "INACTIVE")]
    public async Task A_revocation_shuts_out_for_good_and_a_hold_reversibly(string reason, string status)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        var serial = await scenario.EnrolAsync();

        await SetStatusAsync(scenario, serial, "REVOKED", reason);

        Assert.Equal(status, await scenario.Stage.CertificateStatusAsync(serial));
        Assert.Equal([scenario.Stage.CertificateId(serial)], await scenario.Stage.AttachedAsync(Device));
    }

    [Fact]
    public async Task An_expired_certificate_is_INACTIVE()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        var serial = await scenario.EnrolAsync();

        await scenario.Stage.Stage.StandIns.Lamassu.RunExpiryMonitorAsync(TimeProvider.System.GetUtcNow().AddYears(5), Cancellation);
        await scenario.Stage.WhenQuietAsync();

        Assert.Equal("INACTIVE", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task A_lifted_hold_lets_the_current_identity_in_again()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        var serial = await scenario.EnrolAsync();
        await SetStatusAsync(scenario, serial, "REVOKED", "CertificateHold");

        await SetStatusAsync(scenario, serial, "ACTIVE");

        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task A_lifted_hold_of_a_former_identity_lets_nobody_in()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, revokeOnReenrollment: false);
        var serial = await scenario.EnrolAsync();
        await SetStatusAsync(scenario, serial, "REVOKED", "CertificateHold");
        var device = scenario.Stage.State.Find(LamassuKind.Device, Device)!;
        device["identity"]!["versions"] = new JsonObject { ["0"] = "00" };
        scenario.Stage.State.Store(LamassuKind.Device, device);

        await SetStatusAsync(scenario, serial, "ACTIVE");

        Assert.Equal("INACTIVE", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task An_INACTIVE_that_somebody_set_in_AWS_is_left()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.IoT.UpdateCertificateAsync(
            new UpdateCertificateRequest { CertificateId = scenario.Stage.CertificateId(serial), NewStatus = CertificateStatus.INACTIVE }, Cancellation);

        await SetStatusAsync(scenario, serial, "ACTIVE");

        Assert.Equal("INACTIVE", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task Hold_and_unhold_in_the_wrong_order_end_with_the_last_state()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "CertificateHold");
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "ACTIVE");

        await PublishAsync(scenario, serial, ("REVOKED", "CertificateHold"), ("ACTIVE", "CertificateHold"));
        await PublishAsync(scenario, serial, ("ACTIVE", "Unspecified"), ("REVOKED", "CertificateHold"));

        await scenario.AssertInOrderAsync();
    }

    // Another connector on the same queue had the event of the lifted hold while AWS was as before, and found nothing to do.
    [Theory]
    [InlineData("CertificateHold", "ACTIVE")]
    [InlineData("KeyCompromise", "INACTIVE")]
    public async Task A_hold_that_is_lifted_in_Lamassu_while_it_is_carried_over_stays_in_AWS_only_where_the_event_said_more(string reasonOfEvent, string expected)
    {
        DeviceScenario? stage = null;
        var configure = AwsInterception.Of("UpdateCertificateAsync", _ =>
        {
            var certificate = Certificate(stage!, stage!.Stage.CurrentSerial(Device), ("ACTIVE", "CertificateHold"));
            stage.Stage.State.Save(LamassuKind.Certificate, certificate);
            return null;
        });
        await using var scenario = stage = await DeviceScenario.StartAsync(Door.Http, configure: configure);
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "CertificateHold");

        await PublishAsync(scenario, serial, ("ACTIVE", "Unspecified"), ("REVOKED", reasonOfEvent));

        Assert.Equal(expected, await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task A_revocation_that_AWS_does_not_take_at_once_is_tried_until_it_is_done()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.FailAwsAsync("UpdateCertificate", 40, "InternalFailureException", 500);

        await SetStatusAsync(scenario, serial, "REVOKED", "KeyCompromise");

        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task A_revocation_for_want_of_permission_is_tried_without_end()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, configuration: ("event_retries:max_age", "00:00:00"));
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.FailAwsAsync("UpdateCertificate", 10, "AccessDeniedException", 403);

        await SetStatusAsync(scenario, serial, "REVOKED", "KeyCompromise");

        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task A_status_delivered_twice_is_written_once()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        var serial = await scenario.EnrolAsync();
        await SetStatusAsync(scenario, serial, "REVOKED", "KeyCompromise");
        await scenario.Stage.ForgetCallsAsync();

        await PublishAsync(scenario, serial, ("ACTIVE", "Unspecified"), ("REVOKED", "KeyCompromise"));

        Assert.DoesNotContain("UpdateCertificate", await scenario.Stage.AwsWritesAsync());
    }

    [Fact]
    public async Task An_event_that_says_revoked_while_Lamassu_says_ACTIVE_shuts_out_reversibly()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var serial = await scenario.EnrolAsync();

        var end = await PublishAsync(scenario, serial, ("ACTIVE", "Unspecified"), ("REVOKED", "KeyCompromise"));

        Assert.Equal("handled", end.Outcome);
        Assert.Equal("INACTIVE", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task A_revoked_certificate_that_Lamassu_has_lost_is_shut_out_reversibly()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var serial = await scenario.EnrolAsync();
        var id = scenario.Stage.CertificateId(serial);
        var updated = Certificate(scenario, serial, ("REVOKED", "KeyCompromise"));
        scenario.Stage.State.Remove(LamassuKind.Certificate, serial);

        await scenario.Stage.PublishAsync("certificate.status.update", $"certificate/{serial}", new JsonObject { ["updated"] = updated });

        var inAws = await scenario.Stage.IoT.DescribeCertificateAsync(new DescribeCertificateRequest { CertificateId = id }, Cancellation);
        Assert.Equal(CertificateStatus.INACTIVE, inAws.CertificateDescription.Status);
    }

    [Fact]
    public async Task An_unknown_revocation_reason_counts_as_revoked()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var serial = await scenario.EnrolAsync();
        scenario.Stage.State.Store(LamassuKind.Certificate, Certificate(scenario, serial, ("REVOKED", "SomethingNew")));

        await PublishAsync(scenario, serial, ("ACTIVE", "Unspecified"), ("REVOKED", "SomethingNew"));

        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task A_certificate_whose_CA_is_not_registered_here_costs_one_AWS_call_at_most()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, dmsMetadata: [], registersCA: false);
        var serial = await scenario.EnrolAsync();

        await SetStatusAsync(scenario, serial, "REVOKED", "KeyCompromise");

        Assert.Equal(["DescribeCACertificate"], (await scenario.Stage.AwsCallsAsync()).Select(call => call.Operation));
    }

    [Fact]
    public async Task A_revoked_certificate_that_AWS_has_not_seen_gets_a_tombstone_where_its_CA_lets_devices_in_by_itself()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, dmsMetadata: []);
        await scenario.Stage.IoT.UpdateCACertificateAsync(
            new UpdateCACertificateRequest { CertificateId = scenario.Stage.CAId(CA), NewAutoRegistrationStatus = AutoRegistrationStatus.ENABLE }, Cancellation);
        var serial = await scenario.EnrolAsync();

        await SetStatusAsync(scenario, serial, "REVOKED", "KeyCompromise");

        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task A_revoked_certificate_that_AWS_has_not_seen_is_left_where_its_CA_lets_nobody_in()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, dmsMetadata: []);
        var serial = await scenario.EnrolAsync();

        await SetStatusAsync(scenario, serial, "REVOKED", "KeyCompromise");

        Assert.Null(await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task The_shadow_of_a_revoked_device_asks_for_it_and_a_lifted_hold_takes_it_back()
    {
        var metadata = LamassuJson.AutoDms(LamassuJson.DocumentedKey);
        metadata[LamassuJson.DocumentedKey]!["shadow_config"] = new JsonObject { ["enable"] = true };
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, metadata);
        var serial = await scenario.EnrolAsync();

        await SetStatusAsync(scenario, serial, "REVOKED", "CertificateHold");
        Assert.Equal(["disconnect"], await ShadowActionsAsync(scenario));

        await SetStatusAsync(scenario, serial, "ACTIVE");
        Assert.Empty(await ShadowActionsAsync(scenario));

        await SetStatusAsync(scenario, serial, "REVOKED", "KeyCompromise");
        Assert.Equal(["disconnect", "revoke"], await ShadowActionsAsync(scenario));
    }

    [Fact]
    public async Task A_superseded_certificate_disconnects_nobody()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        await scenario.EnrolAsync();
        await scenario.Stage.ForgetCallsAsync();

        await scenario.RenewAsync();

        Assert.DoesNotContain("DeleteConnection", (await scenario.Stage.AwsCallsAsync()).Select(call => call.Operation));
        await scenario.AssertInOrderAsync();
    }

    internal static async Task SetStatusAsync(DeviceScenario scenario, string serial, string status, string reason = "Unspecified")
    {
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, status, reason);
        await scenario.Stage.WhenQuietAsync();
    }

    internal static Task<EventEnd> PublishAsync(DeviceScenario scenario, string serial, (string Status, string Reason) previous, (string Status, string Reason) updated) =>
        scenario.Stage.PublishAsync("certificate.status.update", $"certificate/{serial}", new JsonObject
        {
            ["previous"] = Certificate(scenario, serial, previous),
            ["updated"] = Certificate(scenario, serial, updated),
        });

    private static JsonObject Certificate(DeviceScenario scenario, string serial, (string Status, string Reason) state)
    {
        var certificate = scenario.Stage.State.Find(LamassuKind.Certificate, serial)!;
        certificate["status"] = state.Status;
        certificate["revocation_reason"] = state.Reason;
        return certificate;
    }

    private static async Task<IEnumerable<string>> ShadowActionsAsync(DeviceScenario scenario)
    {
        var shadow = await scenario.GetShadowAsync();
        return (shadow["document"]?["state"]?["desired"]?["identity_actions"] as JsonObject ?? []).Select(action => action.Key).Order();
    }
}
