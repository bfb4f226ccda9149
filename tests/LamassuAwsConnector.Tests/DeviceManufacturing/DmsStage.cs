using System.Text.Json.Nodes;
using Amazon.IoT.Model;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

/// <summary>A DMS that people change in Lamassu, and what of that arrives in AWS.</summary>
internal sealed class DmsStage(DeviceScenario scenario) : IAsyncDisposable
{
    public const string Dms = DeviceScenario.Dms;
    public const string OtherPolicy = "other-policy";
    public const string Document = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Publish","Resource":"*"}]}""";

    public DeviceScenario Scenario => scenario;

    public TestStage Stage => scenario.Stage;

    /// <summary>The DMS as it is in Lamassu.</summary>
    public JsonObject Current => Stage.State.Find(LamassuKind.Dms, Dms)!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<DmsStage> StartAsync(JsonObject? metadata = null, params (string Key, string? Value)[] configuration)
    {
        var stage = new DmsStage(await DeviceScenario.StartAsync(Door.Event, metadata, configuration: configuration));
        await stage.Stage.ForgetCallsAsync();
        return stage;
    }

    /// <summary>The connector's settings on a DMS.</summary>
    public static JsonObject Settings(JsonObject dms, string key = LamassuJson.Lamassu3Key) => dms["metadata"]![key]!.AsObject();

    public static JsonObject WithMode(string mode)
    {
        var metadata = LamassuJson.AutoDms(LamassuJson.Lamassu3Key);
        metadata[LamassuJson.Lamassu3Key]!["registration_mode"] = mode;
        return metadata;
    }

    public static void AddPolicy(JsonObject dms, string name, string document) => Settings(dms)["policies"]!.AsArray().Add(
        new JsonObject { ["policy_name"] = name, ["policy_document"] = document });

    public static void SetDocument(JsonObject dms, string document) => Settings(dms)["policies"]![0]!["policy_document"] = document;

    /// <summary>Somebody saves the DMS; the connector hears of it.</summary>
    public async Task SaveAsync(Action<JsonObject> change)
    {
        var dms = Current.DeepClone().AsObject();
        change(dms);
        await Stage.Lamassu.PutDmsAsync(dms);
        await Stage.WhenQuietAsync();
    }

    /// <summary>The DMS changes in Lamassu, and the event is lost.</summary>
    public void Change(Action<JsonObject> change)
    {
        var dms = Current.DeepClone().AsObject();
        change(dms);
        Stage.State.Store(LamassuKind.Dms, dms);
    }

    /// <summary>The event of a change, in which the DMS was as given before.</summary>
    public Task<EventEnd> PublishUpdateAsync(JsonObject previous, string type = "dms.update", string time = "2026-11-26T10:00:00.123Z") => Stage.PublishAsync(
        type, $"dms/{Dms}", new JsonObject { ["previous"] = previous.DeepClone(), ["updated"] = Current.DeepClone() }, time: time);

    public async Task<string> DocumentAsync(string policy = DeviceScenario.Policy) =>
        (await Stage.IoT.GetPolicyAsync(new GetPolicyRequest { PolicyName = policy }, Cancellation)).PolicyDocument;

    public async Task<IReadOnlyList<string>> PolicyVersionsAsync(string policy = DeviceScenario.Policy) =>
        [.. (await Stage.IoT.ListPolicyVersionsAsync(new ListPolicyVersionsRequest { PolicyName = policy }, Cancellation)).PolicyVersions.Select(version => version.VersionId).Order()];

    public async Task<IReadOnlyList<string>> CallsAsync() => [.. (await Stage.AwsCallsAsync()).Select(call => call.Operation)];

    public ValueTask DisposeAsync() => scenario.DisposeAsync();
}
