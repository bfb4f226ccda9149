using System.Text.Json.Nodes;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Aws;

/// <summary>Against a stand-in with quotas: who spaces his calls has none refused.</summary>
public sealed class AwsRateLimiterTests
{
    // More than AWS's bucket of ten registrations holds.
    private const int Devices = 18;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fleet_at_AWSs_own_quotas_is_registered_without_a_refused_call()
    {
        await using var scenario = await StartAsync(isLimited: true, burst: "second");

        await EnrolAllAsync(scenario);

        Assert.Equal(0, await ThrottlesAsync(scenario));
    }

    [Fact]
    public async Task Without_spacing_the_same_fleet_meets_them()
    {
        await using var scenario = await StartAsync(isLimited: false, burst: "second");

        await EnrolAllAsync(scenario);

        Assert.NotEqual(0, await ThrottlesAsync(scenario));
    }

    [Fact]
    public async Task With_buckets_of_one_token_the_connector_slows_down_and_everything_is_done()
    {
        await using var scenario = await StartAsync(isLimited: true, burst: "token");

        await EnrolAllAsync(scenario);

        var metrics = await scenario.Stage.Connector.GetStringAsync("/metrics", Cancellation);
        Assert.Contains("lamassu_connector_aws_limiter_rate{quota=\"RegisterThing\"}", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void RegisterThing_uses_up_what_it_calls_in_our_name()
    {
        var request = new RegisterThingRequest
        {
            TemplateBody = """{"Resources":{"a":{"Type":"AWS::IoT::Policy"},"b":{"Type":"AWS::IoT::Policy"},"c":{"Type":"AWS::IoT::Thing"}}}""",
        };

        var used = AwsQuotas.UsedBy("RegisterThing", request).ToDictionary(quota => quota.Quota, quota => quota.Tokens);

        Assert.Equal(2, used["AttachPolicy"]);
        Assert.Equal(1, used["RegisterCertificate"]);
        Assert.Equal(1, used["RegisterThing"]);
    }

    private static async Task<DeviceScenario> StartAsync(bool isLimited, string burst)
    {
        var scenario = await DeviceScenario.StartAsync(
            Door.Event,
            configuration: [("aws_config:limit_calls", isLimited ? "true" : "false"), ("event_retries:delays:0", "00:00:01"), ("event_retries:delays:1", "00:00:02")]);
        await scenario.Stage.Stage.StandIns.AwsControl.SendAsync(
            HttpMethod.Put, "limits", new JsonObject { ["preset"] = "aws", ["burst"] = burst, ["operations"] = new JsonObject() }, Cancellation);
        return scenario;
    }

    private static async Task EnrolAllAsync(DeviceScenario scenario)
    {
        var devices = Enumerable.Range(0, Devices).Select(number => $"meter-{number}").ToList();
        foreach (var device in devices)
        {
            await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, device);
        }

        await Patience.UntilAsync(() => devices.TrueForAll(
            device => scenario.Stage.Note(LamassuKind.Device, device)?["thing_registered"]?.GetValue<bool>() == true));
    }

    private static async Task<int> ThrottlesAsync(DeviceScenario scenario) =>
        (await scenario.Stage.AwsCallsAsync()).Count(call => call.Status == 429);
}
