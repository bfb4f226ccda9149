using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>Registrations while AWS refuses for long, answers oddly or not at all, or nobody waits for them any more: nothing is forgotten, and nothing done in vain.</summary>
public sealed class RegistrationUnderFailureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("arn:aws:iot:eu-west-1:123456789012:cert")]
    public async Task An_answer_that_names_no_certificate_is_noted_as_an_error_and_never_as_an_ARN(string? arn)
    {
        var configure = AwsInterception.Of("RegisterThingAsync", _ =>
        {
            var arns = new Dictionary<string, string> { ["thing"] = $"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:thing/{Device}" };
            if (arn is not null)
            {
                arns["certificate"] = arn;
            }

            return Task.FromResult(new RegisterThingResponse { ResourceArns = arns });
        });
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, configure: configure);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);

        var end = await scenario.BindAsync();

        Assert.Equal(("dead_lettered", "unexpected"), (end.Outcome, end.Code));
        Assert.Null(scenario.Stage.Note(LamassuKind.Certificate, scenario.Stage.CurrentSerial(Device)));
        var note = scenario.Stage.Note(LamassuKind.Device, Device)!;
        Assert.Contains("without naming the ARN", note["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(note["thing_registered"]);
    }

    // In each of four deliveries the pipeline tries three times, and the SDK three times in each.
    [Fact]
    public async Task A_registration_that_AWS_refuses_for_long_is_noted_on_the_device_and_done_when_it_is_asked_for_again()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await scenario.Stage.FailAwsAsync("RegisterThing", 36, "InternalFailureException", 500);

        var end = await scenario.BindAsync();

        Assert.Equal(("dead_lettered", "unavailable", 4), (end.Outcome, end.Code, end.Deliveries));
        Assert.Contains("InternalFailureException", scenario.Stage.Note(LamassuKind.Device, Device)!["error"]!.GetValue<string>(), StringComparison.Ordinal);

        Assert.Equal("handled", (await scenario.BindAsync()).Outcome);
        await scenario.AssertInOrderAsync();
        Assert.Null(scenario.Stage.Note(LamassuKind.Device, Device)!["error"]);
    }

    [Fact]
    public async Task Tries_of_one_registration_look_at_policies_and_groups_once()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await scenario.Stage.FailAwsAsync("RegisterThing", 12, "InternalFailureException", 500);

        var end = await scenario.BindAsync();

        Assert.Equal(("handled", 2), (end.Outcome, end.Deliveries));
        Assert.Equal(
            ["GetPolicy", "CreatePolicy", "DescribeThingGroup", "CreateThingGroup"],
            (await scenario.Stage.AwsCallsAsync()).Select(call => call.Operation).Where(operation => operation != "RegisterThing"));
    }

    // The stand-in keeps silent for longer than this test has patience.
    [Fact]
    public async Task A_call_that_AWS_does_not_answer_ends_after_the_timeout_and_is_made_again()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, configuration: ("aws_config:timeout", "00:00:01"));
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await LatencyAsync(scenario, TimeSpan.FromMinutes(2));

        var bind = scenario.BindAsync();
        await Patience.UntilAsync(async () => (await scenario.Stage.AwsCallsAsync()).Any(call => call.Error == "the client went away"));
        await LatencyAsync(scenario, TimeSpan.Zero);

        Assert.Equal("handled", (await bind).Outcome);
        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task A_caller_who_goes_away_ends_what_was_done_for_him()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await scenario.Stage.ForgetCallsAsync();
        await LatencyAsync(scenario, TimeSpan.FromSeconds(1));
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = scenario.Stage.Connector.PostAsJsonAsync(
            $"/v1/devices/{Device}/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId }, caller.Token);
        await Patience.UntilAsync(() => scenario.Stage.LamassuCalls().Contains($"GET /v1/devices/{Device}"));
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        // A stop waits for what is still in the works.
        await scenario.Stage.Stage.StopConnectorAsync();
        Assert.DoesNotContain("RegisterThing", (await scenario.Stage.AwsCallsAsync()).Select(made => made.Operation));
    }

    private static Task LatencyAsync(DeviceScenario scenario, TimeSpan latency) => scenario.Stage.Stage.StandIns.AwsControl.SendAsync(
        HttpMethod.Put, "latency", new JsonObject { ["milliseconds"] = (int)latency.TotalMilliseconds }, Cancellation);
}
