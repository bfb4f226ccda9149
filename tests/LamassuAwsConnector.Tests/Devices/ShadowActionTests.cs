using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;
using static LamassuAwsConnector.Tests.Devices.DeviceShadowTests;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>What a request in a device's metadata costs and writes, and what it must not touch while others write too.</summary>
public sealed class ShadowActionTests
{
    private const string Renew = "UPDATE_CERTIFICATE";
    private const string Later = "rotate";

    // The device's own metadata are written back once; that write's event comes back to the connector and ends there.
    [Fact]
    public async Task A_request_costs_two_calls_to_Lamassu_and_three_to_AWS_and_its_own_event_none()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, Shadow());
        await scenario.EnrolAsync();
        await AskAsync(scenario, Later);
        await scenario.Stage.ForgetCallsAsync();

        await AskAsync(scenario, Renew);

        Assert.Equal([$"GET /v1/devices/{Device}", $"PUT /v1/devices/{Device}/metadata"], scenario.Stage.LamassuCalls());
        Assert.Equal(["DescribeThing", "GetThingShadow", "UpdateThingShadow"], (await scenario.Stage.AwsCallsAsync()).Select(call => call.Operation));
        Assert.Equal([Later, Renew], (await ActionsAsync(scenario)).Select(action => action.Key).Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_identity_slot_is_never_written()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, Shadow());
        await scenario.EnrolAsync();
        var slot = Slot(scenario);

        await AskAsync(scenario, Renew);

        Assert.NotEmpty(await ActionsAsync(scenario));
        Assert.True(JsonNode.DeepEquals(slot, Slot(scenario)));
        Assert.DoesNotContain(
            scenario.Stage.LamassuCalls(),
            call => !call.StartsWith("GET", StringComparison.Ordinal) && !call.EndsWith("/metadata", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"status":"ACTIVE","active_version":0}""")]
    [InlineData("""{"status":"ACTIVE","active_version":0,"versions":null,"events":null}""")]
    public async Task A_device_without_a_usable_slot_is_asked_all_the_same(string? slot)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        await scenario.EnrolAsync();
        await AskInMetadataAsync(scenario, Renew);
        var device = scenario.Stage.State.Find(LamassuKind.Device, Device)!;
        device["identity"] = slot is null ? null : JsonNode.Parse(slot);
        scenario.Stage.State.Store(LamassuKind.Device, device);

        Assert.Equal("handled", await PublishAsync(scenario));

        Assert.NotNull((await ActionsAsync(scenario))[Renew]);
        Assert.Empty(Asked(scenario));
    }

    [Fact]
    public async Task An_action_that_is_asked_for_meanwhile_stays_in_the_metadata()
    {
        DeviceScenario? scenario = null;
        var configure = AwsInterception.Of("UpdateThingShadowAsync", _ =>
        {
            var device = scenario!.Stage.State.Find(LamassuKind.Device, Device)!;
            device["metadata"]![LamassuJson.Lamassu3Key]!["actions"] = new JsonArray(Renew, Later);
            scenario.Stage.State.Store(LamassuKind.Device, device);
            return null;
        });
        await using var started = scenario = await DeviceScenario.StartAsync(Door.Http, Shadow(), configure: configure);
        await scenario.EnrolAsync();
        await AskInMetadataAsync(scenario, Renew);

        Assert.Equal("handled", await PublishAsync(scenario));

        Assert.Equal([Later], Asked(scenario));
        Assert.Equal([Renew], (await ActionsAsync(scenario)).Select(action => action.Key));
    }

    [Theory]
    [InlineData(null, """{"state":{"desired":{"identity_actions":{"UPDATE_CERTIFICATE":1795687200123}}}}""")]
    [InlineData(
        """{"state":{"desired":{"theirs":1,"identity_actions":{"rotate":5}},"reported":{"connected":true}}}""",
        """{"state":{"desired":{"identity_actions":{"UPDATE_CERTIFICATE":1795687200123}}},"version":1}""")]
    public async Task What_is_sent_to_the_shadow_is_the_action_alone_with_the_version_that_was_read(string? present, string sent)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        await scenario.EnrolAsync();
        if (present is not null)
        {
            await scenario.Stage.WriteShadowAsync(Device, present);
        }

        await AskInMetadataAsync(scenario, Renew);
        await scenario.Stage.ForgetCallsAsync();

        await PublishAsync(scenario);

        var update = Assert.Single(await scenario.Stage.AwsCallsAsync(), call => call.Operation == "UpdateThingShadow");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(sent), JsonNode.Parse(update.Body!)), update.Body);
    }

    [Fact]
    public async Task A_retry_after_half_of_it_failed_asks_the_device_for_nothing_new()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Shadow());
        await scenario.EnrolAsync();
        await AskInMetadataAsync(scenario, Renew);
        scenario.Stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Method = "PUT", Path = "/v1/devices/*/metadata", Times = 5 });
        await scenario.Stage.ForgetCallsAsync();

        Assert.Equal("handled", await PublishAsync(scenario));

        Assert.Equal(["UpdateThingShadow"], await scenario.Stage.AwsWritesAsync());
        Assert.Equal(Milliseconds("2026-11-26T10:00:00.123Z"), (await ActionsAsync(scenario))[Renew]!.GetValue<long>());
        Assert.Empty(Asked(scenario));
    }

    private static async Task AskAsync(DeviceScenario scenario, string action)
    {
        await AskInMetadataAsync(scenario, action);
        await scenario.Stage.WhenQuietAsync();
    }

    private static JsonNode? Slot(DeviceScenario scenario) => scenario.Stage.State.Find(LamassuKind.Device, Device)!["identity"];

    private static IEnumerable<string> Asked(DeviceScenario scenario) =>
        scenario.Stage.Note(LamassuKind.Device, Device)!["actions"]!.AsArray().Select(action => action!.GetValue<string>());
}
