using System.Text.Json.Nodes;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Aws;

/// <summary>Against a stand-in with quotas: who spaces his calls has none refused.</summary>
public sealed class AwsRateLimiterTests
{
    // Registrations a second, and how many come at once.
    private const int Quota = 2;
    private const int Devices = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fleet_is_registered_without_a_refused_call()
    {
        await using var scenario = await StartAsync("second", ("aws_config:limit_calls", "true"), ("aws_config:quotas:0", $"RegisterThing={Quota}"));

        await RegisterAllAtOnceAsync(scenario);

        Assert.Equal(0, await ThrottlesAsync(scenario));
        Assert.Equal(Devices, await RegisteredAsync(scenario));
    }

    [Fact]
    public async Task Without_spacing_the_same_fleet_meets_the_quota()
    {
        await using var scenario = await StartAsync("second", ("aws_config:limit_calls", "false"));

        await RegisterAllAtOnceAsync(scenario);

        Assert.NotEqual(0, await ThrottlesAsync(scenario));
    }

    [Fact]
    public async Task A_quota_that_is_smaller_than_thought_slows_the_connector_down()
    {
        await using var scenario = await StartAsync("token", ("aws_config:limit_calls", "true"));

        await RegisterAllAtOnceAsync(scenario);

        Assert.NotEqual(0, await ThrottlesAsync(scenario));
        var rate = (await scenario.Stage.Connector.GetStringAsync("/metrics", Cancellation)).Split('\n')
            .Single(line => line.StartsWith("lamassu_connector_aws_limiter_rate", StringComparison.Ordinal) && line.Contains("\"RegisterThing\"", StringComparison.Ordinal));
        Assert.True(double.Parse(rate.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) < AwsQuotas.UnlessNamed * 0.8, rate);
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

    [Theory]
    [InlineData("RegisterThing")]
    [InlineData("RegisterThing=0")]
    [InlineData("RegisterThing=many")]
    [InlineData("=5")]
    public async Task A_quota_that_can_not_be_read_stops_the_start(string quota)
    {
        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => TestStage.StartAsync(Door.Http, ("aws_config:quotas:0", quota)));

        Assert.Contains("aws_config.quotas", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    private static async Task<DeviceScenario> StartAsync(string burst, params (string Key, string? Value)[] configuration)
    {
        var scenario = await DeviceScenario.StartAsync(Door.Http, configuration: configuration);

        // Policy and group are there.
        await scenario.EnrolAsync();
        for (var device = 0; device < Devices; device++)
        {
            await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, $"meter-{device}-of-fleet");
        }

        await scenario.Stage.Stage.StandIns.AwsControl.SendAsync(
            HttpMethod.Put,
            "limits",
            new JsonObject { ["preset"] = "none", ["burst"] = burst, ["operations"] = new JsonObject { ["RegisterThing"] = Quota } },
            Cancellation);
        await scenario.Stage.ForgetCallsAsync();
        return scenario;
    }

    // Some may be answered with 503, as an operator's script would see it.
    private static Task RegisterAllAtOnceAsync(DeviceScenario scenario) => Task.WhenAll(Enumerable.Range(0, Devices).Select(async device =>
    {
        using var response = await scenario.PostAsync($"meter-{device}-of-fleet");
    }));

    private static async Task<int> ThrottlesAsync(DeviceScenario scenario) => (await scenario.Stage.AwsCallsAsync()).Count(call => call.Error == "ThrottlingException");

    private static async Task<int> RegisteredAsync(DeviceScenario scenario) =>
        (await scenario.Stage.AwsCallsAsync()).Count(call => call is { Operation: "RegisterThing", Status: 200 });
}
