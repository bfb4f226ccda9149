using System.Net;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;
using static LamassuAwsConnector.Tests.Devices.RegisterThingFailureTests;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>What devices are asked for in their shadow, by event, by HTTP and when it is time to renew.</summary>
public sealed class DeviceShadowTests
{
    private const string Renew = "UPDATE_CERTIFICATE";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("lamassu")]
    public async Task By_event_the_actions_are_in_the_shadow_with_the_events_time_and_gone_from_the_metadata(string shadowName)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow(shadowName));
        await scenario.EnrolAsync();
        await AskInMetadataAsync(scenario, Renew);

        var end = await PublishAsync(scenario);

        Assert.Equal("handled", end);
        Assert.Equal(Milliseconds("2026-11-26T10:00:00.123Z"), (await ActionsAsync(scenario))[Renew]!.GetValue<long>());
        Assert.Empty(scenario.Stage.Note(LamassuKind.Device, Device)!["actions"]!.AsArray());
    }

    [Fact]
    public async Task By_event_metadata_keys_that_differ_in_letter_case_alone_are_two_keys()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        await scenario.EnrolAsync();
        await AskInMetadataAsync(scenario, Renew);
        var update = Update(scenario);
        update["updated"]!["metadata"]!["site"] = "north";
        update["updated"]!["metadata"]!["Site"] = "south";

        var end = await scenario.Stage.PublishAsync("device.metadata.update", $"device/{Device}", update, time: "2026-11-26T10:00:00.123Z");

        Assert.Equal("handled", end.Outcome);
        Assert.NotNull((await ActionsAsync(scenario))[Renew]);
    }

    [Fact]
    public async Task An_event_delivered_twice_asks_the_device_for_nothing_new()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        await scenario.EnrolAsync();
        await AskInMetadataAsync(scenario, Renew);
        await PublishAsync(scenario);
        await AskInMetadataAsync(scenario, Renew);
        await scenario.Stage.ForgetCallsAsync();

        await PublishAsync(scenario);

        Assert.DoesNotContain("UpdateThingShadow", await scenario.Stage.AwsWritesAsync());
    }

    [Fact]
    public async Task An_older_event_never_takes_the_place_of_a_newer_request()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        await scenario.EnrolAsync();
        using var response = await PostAsync(scenario, Renew);
        var asked = (await ActionsAsync(scenario))[Renew]!.GetValue<long>();
        await AskInMetadataAsync(scenario, Renew);

        await scenario.Stage.PublishAsync("device.metadata.update", $"device/{Device}", Update(scenario), time: "2020-01-01T00:00:00Z");

        Assert.Equal(asked, (await ActionsAsync(scenario))[Renew]!.GetValue<long>());
        Assert.Empty(scenario.Stage.Note(LamassuKind.Device, Device)!["actions"]!.AsArray());
    }

    [Fact]
    public async Task Only_the_actions_are_written_and_what_others_wrote_stays()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        await scenario.EnrolAsync();
        await scenario.Stage.WriteShadowAsync(Device, """{"state":{"desired":{"theirs":1,"identity_actions":{"rotate":5}},"reported":{"connected":true}}}""");

        using var response = await PostAsync(scenario, Renew);

        var state = (await scenario.GetShadowAsync())["document"]!["state"]!;
        Assert.Equal(1, state["desired"]!["theirs"]!.GetValue<int>());
        Assert.Equal(5, state["desired"]!["identity_actions"]!["rotate"]!.GetValue<int>());
        Assert.True(state["reported"]!["connected"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_shadow_that_moves_on_between_read_and_write_is_read_again()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        await scenario.EnrolAsync();
        await scenario.Stage.FailAwsAsync("UpdateThingShadow", 2, "ConflictException", 409);

        using var response = await PostAsync(scenario, Renew);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([Renew], (await ActionsAsync(scenario)).Select(action => action.Key));
    }

    [Fact]
    public async Task A_disabled_shadow_is_a_conflict_by_HTTP_and_the_actions_stay_by_event()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync();
        await AskInMetadataAsync(scenario, Renew);

        await AssertProblemAsync(await PostAsync(scenario, Renew), HttpStatusCode.Conflict, "shadow_disabled");
        Assert.Equal("ignored", await PublishAsync(scenario));
        Assert.Single(scenario.Stage.Note(LamassuKind.Device, Device)!["actions"]!.AsArray());
    }

    [Fact]
    public async Task No_shadow_is_made_for_a_device_that_is_no_thing()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);

        await AssertProblemAsync(await PostAsync(scenario, Renew), HttpStatusCode.Conflict, "thing_missing");

        Assert.Empty(await scenario.Stage.AwsWritesAsync());
    }

    [Theory]
    [InlineData("has space")]
    [InlineData("a.b")]
    public async Task A_name_that_is_no_action_is_a_400(string action)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        await scenario.EnrolAsync();

        await AssertProblemAsync(await PostAsync(scenario, action), HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Actions_that_are_missing_are_a_400_with_the_member()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());

        var problem = await AssertProblemAsync(
            await scenario.Stage.PostAsync($"/v1/devices/{Device}/shadow/actions", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["actions"] = new JsonArray() }),
            HttpStatusCode.BadRequest,
            "invalid_request");

        Assert.True(problem["errors"]!.AsObject().ContainsKey("actions"));
    }

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key, "UPDATE_CERTIFICATE")]
    [InlineData(LamassuJson.DocumentedKey, "rotate")]
    public async Task A_device_whose_preventive_time_has_come_is_asked_to_renew_in_the_word_of_its_dialect(string key, string action)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, Shadow("", key));
        await scenario.EnrolAsync();

        await scenario.Stage.Stage.StandIns.Lamassu.RunExpiryMonitorAsync(TimeProvider.System.GetUtcNow().AddDays(364 - 20), Cancellation);
        await scenario.Stage.WhenQuietAsync();

        Assert.Equal([action], (await ActionsAsync(scenario)).Select(entry => entry.Key));
    }

    [Fact]
    public async Task A_metadata_event_without_a_newly_triggered_delta_costs_no_call()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.ForgetCallsAsync();
        var certificate = scenario.Stage.State.Find(LamassuKind.Certificate, serial)!;

        var end = await scenario.Stage.PublishAsync(
            "certificate.metadata.update", $"certificate/{serial}", new JsonObject { ["previous"] = certificate.DeepClone(), ["updated"] = certificate });

        Assert.Equal("ignored", end.Outcome);
        Assert.Empty(scenario.Stage.LamassuCalls());
        Assert.Empty(await scenario.Stage.AwsCallsAsync());
    }

    internal static JsonObject Shadow(string name = "", string key = LamassuJson.Lamassu3Key)
    {
        var metadata = LamassuJson.AutoDms(key);
        metadata[key]!["shadow_config"] = new JsonObject { ["enable"] = true, ["shadow_name"] = name };
        return metadata;
    }

    internal static Task AskInMetadataAsync(DeviceScenario scenario, string action) => scenario.Stage.Lamassu.PatchDeviceAsync(Device, new JsonObject
    {
        ["patches"] = new JsonArray(new JsonObject { ["op"] = "add", ["path"] = "/lamassu.io~1iot~1aws-iot-test/actions", ["value"] = new JsonArray(action) }),
    });

    internal static async Task<string> PublishAsync(DeviceScenario scenario) =>
        (await scenario.Stage.PublishAsync("device.metadata.update", $"device/{Device}", Update(scenario))).Outcome;

    internal static JsonObject Update(DeviceScenario scenario) => new() { ["updated"] = scenario.Stage.State.Find(LamassuKind.Device, Device) };

    private static Task<HttpResponseMessage> PostAsync(DeviceScenario scenario, string action) => scenario.Stage.PostAsync(
        $"/v1/devices/{Device}/shadow/actions", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["actions"] = new JsonArray(action) });

    internal static async Task<JsonObject> ActionsAsync(DeviceScenario scenario) =>
        (await scenario.GetShadowAsync())["document"]!["state"]!["desired"]!["identity_actions"]!.AsObject();

    internal static long Milliseconds(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
