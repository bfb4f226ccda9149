using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>What a registration does when it is not wanted, not possible yet, or refused.</summary>
public sealed class RegisterThingFailureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task By_event_nothing_is_done_for_a_DMS_without_settings_for_this_connector()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, dmsMetadata: []);

        await scenario.EnrolAsync();

        Assert.Equal("ignored", (await scenario.BindAsync()).Outcome);
        Assert.Empty(await scenario.Stage.AwsCallsAsync());
    }

    [Theory]
    [InlineData(null, "not_requested")]
    [InlineData("none", "not_requested")]
    public async Task By_HTTP_a_DMS_that_does_not_ask_for_it_is_a_conflict(string? mode, string code)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, Mode(mode));
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);

        await AssertProblemAsync(await scenario.PostAsync(), HttpStatusCode.Conflict, code);
        Assert.Empty(await scenario.Stage.AwsCallsAsync());
    }

    [Fact]
    public async Task In_mode_jitp_a_bind_does_nothing_and_a_person_can_register()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, Mode("jitp"));
        await scenario.EnrolAsync();
        Assert.Equal("ignored", (await scenario.BindAsync()).Outcome);
        Assert.Null(await scenario.Stage.DescribeThingAsync(Device));

        var answer = await scenario.RegisterAsync();

        Assert.Equal("registered", answer["status"]!.GetValue<string>());
        Assert.NotNull(await scenario.Stage.DescribeThingAsync(Device));
    }

    [Fact]
    public async Task A_bind_event_that_names_only_the_device_registers_its_current_identity()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);

        var end = await scenario.Stage.PublishAsync("device.identity.bound", $"device/{Device}", new JsonObject { ["device_id"] = Device });

        Assert.Equal("handled", end.Outcome);
        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task A_bind_waits_for_its_CA_and_is_then_noted_on_the_device_until_it_succeeds()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, registersCA: false);
        await scenario.EnrolAsync();

        var end = await scenario.BindAsync();

        Assert.Equal(("handled", 4), (end.Outcome, end.Deliveries));
        Assert.Contains(CA, scenario.Stage.Note(LamassuKind.Device, Device)!["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotNull(scenario.Stage.Note(LamassuKind.Device, Device)!["error_time"]);

        await scenario.RegisterCAAsync();
        Assert.Equal("handled", (await scenario.BindAsync()).Outcome);
        await scenario.AssertInOrderAsync();
        Assert.Null(scenario.Stage.Note(LamassuKind.Device, Device)!["error"]);
        Assert.Null(scenario.Stage.Note(LamassuKind.Device, Device)!["error_time"]);
    }

    [Fact]
    public async Task By_HTTP_a_CA_that_is_not_registered_is_a_conflict_that_names_it()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, registersCA: false);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);

        var problem = await AssertProblemAsync(await scenario.PostAsync(), HttpStatusCode.Conflict, "ca_not_registered");
        Assert.Contains(CA, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_event_AWS_may_fail_for_a_while()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        await scenario.Stage.FailAwsAsync("RegisterThing", 12, "InternalFailureException", 500);

        await scenario.EnrolAsync();

        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task A_registration_that_AWS_refuses_for_want_of_permission_is_noted_and_dead_lettered_when_it_is_too_old()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, configuration: ("event_retries:max_age", "00:00:00"));
        await scenario.Stage.FailAwsAsync("RegisterThing", 1000, "AccessDeniedException", 403);
        await scenario.EnrolAsync();

        var end = await scenario.BindAsync();

        Assert.Equal(("dead_lettered", "denied"), (end.Outcome, end.Code));
        Assert.Contains("AccessDeniedException", scenario.Stage.Note(LamassuKind.Device, Device)!["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_HTTP_a_denial_of_AWS_is_a_502_with_its_code()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await scenario.Stage.FailAwsAsync("RegisterThing", 1, "AccessDeniedException", 403);

        var problem = await AssertProblemAsync(await scenario.PostAsync(), HttpStatusCode.BadGateway, "AccessDeniedException");
        Assert.Equal("aws", problem["source"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("ThrottlingException", 400)]
    [InlineData("ServiceUnavailableException", 503)]
    public async Task By_HTTP_AWS_that_asks_for_patience_is_a_503_with_Retry_After(string error, int status)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        await scenario.Stage.FailAwsAsync("RegisterThing", 20, error, status);

        using var response = await scenario.PostAsync();

        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, error);
    }

    [Fact]
    public async Task A_write_back_that_fails_is_repeated_without_a_second_registration()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        scenario.Stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Method = "PUT", Path = "/v1/devices/*/metadata" });

        await scenario.EnrolAsync();

        await scenario.AssertInOrderAsync();
        Assert.Equal(2, (await scenario.Stage.AwsWritesAsync()).Count(operation => operation == "RegisterThing"));
    }

    [Fact]
    public async Task A_certificate_whose_common_name_is_not_the_device_is_a_conflict()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync();
        await scenario.EnrolAsync("meter-2");
        var device = scenario.Stage.State.Find(LamassuKind.Device, Device)!;
        device["identity"]!["versions"]!["0"] = scenario.Stage.CurrentSerial("meter-2");
        scenario.Stage.State.Store(LamassuKind.Device, device);

        await AssertProblemAsync(await scenario.PostAsync(), HttpStatusCode.Conflict, "common_name_differs");
        Assert.Equal("dead_lettered", (await scenario.BindAsync()).Outcome);
    }

    [Fact]
    public async Task A_device_without_identity_or_that_is_decommissioned_is_a_conflict_by_HTTP_and_outdated_by_event()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var serial = await scenario.EnrolAsync();
        var device = scenario.Stage.State.Find(LamassuKind.Device, Device)!;
        device["status"] = "DECOMMISSIONED";
        scenario.Stage.State.Store(LamassuKind.Device, device);
        await scenario.Stage.ForgetCallsAsync();

        await AssertProblemAsync(await scenario.PostAsync(), HttpStatusCode.Conflict, "no_current_identity");
        Assert.Equal("outdated", (await scenario.Stage.PublishBindAsync(Device, serial)).Outcome);

        device["status"] = "NO_IDENTITY";
        device.Remove("identity");
        scenario.Stage.State.Store(LamassuKind.Device, device);
        await AssertProblemAsync(await scenario.PostAsync(), HttpStatusCode.Conflict, "no_current_identity");
        Assert.Empty(await scenario.Stage.AwsCallsAsync());
    }

    [Theory]
    [InlineData("meter%201")]
    [InlineData("meter.1")]
    public async Task A_device_id_that_is_no_thing_name_is_a_400(string device)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);

        await AssertProblemAsync(await scenario.PostAsync(device), HttpStatusCode.BadRequest, "device_id_no_thing_name");
    }

    [Fact]
    public async Task DMS_settings_that_AWS_would_refuse_are_a_400_with_every_reason()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, LamassuJson.AutoDms(LamassuJson.Lamassu3Key, policy: "no name", group: "no group!"));
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);

        var problem = await AssertProblemAsync(await scenario.PostAsync(), HttpStatusCode.BadRequest, "dms_settings_invalid");
        Assert.Contains("no group!", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("policy 0", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    /// <summary>A problem with the members that users read, and the sentence in both places.</summary>
    internal static async Task<JsonObject> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        using (response)
        {
            var problem = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
            Assert.True(status == response.StatusCode, problem.ToJsonString());
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal(code, problem["code"]!.GetValue<string>());
            Assert.Equal(problem["detail"]!.GetValue<string>(), problem["err"]!.GetValue<string>());
            Assert.Single(problem, member => member.Key is "traceId" or "trace_id");
            Assert.NotNull(problem["traceId"]);
            return problem;
        }
    }

    private static JsonObject Mode(string? mode)
    {
        var metadata = LamassuJson.AutoDms(LamassuJson.Lamassu3Key);
        if (mode is null)
        {
            return [];
        }

        metadata[LamassuJson.Lamassu3Key]!["registration_mode"] = mode;
        return metadata;
    }
}
