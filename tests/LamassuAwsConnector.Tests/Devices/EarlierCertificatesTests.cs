using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>What becomes of a device's certificates when it has a new one; above all, that the current one is never harmed.</summary>
public sealed class EarlierCertificatesTests
{
    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_renewal_shuts_the_earlier_certificate_out_and_detaches_it(Door door)
    {
        await using var scenario = await DeviceScenario.StartAsync(door);
        var earlier = await scenario.EnrolAsync();

        await scenario.RenewAsync();

        await scenario.AssertInOrderAsync();
        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(earlier));
    }

    [Theory]
    [InlineData("deactivate", "INACTIVE")]
    [InlineData("revoke", "REVOKED")]
    public async Task An_earlier_certificate_that_Lamassu_has_not_revoked_is_retired_as_configured(string option, string status)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, configuration: ("earlier_certificates", option));
        var earlier = await scenario.EnrolAsync();
        await scenario.Stage.Lamassu.ReenrollAsync(Dms, Device);
        var certificate = scenario.Stage.State.Find(LamassuKind.Certificate, earlier)!;
        certificate["status"] = "ACTIVE";
        scenario.Stage.State.Store(LamassuKind.Certificate, certificate);

        await scenario.RegisterAsync();

        Assert.Equal(status, await scenario.Stage.CertificateStatusAsync(earlier));
        await scenario.AssertInOrderAsync();
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_DMS_that_keeps_earlier_certificates_keeps_them(Door door)
    {
        await using var scenario = await DeviceScenario.StartAsync(door, revokeOnReenrollment: false);
        var earlier = await scenario.EnrolAsync();

        var current = await scenario.RenewAsync();

        Assert.Equal("ACTIVE", await scenario.Stage.CertificateStatusAsync(earlier));
        Assert.Equal("ACTIVE", await scenario.Stage.CertificateStatusAsync(current));
    }

    [Fact]
    public async Task The_bind_of_an_earlier_certificate_delivered_again_touches_nothing()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        var earlier = await scenario.EnrolAsync();
        await scenario.RenewAsync();
        await scenario.Stage.ForgetCallsAsync();

        var end = await scenario.Stage.PublishBindAsync(Device, earlier);

        Assert.Equal("outdated", end.Outcome);
        Assert.Empty(await scenario.Stage.AwsCallsAsync());
        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task The_binds_of_a_renewal_in_the_wrong_order_end_the_same_way()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        var earlier = scenario.Stage.CurrentSerial(Device);
        await scenario.Stage.Lamassu.ReenrollAsync(Dms, Device);

        Assert.Equal("handled", (await scenario.BindAsync()).Outcome);
        Assert.Equal("outdated", (await scenario.Stage.PublishBindAsync(Device, earlier)).Outcome);

        await scenario.AssertInOrderAsync();
        Assert.Null(await scenario.Stage.CertificateStatusAsync(earlier));
    }

    [Fact]
    public async Task A_current_certificate_that_does_not_work_in_AWS_keeps_the_earlier_one_working()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, revokeOnReenrollment: true);
        var earlier = await scenario.EnrolAsync();
        await scenario.Stage.Lamassu.ReenrollAsync(Dms, Device);
        var current = scenario.Stage.CurrentSerial(Device);
        await scenario.Stage.IoT.RegisterCertificateAsync(
            new Amazon.IoT.Model.RegisterCertificateRequest
            {
                CertificatePem = Pem(scenario, current),
                CaCertificatePem = CAPem(scenario),
                Status = Amazon.IoT.CertificateStatus.INACTIVE,
            },
            TestContext.Current.CancellationToken);

        var answer = await scenario.RegisterAsync();

        Assert.Equal("INACTIVE", await scenario.Stage.CertificateStatusAsync(current));
        Assert.Equal("ACTIVE", await scenario.Stage.CertificateStatusAsync(earlier));
        Assert.Contains("earlier_certificates", answer["left_alone"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_Lamassu_revokes_while_it_is_being_registered_is_shut_out()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        var serial = scenario.Stage.CurrentSerial(Device);
        var bind = await RevokedWhileRegisteringAsync(scenario, serial);

        Assert.Equal("handled", bind.Outcome);
        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
    }

    // The event was published while the certificate was ACTIVE; the revocation comes before the connector reads anything but the device.
    private static async Task<Api.EventEnd> RevokedWhileRegisteringAsync(DeviceScenario scenario, string serial)
    {
        var certificate = scenario.Stage.State.Find(LamassuKind.Certificate, serial)!;
        var asPublished = certificate.DeepClone().AsObject();
        certificate["status"] = "REVOKED";
        certificate["revocation_reason"] = "KeyCompromise";
        scenario.Stage.State.Store(LamassuKind.Certificate, certificate);
        return await scenario.Stage.PublishAsync(
            "dms.bind-device-id", $"device/{Device}", new() { ["certificate"] = asPublished, ["device"] = new System.Text.Json.Nodes.JsonObject { ["id"] = Device } });
    }

    private static string Pem(DeviceScenario scenario, string serial) =>
        Decode(scenario.Stage.State.Find(LamassuKind.Certificate, serial)!["certificate"]!.GetValue<string>());

    private static string CAPem(DeviceScenario scenario) =>
        Decode(scenario.Stage.State.Find(LamassuKind.CA, CA)!["certificate"]!["certificate"]!.GetValue<string>());

    private static string Decode(string encoded) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
}
