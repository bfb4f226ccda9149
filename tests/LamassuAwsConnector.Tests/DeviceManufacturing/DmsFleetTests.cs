using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Devices;
using static LamassuAwsConnector.Tests.DeviceManufacturing.DmsStage;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

/// <summary>What the change of a DMS means for all of its devices.</summary>
public sealed class DmsFleetTests
{
    private const string Time = "2026-11-26T10:00:00.123Z";
    private const string Action = "UPDATE_TRUST_ANCHOR_LIST";

    [Fact]
    public async Task Mode_auto_registers_every_device_with_a_usable_identity()
    {
        await using var stage = await StartAsync(WithMode("none"));
        await EnrolAsync(stage, "active", "revoked", "ended");
        await stage.Stage.Lamassu.SetCertificateStatusAsync(stage.Stage.CurrentSerial("revoked"), "REVOKED", "KeyCompromise");
        await stage.Stage.Lamassu.DecommissionAsync("ended");
        await CreateDeviceAsync(stage, "without-identity");
        await stage.Stage.ForgetCallsAsync();

        await stage.SaveAsync(dms => Settings(dms)["registration_mode"] = "auto");

        await stage.Scenario.AssertInOrderAsync("active");
        Assert.Equal(["RegisterThing"], (await stage.CallsAsync()).Where(call => call == "RegisterThing"));
        Assert.Null(await stage.Stage.DescribeThingAsync("revoked"));
        Assert.Null(await stage.Stage.DescribeThingAsync("ended"));
        Assert.Null(await stage.Stage.DescribeThingAsync("without-identity"));
    }

    [Fact]
    public async Task Settings_that_a_DMS_had_not_before_register_its_devices()
    {
        await using var stage = await StartAsync([]);
        await EnrolAsync(stage, DeviceScenario.Device);

        await stage.SaveAsync(dms => dms["metadata"] = LamassuJson.AutoDms(LamassuJson.DocumentedKey));

        await stage.Scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task A_fleet_of_more_than_a_page_is_registered_device_by_device()
    {
        await using var stage = await StartAsync(WithMode("none"));
        var devices = Enumerable.Range(1, 105).Select(number => $"meter-{number}").ToArray();
        await EnrolAsync(stage, devices);
        await stage.Stage.ForgetCallsAsync();

        await stage.SaveAsync(dms => Settings(dms)["registration_mode"] = "auto");

        Assert.Equal(105, (await stage.CallsAsync()).Count(call => call == "RegisterThing"));
        Assert.Equal(2, stage.Stage.LamassuCalls().Count(call => call.StartsWith($"GET /v1/devices/dms/{Dms}?", StringComparison.Ordinal)));
        await stage.Scenario.AssertInOrderAsync("meter-105");
    }

    [Fact]
    public async Task A_walk_goes_on_after_Lamassu_and_AWS_were_away()
    {
        await using var stage = await StartAsync(WithMode("none"));
        await EnrolAsync(stage, "meter-1", "meter-2");
        stage.Stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Method = "GET", Path = "/v1/devices/dms/*", Times = 5 });
        await stage.Stage.FailAwsAsync("RegisterThing", 12, "ServiceUnavailableException", 503);

        await stage.SaveAsync(dms => Settings(dms)["registration_mode"] = "auto");

