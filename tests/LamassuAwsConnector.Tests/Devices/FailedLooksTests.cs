using System.Net;
using System.Text.Json.Nodes;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.CertificateAuthorities;
using LamassuAwsConnector.Tests.Infrastructure;
using LamassuAwsConnector.Tests.Sandbox.Aws;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;
using static LamassuAwsConnector.Tests.Devices.DeviceShadowTests;
using static LamassuAwsConnector.Tests.Devices.RegisterThingFailureTests;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>A look at AWS that fails says nothing: neither that something is not there, nor that a list is at its end.</summary>
public sealed class FailedLooksTests
{
    private const string Denied = "AccessDeniedException";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GetPolicy")]
    [InlineData("DescribeThingGroup")]
    public async Task What_could_not_be_looked_at_is_not_created(string look)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await scenario.Stage.FailAwsAsync(look, 1, Denied, 403);

        await AssertProblemAsync(await scenario.PostAsync(), HttpStatusCode.BadGateway, Denied);

        Assert.Equal(look == "GetPolicy" ? [] : ["CreatePolicy"], await scenario.Stage.AwsWritesAsync());
    }

    [Theory]
    [InlineData("DescribeCertificate")]
    [InlineData("DescribeThing")]
    [InlineData("ListAttachedPolicies")]
    [InlineData("ListThingGroupsForThing")]
    [InlineData("ListThingPrincipals")]
    public async Task A_registered_device_that_could_not_be_looked_at_is_not_registered_again(string look)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync();
        await scenario.Stage.FailAwsAsync(look, 1, Denied, 403);
        await scenario.Stage.ForgetCallsAsync();

        await AssertProblemAsync(await scenario.PostAsync(), HttpStatusCode.BadGateway, Denied);

        Assert.Empty(await scenario.Stage.AwsWritesAsync());
    }

    [Theory]
    [InlineData("DescribeThing")]
    [InlineData("GetThingShadow")]
    public async Task A_shadow_that_could_not_be_looked_at_is_not_written(string look)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        await scenario.EnrolAsync();
        await scenario.Stage.FailAwsAsync(look, 1, Denied, 403);
        await scenario.Stage.ForgetCallsAsync();

        var request = new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["actions"] = new JsonArray("rotate") };
        await AssertProblemAsync(await scenario.Stage.PostAsync($"/v1/devices/{Device}/shadow/actions", request), HttpStatusCode.BadGateway, Denied);

        Assert.Empty(await scenario.Stage.AwsWritesAsync());
    }

    // 12 failures outlast one delivery, in which each call is tried nine times.
    [Theory]
    [InlineData("ListThingPrincipals")]
    [InlineData("DescribeCertificate")]
    public async Task The_earlier_certificate_is_retired_in_the_end_when_a_look_at_it_failed(string look)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var earlier = await scenario.EnrolAsync();
        await scenario.Stage.Lamassu.ReenrollAsync(Dms, Device);
        await scenario.Stage.FailAwsAsync(look, 12, "InternalFailureException", 500);

        var end = await scenario.BindAsync();

        Assert.Equal("handled", end.Outcome);
        Assert.True(end.Deliveries > 1);
        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(earlier));
        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task A_CA_that_could_not_be_looked_at_is_not_registered()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA);
        await stage.FailAwsAsync("DescribeCACertificate", 1, Denied, 403);

        var request = new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = false };
        await AssertProblemAsync(await stage.PostAsync($"/v1/cas/{CA}/register-aws", request), HttpStatusCode.BadGateway, Denied);

        Assert.Empty(await stage.AwsWritesAsync());
    }

    // AWS gives 25 CAs on a page, the newest ones first. The one that counts is on the second page, which fails at first.
    [Fact]
    public async Task A_list_that_fails_in_its_middle_is_read_anew_to_its_end()
    {
        await using var stage = await CAStage.StartAsync(registers: false);
        var request = new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = false };
        using var registered = await stage.Stage.PostAsync($"/v1/cas/{CAStage.CA}/register-aws", request);
        var id = stage.CertificateId;
        for (var number = 0; number < 25; number++)
        {
            using var stranger = TestCA.Create(TimeProvider.System.GetUtcNow(), $"Stranger {number}");
            await stage.Stage.IoT.RegisterCACertificateAsync(
                new RegisterCACertificateRequest { CaCertificate = stranger.Pem, CertificateMode = Amazon.IoT.CertificateMode.SNI_ONLY, SetAsActive = true }, Cancellation);
        }

        var firstPage = await stage.Stage.IoT.ListCACertificatesAsync(new ListCACertificatesRequest(), Cancellation);
        Assert.DoesNotContain(firstPage.Certificates, certificate => certificate.CertificateId == id);
        stage.Stage.State.Remove(LamassuKind.CA, CAStage.CA);
        await stage.Stage.FailAwsAsync("ListCACertificates", 3, "InternalFailureException", 500, after: 1);

        var end = await stage.Stage.PublishAsync("ca.delete", $"ca/{CAStage.CA}", new JsonObject { ["CAID"] = CAStage.CA });

        Assert.Equal("handled", end.Outcome);
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync(id));
    }

    [Fact]
    public async Task Principals_that_are_no_certificates_hinder_no_renewal_and_no_deletion()
    {
        var own = "";
        var configure = AwsInterception.Of("ListThingPrincipalsAsync", _ => own.Length == 0
            ? null
            : Task.FromResult<IReadOnlyList<string>>(["eu-west-1:5c8b2f6e-7a53-4d0f-9c0e-1f2a3b4c5d6e", "", "cert", own]));
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, configure: configure);
        var earlier = await scenario.EnrolAsync();
        own = $"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:cert/{scenario.Stage.CertificateId(earlier)}";

        var current = await scenario.RenewAsync();
        await scenario.AssertInOrderAsync();

        own = $"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:cert/{scenario.Stage.CertificateId(current)}";
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(current, "REVOKED", "KeyCompromise");
        scenario.Stage.State.Remove(LamassuKind.Device, Device);
        Assert.Equal("handled", (await scenario.Stage.PublishAsync("device.delete", $"device/{Device}", new JsonObject { ["id"] = Device, ["ID"] = Device })).Outcome);
        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(current));
    }
}
