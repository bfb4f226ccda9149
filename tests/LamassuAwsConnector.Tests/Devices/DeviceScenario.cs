using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>A CA that is registered in AWS, a DMS, and a device that enrols at it and is registered through one of the doors.</summary>
internal sealed class DeviceScenario : IAsyncDisposable
{
    public const string CA = "ca-1";
    public const string Dms = "dms-1";
    public const string Device = "meter-1";
    public const string Policy = "test-policy";
    public const string Group = "test-group";

    private DeviceScenario(TestStage stage, Door door)
    {
        Stage = stage;
        Door = door;
    }

    public TestStage Stage { get; }

    public Door Door { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<DeviceScenario> StartAsync(
        Door door,
        JsonObject? dmsMetadata = null,
        bool registersCA = true,
        bool revokeOnReenrollment = true,
        Action<IServiceCollection>? configure = null,
        params (string Key, string? Value)[] configuration)
    {
        var scenario = new DeviceScenario(await TestStage.StartAsync(door, configure, configuration), door);
        await scenario.Stage.Lamassu.CreateCAAsync(CA);
        if (registersCA)
        {
            await scenario.RegisterCAAsync();
        }

        await scenario.Stage.Lamassu.CreateDmsAsync(Dms, CA, dmsMetadata ?? LamassuJson.AutoDms(LamassuJson.Lamassu3Key), revokeOnReenrollment);
        await scenario.Stage.ForgetCallsAsync();
        return scenario;
    }

    public async Task RegisterCAAsync()
    {
        using var response = await Stage.PostAsync($"/v1/cas/{CA}/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = true });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>The device enrols in Lamassu and is registered through the scenario's door.</summary>
    public async Task<string> EnrolAsync(string device = Device)
    {
        await Stage.Lamassu.EnrollAsync(Dms, device);
        await ArriveAsync(device);
        return Stage.CurrentSerial(device);
    }

    public async Task<string> RenewAsync(string device = Device)
    {
        await Stage.Lamassu.ReenrollAsync(Dms, device);
        await ArriveAsync(device);
        return Stage.CurrentSerial(device);
    }

    /// <summary>The same registration once more: the message again, or the call again.</summary>
    public async Task<string> AgainAsync(string device = Device)
    {
        if (Door == Door.Event)
        {
            return (await Stage.PublishBindAsync(device, Stage.CurrentSerial(device))).Outcome;
        }

        var answer = await RegisterAsync(device);
        return answer["status"]!.ToString();
    }

    public async Task<EventEnd> BindAsync(string device = Device) => await Stage.PublishBindAsync(device, Stage.CurrentSerial(device));

    /// <summary>The answer of <c>register-aws</c>, whatever its status.</summary>
    public async Task<JsonObject> RegisterAsync(string device = Device)
    {
        using var response = await PostAsync(device);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
    }

    public async Task<JsonObject> GetShadowAsync(string device = Device) =>
        (await Stage.Connector.GetFromJsonAsync<JsonObject>($"/v1/devices/{device}/shadow", Cancellation))!;

    public Task<HttpResponseMessage> PostAsync(string device = Device) =>
        Stage.PostAsync($"/v1/devices/{device}/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId });

    /// <summary>The thing carries exactly the current certificate, ACTIVE, with the DMS's policy, and is in its group; both notes say so.</summary>
    public async Task AssertInOrderAsync(string device = Device)
    {
        var serial = Stage.CurrentSerial(device);
        Assert.NotNull(await Stage.DescribeThingAsync(device));
        Assert.Equal([Stage.CertificateId(serial)], await Stage.AttachedAsync(device));
        Assert.Equal("ACTIVE", await Stage.CertificateStatusAsync(serial));
        Assert.Equal([Policy], await Stage.PoliciesAsync(serial));
        Assert.Equal([Group], await Stage.GroupsAsync(device));
        Assert.True(Stage.Note(LamassuKind.Device, device)?["thing_registered"]?.GetValue<bool>());
        Assert.Equal($"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:cert/{Stage.CertificateId(serial)}", Stage.Note(LamassuKind.Certificate, serial)?["arn"]?.GetValue<string>());
    }

    public ValueTask DisposeAsync() => Stage.DisposeAsync();

    private async Task ArriveAsync(string device)
    {
        if (Door == Door.Http)
        {
            var answer = await RegisterAsync(device);
            Assert.True(answer["status"]?.ToString() is "registered" or "already_registered", answer.ToJsonString());
        }

        await Stage.WhenQuietAsync();
    }
}
