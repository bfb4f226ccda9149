using System.Text;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using Amazon.IotData;
using Amazon.IotData.Model;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>Devices that Lamassu decommissions and deletes, in AWS.</summary>
public sealed class DeviceEndOfLifeTests
{
    private const string ShadowName = "identity";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key)]
    [InlineData(LamassuJson.DocumentedKey)]
    public async Task A_decommissioned_device_is_shut_out_and_asked_for_nothing_and_its_thing_stays(string key)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, WithShadow(key));
        var serial = await scenario.EnrolAsync();
        await WriteShadowAsync(scenario, ShadowName, "update-now");

        await scenario.Stage.Lamassu.DecommissionAsync(Device);
        await scenario.Stage.WhenQuietAsync();

        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
        Assert.NotNull(await scenario.Stage.DescribeThingAsync(Device));
        Assert.Equal([scenario.Stage.CertificateId(serial)], await scenario.Stage.AttachedAsync(Device));
        await AssertOnlyTheirsAsync(scenario, ShadowName);
    }

    [Fact]
    public async Task Certificates_whose_own_events_were_lost_follow_Lamassu_with_their_decommissioned_device()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, revokeOnReenrollment: false);
        var earlier = await scenario.EnrolAsync();
        var later = await scenario.RenewAsync();
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(earlier, "REVOKED", "KeyCompromise");
        await scenario.Stage.Lamassu.DecommissionAsync(Device);
        Assert.Equal(("ACTIVE", "ACTIVE"), (await scenario.Stage.CertificateStatusAsync(earlier), await scenario.Stage.CertificateStatusAsync(later)));

        Assert.Equal("handled", (await PublishDecommissionAsync(scenario)).Outcome);

        Assert.Equal(("REVOKED", "REVOKED"), (await scenario.Stage.CertificateStatusAsync(earlier), await scenario.Stage.CertificateStatusAsync(later)));
    }

    [Fact]
    public async Task An_earlier_certificate_that_is_valid_in_Lamassu_stays_when_its_device_is_decommissioned()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, revokeOnReenrollment: false);
        var earlier = await scenario.EnrolAsync();
        await scenario.RenewAsync();

        await scenario.Stage.Lamassu.DecommissionAsync(Device);
        await scenario.Stage.WhenQuietAsync();

        Assert.Equal("ACTIVE", await scenario.Stage.CertificateStatusAsync(earlier));
    }

    [Fact]
    public async Task A_certificate_that_Lamassu_has_lost_does_not_hinder_the_others()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, revokeOnReenrollment: false);
        var earlier = await scenario.EnrolAsync();
        var later = await scenario.RenewAsync();
        await scenario.Stage.Lamassu.DecommissionAsync(Device);
        scenario.Stage.State.Remove(LamassuKind.Certificate, later);
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(earlier, "REVOKED", "KeyCompromise");

        await PublishDecommissionAsync(scenario);

        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(earlier));
    }

    [Fact]
    public async Task A_decommissioning_delivered_twice_is_written_once()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, WithShadow(LamassuJson.Lamassu3Key));
        await scenario.EnrolAsync();
        await WriteShadowAsync(scenario, ShadowName, "update-now");
        await scenario.Stage.Lamassu.DecommissionAsync(Device);
        await scenario.Stage.ForgetCallsAsync();

        Assert.Equal("handled", (await PublishDecommissionAsync(scenario)).Outcome);

        await AssertNothingWrittenAsync(scenario);
    }

    [Fact]
    public async Task An_event_that_says_decommissioned_while_Lamassu_does_not_changes_nothing()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, WithShadow(LamassuJson.Lamassu3Key));
        await scenario.EnrolAsync();
        await WriteShadowAsync(scenario, ShadowName, "update-now");
        await scenario.Stage.ForgetCallsAsync();

        Assert.Equal("ignored", (await PublishDecommissionAsync(scenario)).Outcome);

        await AssertNothingWrittenAsync(scenario);
        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task Another_status_of_a_device_costs_no_call()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);

        var end = await scenario.Stage.PublishAsync(
            "device.status.update", $"device/{Device}", new JsonObject { ["updated"] = new JsonObject { ["id"] = Device, ["status"] = "ACTIVE" } });

        Assert.Equal("ignored", end.Outcome);
        Assert.Empty(await scenario.Stage.AwsCallsAsync());
        Assert.Empty(scenario.Stage.LamassuCalls());
    }

    [Fact]
    public async Task A_deleted_device_is_shut_out_and_no_shadow_of_its_thing_asks_for_anything()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, WithShadow(LamassuJson.Lamassu3Key));
        var serial = await scenario.EnrolAsync();
        await WriteShadowAsync(scenario, ShadowName, "update-now");
        await WriteShadowAsync(scenario, shadowName: null, "rotate");
        await WriteShadowAsync(scenario, "another", "not-ours");

        await DeleteAsync(scenario);
        Assert.Equal("handled", (await PublishDeletionAsync(scenario)).Outcome);

        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
        Assert.Equal([scenario.Stage.CertificateId(serial)], await scenario.Stage.AttachedAsync(Device));
        await AssertOnlyTheirsAsync(scenario, ShadowName);
        await AssertOnlyTheirsAsync(scenario, shadowName: null);
        Assert.Equal(["not-ours"], (await DesiredAsync(scenario, "another"))["identity_actions"]!.AsObject().Select(action => action.Key));
    }

    [Fact]
    public async Task Principals_that_Lamassu_does_not_know_stay_as_they_are()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var serial = await scenario.EnrolAsync();
        var foreign = scenario.Stage.CertificateId(await scenario.EnrolAsync("foreign"));
        await scenario.Stage.IoT.AttachThingPrincipalAsync(
            new AttachThingPrincipalRequest { ThingName = Device, Principal = $"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:cert/{foreign}" }, Cancellation);
        scenario.Stage.State.Remove(LamassuKind.Certificate, scenario.Stage.CurrentSerial("foreign"));

        await DeleteAsync(scenario);
        await PublishDeletionAsync(scenario);

        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
        var left = await scenario.Stage.IoT.DescribeCertificateAsync(new DescribeCertificateRequest { CertificateId = foreign }, Cancellation);
        Assert.Equal(CertificateStatus.ACTIVE, left.CertificateDescription.Status);
        Assert.Contains(foreign, await scenario.Stage.AttachedAsync(Device));
    }

    [Fact]
    public async Task Shadow_names_are_taken_from_every_DMS_whose_settings_can_be_read()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync();

        // More than one page of Lamassu's, which holds 25.
        for (var i = 0; i < 30; i++)
        {
            StoreDms(scenario, $"other-{i:00}", i == 29 ? WithShadow(LamassuJson.DocumentedKey) : []);
        }

        StoreDms(scenario, "malformed", new JsonObject { [LamassuJson.DocumentedKey] = "text" });
        StoreDms(scenario, "no-name", new JsonObject
        {
            [LamassuJson.DocumentedKey] = new JsonObject { ["shadow_config"] = new JsonObject { ["enable"] = true, ["shadow_name"] = "no shadow name" } },
        });
        await WriteShadowAsync(scenario, ShadowName, "update-now");

        await DeleteAsync(scenario);
        Assert.Equal("handled", (await PublishDeletionAsync(scenario)).Outcome);

        await AssertOnlyTheirsAsync(scenario, ShadowName);
    }

    [Fact]
    public async Task A_deletion_delivered_twice_is_written_once()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, WithShadow(LamassuJson.Lamassu3Key));
        await scenario.EnrolAsync();
        await WriteShadowAsync(scenario, ShadowName, "update-now");
        await DeleteAsync(scenario);
        await PublishDeletionAsync(scenario);
        await scenario.Stage.ForgetCallsAsync();

        Assert.Equal("handled", (await PublishDeletionAsync(scenario)).Outcome);

        await AssertNothingWrittenAsync(scenario);
    }

    [Fact]
    public async Task A_device_that_Lamassu_still_has_is_left()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync();
        await scenario.Stage.ForgetCallsAsync();

        Assert.Equal("ignored", (await PublishDeletionAsync(scenario)).Outcome);

        Assert.Empty(await scenario.Stage.AwsCallsAsync());
        await scenario.AssertInOrderAsync();
    }

    [Theory]
    [InlineData("never-seen", 1)]
    [InlineData("no thing name", 0)]
    public async Task A_deleted_device_without_a_thing_costs_one_AWS_call_at_most(string device, int calls)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);

        Assert.Equal("ignored", (await PublishDeletionAsync(scenario, device)).Outcome);

        Assert.Equal(calls, (await scenario.Stage.AwsCallsAsync()).Count);
    }

    [Fact]
    public async Task An_end_while_AWS_is_away_is_caught_up_with()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, WithShadow(LamassuJson.Lamassu3Key));
        var serial = await scenario.EnrolAsync();
        await WriteShadowAsync(scenario, ShadowName, "update-now");
        await DeleteAsync(scenario);
        await scenario.Stage.FailAwsAsync("UpdateCertificate", 4, "ServiceUnavailableException", 503);
        await scenario.Stage.FailAwsAsync("UpdateThingShadow", 6, "ConflictException", 409);

        Assert.Equal("handled", (await PublishDeletionAsync(scenario)).Outcome);

        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
        await AssertOnlyTheirsAsync(scenario, ShadowName);
    }

    private static JsonObject WithShadow(string key)
    {
        var metadata = LamassuJson.AutoDms(key);
        metadata[key]!["shadow_config"] = new JsonObject { ["enable"] = true, ["shadow_name"] = ShadowName };
        return metadata;
    }

    private static void StoreDms(DeviceScenario scenario, string id, JsonObject metadata)
    {
        var dms = scenario.Stage.State.Find(LamassuKind.Dms, Dms)!;
        dms["id"] = id;
        dms["metadata"] = metadata;
        scenario.Stage.State.Store(LamassuKind.Dms, dms);
    }

    // Whoever opened it: the connector, or a colleague of its.
    private static async Task WriteShadowAsync(DeviceScenario scenario, string? shadowName, string action)
    {
        using var client = Data(scenario);
        var document = $$"""{"state":{"desired":{"theirs":"kept","identity_actions":{"{{action}}":1764151200000} } } }""";
        await client.UpdateThingShadowAsync(
            new UpdateThingShadowRequest { ThingName = Device, ShadowName = shadowName, Payload = new MemoryStream(Encoding.UTF8.GetBytes(document)) }, Cancellation);
    }

    private static async Task<JsonObject> DesiredAsync(DeviceScenario scenario, string? shadowName)
    {
        using var client = Data(scenario);
        var response = await client.GetThingShadowAsync(new GetThingShadowRequest { ThingName = Device, ShadowName = shadowName }, Cancellation);
        return JsonNode.Parse(response.Payload.ToArray())!["state"]!["desired"]!.AsObject();
    }

    private static async Task AssertOnlyTheirsAsync(DeviceScenario scenario, string? shadowName)
    {
        var desired = await DesiredAsync(scenario, shadowName);
        Assert.Equal("kept", desired["theirs"]!.GetValue<string>());
        Assert.Empty(desired["identity_actions"] as JsonObject ?? []);
    }

    private static AmazonIotDataClient Data(DeviceScenario scenario) => new(
        "testing",
        "testing",
        new AmazonIotDataConfig { ServiceURL = scenario.Stage.Stage.StandIns.Aws.Url.ToString(), AuthenticationRegion = TestStage.Region });

    private static async Task AssertNothingWrittenAsync(DeviceScenario scenario)
    {
        Assert.Empty(await scenario.Stage.AwsWritesAsync());
        Assert.DoesNotContain(scenario.Stage.LamassuCalls(), call => !call.StartsWith("GET", StringComparison.Ordinal));
    }

    private static async Task DeleteAsync(DeviceScenario scenario)
    {
        await scenario.Stage.Lamassu.DecommissionAsync(Device);
        await scenario.Stage.Lamassu.DeleteDeviceAsync(Device);
    }

    private static Task<EventEnd> PublishDecommissionAsync(DeviceScenario scenario) => scenario.Stage.PublishAsync(
        "device.status.update", $"device/{Device}", new JsonObject { ["updated"] = new JsonObject { ["id"] = Device, ["status"] = "DECOMMISSIONED" } });

    private static Task<EventEnd> PublishDeletionAsync(DeviceScenario scenario, string device = Device) =>
        scenario.Stage.PublishAsync("device.delete", $"device/{device}", new JsonObject { ["ID"] = device });
}
