using System.Text.Json.Nodes;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;
using static LamassuAwsConnector.Tests.Devices.DeviceShadowTests;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>Who is asked to renew, and who isn't; the events are those of Lamassu's expiry monitor.</summary>
public sealed class RenewalTests
{
    private const string Deltas = "lamassu.io/ca/expiration-deltas";

    [Theory]
    [InlineData(null)]
    [InlineData("[]")]
    [InlineData("""[{"name":"Critical","triggered":true}]""")]
    [InlineData("""[{"name":"Preventive","triggered":false}]""")]
    public async Task A_preventive_delta_that_was_not_triggered_before_counts_even_where_there_was_none(string? before)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        var serial = await scenario.EnrolAsync();

        Assert.Equal("handled", (await PublishAsync(scenario, serial, before)).Outcome);

        Assert.Equal(["UPDATE_CERTIFICATE"], (await ActionsAsync(scenario)).Select(action => action.Key));
    }

    [Fact]
    public async Task A_delta_that_was_triggered_before_costs_no_call()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.ForgetCallsAsync();

        Assert.Equal("ignored", (await PublishAsync(scenario, serial, """[{"name":"Preventive","triggered":true}]""")).Outcome);

        Assert.Empty(scenario.Stage.LamassuCalls());
        Assert.Empty(await scenario.Stage.AwsCallsAsync());
    }

    [Fact]
    public async Task A_certificate_that_is_no_longer_current_asks_nobody_to_renew()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow(), revokeOnReenrollment: false);
        var earlier = await scenario.EnrolAsync();
        await scenario.RenewAsync();

        await AssertNobodyAskedAsync(scenario, earlier);
    }

    [Theory]
    [InlineData("KeyCompromise")]
    [InlineData("CertificateHold")]
    public async Task A_certificate_that_is_shut_out_asks_nobody_to_renew(string reason)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", reason);

        await AssertNobodyAskedAsync(scenario, serial);
    }

    [Fact]
    public async Task A_device_whose_DMS_is_gone_is_not_asked_and_the_event_is_no_dead_letter()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        var serial = await scenario.EnrolAsync();
        scenario.Stage.State.Remove(LamassuKind.Dms, Dms);
        await scenario.Stage.RestartConnectorAsync();

        await AssertNobodyAskedAsync(scenario, serial);
    }

    private static async Task AssertNobodyAskedAsync(DeviceScenario scenario, string serial)
    {
        await scenario.Stage.ForgetCallsAsync();

        Assert.Equal("ignored", (await PublishAsync(scenario, serial, before: null)).Outcome);

        Assert.Empty(await scenario.Stage.AwsWritesAsync());
    }

    private static Task<EventEnd> PublishAsync(DeviceScenario scenario, string serial, string? before)
    {
        var previous = scenario.Stage.State.Find(LamassuKind.Certificate, serial)!;
        var updated = previous.DeepClone().AsObject();
        previous["metadata"]!.AsObject().Remove(Deltas);
        if (before is not null)
        {
            previous["metadata"]![Deltas] = JsonNode.Parse(before);
        }

        updated["metadata"]![Deltas] = JsonNode.Parse("""[{"name":"Critical","triggered":false},{"name":"Preventive","triggered":true}]""");
        return scenario.Stage.PublishAsync(
            "certificate.metadata.update", $"certificate/{serial}", new JsonObject { ["previous"] = previous, ["updated"] = updated });
    }
}
