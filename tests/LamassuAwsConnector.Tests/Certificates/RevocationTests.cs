using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.DeviceManufacturing;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Certificates.CertificateStatusTests;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Certificates;

/// <summary>Revocations that arrive whatever stands in their way, and reach nobody else.</summary>
public sealed class RevocationTests
{
    // A device of a DMS in mode jitp: nobody but AWS has registered it, and no note of ours is on its certificate.
    [Fact]
    public async Task A_certificate_that_AWS_took_in_by_itself_is_revoked_without_a_note_of_its_ARN()
    {
        await using var stage = await JitpStage.StartAsync(door: Door.Event);
        await stage.PutWellAsync();
        var serial = await stage.EnrolAsync();
        Assert.True(await stage.ConnectAsync());
        Assert.Equal("ACTIVE", await stage.Stage.CertificateStatusAsync(serial));
        Assert.Null(stage.Stage.Note(LamassuKind.Certificate, serial));

        await stage.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "KeyCompromise");
        await stage.Stage.WhenQuietAsync();

        Assert.Equal("REVOKED", await stage.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task A_throttled_revocation_outlasts_the_tries_that_other_events_get()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, configuration: ("event_retries:attempts", "1"));
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "KeyCompromise");
        await scenario.Stage.FailAwsAsync("UpdateCertificate", 14, "ThrottlingException", 429);

        var end = await PublishAsync(scenario, serial, ("ACTIVE", "Unspecified"), ("REVOKED", "KeyCompromise"));

        Assert.Equal(("handled", 5), (end.Outcome, end.Deliveries));
        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Theory]
    [InlineData("""{"arn":""}""")]
    [InlineData("""{"arn":"arn:aws:iot:eu-west-1:123456789012:cert"}""")]
    [InlineData("""{"arn":5}""")]
    [InlineData("""{}""")]
    [InlineData("""["arn"]""")]
    [InlineData("\"text\"")]
    public async Task A_note_that_leads_nowhere_does_not_stop_a_revocation(string note)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var serial = await scenario.EnrolAsync();
        var certificate = scenario.Stage.State.Find(LamassuKind.Certificate, serial)!;
        certificate["metadata"]![LamassuJson.Lamassu3Key] = JsonNode.Parse(note);
        scenario.Stage.State.Store(LamassuKind.Certificate, certificate);
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "KeyCompromise");

        var end = await PublishAsync(scenario, serial, ("ACTIVE", "Unspecified"), ("REVOKED", "KeyCompromise"));

        Assert.Equal("handled", end.Outcome);
        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task A_connection_that_can_not_be_ended_neither_delays_nor_undoes_a_revocation()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "KeyCompromise");
        await scenario.Stage.FailAwsAsync("DeleteConnection", 1000, "InternalFailureException", 500);
        await scenario.Stage.ForgetCallsAsync();

        var end = await PublishAsync(scenario, serial, ("ACTIVE", "Unspecified"), ("REVOKED", "KeyCompromise"));

        Assert.Equal(("handled", 1), (end.Outcome, end.Deliveries));
        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
        Assert.Equal(
            ["UpdateCertificate", "DeleteConnection"], (await scenario.Stage.AwsWritesAsync()).Distinct().Where(call => call is "UpdateCertificate" or "DeleteConnection"));
    }

    [Fact]
    public async Task The_connection_that_ends_is_that_of_the_device_whatever_the_common_name_says()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync();
        var serial = await scenario.EnrolAsync("meter-2");
        Give(scenario, serial, Device);
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "KeyCompromise");
        await scenario.Stage.ForgetCallsAsync();

        await PublishAsync(scenario, serial, ("ACTIVE", "Unspecified"), ("REVOKED", "KeyCompromise"));

        var ended = Assert.Single(await scenario.Stage.AwsCallsAsync(), call => call.Operation == "DeleteConnection");
        Assert.Equal($"/connections/{Device}", ended.Path);
    }

    [Theory]
    [InlineData("Superseded")]
    [InlineData("KeyCompromise")]
    public async Task A_revocation_that_comes_after_the_renewal_writes_nothing_and_leaves_the_new_session(string reason)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var earlier = await scenario.EnrolAsync();
        await scenario.RenewAsync();
        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(earlier));
        var certificate = scenario.Stage.State.Find(LamassuKind.Certificate, earlier)!;
        certificate["revocation_reason"] = reason;
        scenario.Stage.State.Store(LamassuKind.Certificate, certificate);
        await scenario.Stage.ForgetCallsAsync();

        var end = await PublishAsync(scenario, earlier, ("ACTIVE", "Unspecified"), ("REVOKED", reason));

        Assert.Equal("handled", end.Outcome);
        Assert.Empty(await scenario.Stage.AwsWritesAsync());
        await scenario.AssertInOrderAsync();
    }

    /// <summary>Lamassu says that the certificate is another device's identity.</summary>
    private static void Give(DeviceScenario scenario, string serial, string deviceId)
    {
        var device = scenario.Stage.State.Find(LamassuKind.Device, deviceId)!;
        device["identity"]!["versions"]!["0"] = serial;
        scenario.Stage.State.Store(LamassuKind.Device, device);
        var certificate = scenario.Stage.State.Find(LamassuKind.Certificate, serial)!;
        certificate["metadata"]!["lamassu.io/ra/attached-to"]!["device_id"] = deviceId;
        scenario.Stage.State.Store(LamassuKind.Certificate, certificate);
    }
}