        await stage.Scenario.AssertInOrderAsync("meter-1");
        await stage.Scenario.AssertInOrderAsync("meter-2");
    }

    [Fact]
    public async Task A_device_that_can_not_be_registered_does_not_hold_up_the_others_and_is_a_dead_letter()
    {
        await using var stage = await StartAsync(WithMode("none"));
        await EnrolAsync(stage, "meter-1", "meter-2");
        var device = stage.Stage.State.Find(LamassuKind.Device, "meter-1")!.DeepClone().AsObject();
        device["identity"]!["versions"]!["0"] = stage.Stage.CurrentSerial("meter-2");
        stage.Stage.State.Store(LamassuKind.Device, device);
        var before = stage.Current.DeepClone().AsObject();
        stage.Change(dms => Settings(dms)["registration_mode"] = "auto");

        var end = await stage.PublishUpdateAsync(before);

        Assert.Equal(("dead_lettered", "conflict"), (end.Outcome, end.Code));
        Assert.Contains("meter-1", end.Reason, StringComparison.Ordinal);
        await stage.Scenario.AssertInOrderAsync("meter-2");
    }

    [Fact]
    public async Task A_walk_ends_when_the_DMS_has_left_mode_auto_again()
    {
        await using var stage = await StartAsync(WithMode("none"));
        await EnrolAsync(stage, DeviceScenario.Device);
        var none = stage.Current.DeepClone().AsObject();
        stage.Change(dms => Settings(dms)["registration_mode"] = "auto");
        stage.Change(dms => Settings(dms)["registration_mode"] = "none");

        Assert.Equal("ignored", (await stage.PublishUpdateAsync(none)).Outcome);

        Assert.Null(await stage.Stage.DescribeThingAsync(DeviceScenario.Device));
    }

    [Fact]
    public async Task Changed_CAs_to_trust_are_asked_for_in_the_shadow_of_every_device_that_can_connect()
    {
        await using var stage = await StartAsync(WithShadow());
        await EnrolAsync(stage, "active", "revoked");
        await stage.Stage.Lamassu.SetCertificateStatusAsync(stage.Stage.CurrentSerial("revoked"), "REVOKED", "KeyCompromise");
        await stage.Stage.ForgetCallsAsync();
        var before = stage.Current.DeepClone().AsObject();
        stage.Change(dms => Managed(dms, "ca-x"));

        Assert.Equal("handled", (await stage.PublishUpdateAsync(before, time: Time)).Outcome);

        Assert.Equal(DateTimeOffset.Parse(Time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), await ActionTimeAsync(stage, "active"));
        Assert.Null(await ActionTimeAsync(stage, "revoked"));
        Assert.Equal(["UpdateThingShadow"], await stage.Stage.AwsWritesAsync());

        await stage.Stage.ForgetCallsAsync();
        await stage.PublishUpdateAsync(before, time: Time);
        Assert.Empty(await stage.Stage.AwsWritesAsync());
    }

    [Theory]
    [InlineData("include_enrollment_ca", false)]
    [InlineData("include_system_ca", true)]
    public async Task A_switch_that_changes_the_CAs_to_trust_is_a_change_of_them(string member, bool value)
    {
        await using var stage = await StartAsync(WithShadow());
        await EnrolAsync(stage, DeviceScenario.Device);

        await stage.SaveAsync(dms => dms["settings"]!["ca_distribution_settings"]![member] = value);

        Assert.NotNull(await ActionTimeAsync(stage, DeviceScenario.Device));
    }

    [Fact]
    public async Task A_CA_in_the_place_of_a_repeated_one_is_a_change()
    {
        await using var stage = await StartAsync(WithShadow());
        await EnrolAsync(stage, DeviceScenario.Device);
        stage.Change(dms => Managed(dms, "ca-x", "ca-x"));

        await stage.SaveAsync(dms => Managed(dms, "ca-x", "ca-y"));

        Assert.NotNull(await ActionTimeAsync(stage, DeviceScenario.Device));
    }

    [Fact]
    public async Task The_same_CAs_in_another_order_and_none_in_place_of_an_empty_list_are_no_change()
    {
        await using var stage = await StartAsync(WithShadow());
        await EnrolAsync(stage, DeviceScenario.Device);
        stage.Change(dms => Managed(dms, "ca-x", "ca-y"));
        await stage.Stage.ForgetCallsAsync();

        await stage.SaveAsync(dms => Managed(dms, "ca-y", "ca-x"));
        stage.Change(dms => Managed(dms));
        await stage.SaveAsync(dms => dms["settings"]!["ca_distribution_settings"]!["managed_cas"] = null);

        Assert.Empty(await stage.CallsAsync());
        Assert.DoesNotContain(stage.Stage.LamassuCalls(), call => call.Contains("/devices", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_shadows_changed_CAs_cost_no_look_at_the_devices()
    {
        await using var stage = await StartAsync();
        await EnrolAsync(stage, DeviceScenario.Device);
        await stage.Stage.ForgetCallsAsync();

        await stage.SaveAsync(dms => Managed(dms, "ca-x"));

        Assert.DoesNotContain(stage.Stage.LamassuCalls(), call => call.Contains("/devices", StringComparison.Ordinal));
        Assert.Empty(await stage.CallsAsync());
    }

    [Fact]
    public async Task Settings_that_can_not_be_used_do_not_keep_devices_from_the_CAs_to_trust()
    {
        await using var stage = await StartAsync(WithShadow());
        await EnrolAsync(stage, DeviceScenario.Device);
        var before = stage.Current.DeepClone().AsObject();
        stage.Change(dms =>
        {
            Managed(dms, "ca-x");
            AddPolicy(dms, "no name", Document);
        });

        var end = await stage.PublishUpdateAsync(before);

        Assert.Equal(("dead_lettered", "invalid"), (end.Outcome, end.Code));
        Assert.NotNull(await ActionTimeAsync(stage, DeviceScenario.Device));
    }

    private static JsonObject WithShadow()
    {
        var metadata = LamassuJson.AutoDms(LamassuJson.Lamassu3Key);
        metadata[LamassuJson.Lamassu3Key]!["shadow_config"] = new JsonObject { ["enable"] = true };
        return metadata;
    }

    private static void Managed(JsonObject dms, params string[] cas) =>
        dms["settings"]!["ca_distribution_settings"]!["managed_cas"] = new JsonArray([.. cas.Select(ca => (JsonNode)ca)]);

    private static async Task EnrolAsync(DmsStage stage, params string[] devices)
    {
        foreach (var device in devices)
        {
            await stage.Stage.Lamassu.EnrollAsync(Dms, device);
        }

        await stage.Stage.WhenQuietAsync();
    }

    private static Task<JsonObject> CreateDeviceAsync(DmsStage stage, string device) => stage.Stage.Lamassu.PostAsync(
        new Uri(stage.Stage.Stage.StandIns.Lamassu.DeviceManagerUrl, "/v1/devices"),
        new JsonObject { ["id"] = device, ["dms_id"] = Dms, ["icon"] = "i", ["icon_color"] = "#000000", ["tags"] = new JsonArray(), ["metadata"] = new JsonObject() });

    private static async Task<long?> ActionTimeAsync(DmsStage stage, string device)
    {
        var shadow = await stage.Scenario.GetShadowAsync(device);
        return shadow["document"]?["state"]?["desired"]?["identity_actions"]?[Action]?.GetValue<long>();
    }
}
