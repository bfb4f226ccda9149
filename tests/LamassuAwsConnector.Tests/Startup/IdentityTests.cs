using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using LamassuAwsConnector.Tests.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LamassuAwsConnector.Tests.Startup;

/// <summary>Who the connector is in AWS, against who it was.</summary>
public sealed class IdentityTests
{
    private const string CA = "ca-1";
    private const string OtherAccount = "999999999999";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_start_asks_AWS_for_account_and_endpoint_and_Lamassu_for_its_CAs_once_each()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        await stage.RestartConnectorAsync();

        Assert.Equal(["GetCallerIdentity", "DescribeEndpoint"], await OperationsAsync(stage));
        Assert.Equal(["GET /v1/cas?page_size=100&sort_by=id"], stage.LamassuCalls());
    }

    [Fact]
    public async Task A_registered_CA_costs_neither_call_again_and_is_no_obstacle_to_the_next_start()
    {
        await using var stage = await StageWithCAAsync();

        await stage.RestartConnectorAsync();

        Assert.Equal(HttpStatusCode.OK, await RegisterAsync(stage));
        Assert.Equal("healthy", (await CheckAsync(stage))["state"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("aws.123456789012", null)]
    [InlineData("aws.123456789012.eu-west-1", null)]
    [InlineData("aws.prod", null)]
    [InlineData("aws-999999999999", null)]
    [InlineData("aws.999999999999", "connector_id is aws.999999999999, which names account 999999999999, and the AWS credentials belong to account 123456789012.")]
    [InlineData("aws.123456789012.eu-central-1", "connector_id is aws.123456789012.eu-central-1, which names region eu-central-1, and aws_config.region is eu-west-1.")]
    public async Task A_connector_id_that_names_another_account_or_region_does_not_start(string connectorId, string? reason)
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var failure = await Record.ExceptionAsync(() => stage.RestartConnectorAsync(("connector_id", connectorId)));

        Assert.Equal(reason is null, failure is null);
        if (reason is not null)
        {
            var refusal = Assert.IsType<ConnectorException>(failure);
            Assert.Equal("identity_mismatch", refusal.Code);
            Assert.StartsWith(reason, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("To move to account 123456789012, region eu-west-1 on purpose, set allow_other_account to true.", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key, "account", OtherAccount)]
    [InlineData(LamassuJson.DocumentedKey, "account", OtherAccount)]
    [InlineData(LamassuJson.Lamassu3Key, "region", "us-east-1")]
    public async Task A_CA_that_is_registered_elsewhere_stops_the_start_before_bus_and_HTTP(string key, string member, string value)
    {
        await using var stage = await StageWithCAAsync(key);
        Note(stage, CA, key, note => note[member] = value);
        await stage.ForgetCallsAsync();
        var log = new LogLines();

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => stage.RestartConnectorAsync(log.Capture, LogLines.Settings));

        var (account, region) = member == "account" ? (value, TestStage.Region) : (TestStage.Account, value);
        Assert.StartsWith(
            $"CA {CA} is registered in account {account}, region {region}, says the metadata under {TestStage.ConnectorId}, and the connector now works in "
            + "account 123456789012, region eu-west-1.",
            failure.Message,
            StringComparison.Ordinal);
        Assert.Contains(log.All, line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains($"CA {CA} is registered in account {account}", StringComparison.Ordinal));
        Assert.DoesNotContain(log.All, line => line.Contains("Now listening", StringComparison.Ordinal) || line.Contains("Bus started", StringComparison.Ordinal));
        Assert.Equal(["GetCallerIdentity"], await OperationsAsync(stage));
    }

    [Fact]
    public async Task A_note_of_another_connector_a_failed_registration_and_an_unreadable_note_are_no_obstacle()
    {
        await using var stage = await StageWithCAAsync();
        Store(stage, "other", new JsonObject { ["lamassu.io/iot/aws-iot-other"] = Registered("SUCCEEDED") });
        Store(stage, "failed", new JsonObject { [LamassuJson.Lamassu3Key] = Registered("FAILED") });
        Store(stage, "unreadable", new JsonObject { [LamassuJson.Lamassu3Key] = "text" });

        await stage.RestartConnectorAsync();

        Assert.Equal("healthy", (await CheckAsync(stage))["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task All_pages_of_CAs_are_read_and_a_few_of_them_named()
    {
        await using var stage = await StageWithCAAsync();
        for (var number = 1000; number < 1150; number++)
        {
            Store(stage, $"old-{number}", new JsonObject { [LamassuJson.Lamassu3Key] = Registered(number >= 1105 ? "SUCCEEDED" : "REQUESTED") });
        }

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => stage.RestartConnectorAsync());

        Assert.StartsWith($"CAs old-1105, old-1106, old-1107 and 42 more are registered in account {OtherAccount}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Allow_other_account_starts_all_the_same_and_says_so()
    {
        await using var stage = await StageWithCAAsync();
        Note(stage, CA, LamassuJson.Lamassu3Key, note => note["account"] = OtherAccount);
        var log = new LogLines();

        await stage.RestartConnectorAsync(log.Capture, [.. LogLines.Settings, ("allow_other_account", "true")]);

        Assert.Contains(log.All, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("allow_other_account is on", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await RegisterAsync(stage));
        Assert.Equal(TestStage.Account, stage.Note(LamassuKind.CA, CA)!["account"]!.GetValue<string>());
    }

    [Fact]
    public async Task With_AWS_away_it_starts_is_ready_says_why_it_waits_and_handles_what_came_meanwhile_once_AWS_is_back()
    {
        await using var stage = await StageWithCAAsync(door: Door.Event);
        await stage.FailAwsAsync("GetCallerIdentity", count: 3, "ServiceUnavailableException");
        await stage.RestartConnectorAsync(("event_retries:delays:0", "00:00:00.050"), ("event_retries:delays:1", "00:00:05"));
        await stage.ForgetCallsAsync();

        using var ready = await stage.Connector.GetAsync("/health/ready", Cancellation);
        var check = (await ready.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["checks"]!["identity"]!;
        var refused = await RegisterAsync(stage);
        var callsMeanwhile = stage.LamassuCalls();
        await stage.Lamassu.CreateCAAsync("ca-2", LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: false));
        await stage.WhenQuietAsync();

        Assert.Equal((HttpStatusCode.OK, "degraded"), (ready.StatusCode, check["state"]!.GetValue<string>()));
        Assert.StartsWith("Events and requests that write wait until it is known who the connector is. AWS answered ServiceUnavailable", check["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused);
        Assert.Empty(callsMeanwhile);
        Assert.Equal("ACTIVE", (await stage.DescribeCAAsync("ca-2"))?.Status.Value);
        Assert.Equal("healthy", (await CheckAsync(stage))["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task With_Lamassu_away_nothing_is_written_and_a_CA_elsewhere_ends_the_process_once_Lamassu_is_back()
    {
        await using var stage = await StageWithCAAsync();
        Note(stage, CA, LamassuJson.Lamassu3Key, note => note["account"] = OtherAccount);
        stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Service = "ca", Path = "/v1/cas", Status = 503, Times = 3 });
        await stage.RestartConnectorAsync();
        var stopping = stage.Stage.Connector.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await stage.ForgetCallsAsync();

        var refused = await RegisterAsync(stage);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused);
        await Patience.UntilAsync(() => stopping.IsCancellationRequested);
        Assert.Empty(await stage.AwsWritesAsync());
        Assert.Equal(["GET /v1/cas?page_size=100&sort_by=id"], stage.LamassuCalls());
    }

    [Fact]
    public async Task Lamassu_that_refuses_the_list_does_not_stop_a_connector_that_may_do_the_rest()
    {
        await using var stage = await StageWithCAAsync();
        stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Service = "ca", Path = "/v1/cas", Status = 403, Times = 1000 });

        await stage.RestartConnectorAsync();

        Assert.Equal(HttpStatusCode.OK, await RegisterAsync(stage));
        Assert.Equal("degraded", (await CheckAsync(stage))["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task Refused_credentials_are_shown_in_the_readiness_and_answered_as_refused()
    {
        await using var stage = await StageWithCAAsync();

        await stage.RestartConnectorAsync(("aws_config:secret_access_key", "wrong"));

        Assert.Contains("AWS answered SignatureDoesNotMatch to GetCallerIdentity", (await CheckAsync(stage))["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadGateway, await RegisterAsync(stage));
    }

    [Fact]
    public async Task A_missing_permission_for_the_endpoint_is_shown_and_holds_up_nothing_else()
    {
        await using var stage = await StageWithCAAsync(door: Door.Event);
        await stage.FailAwsAsync("DescribeEndpoint", count: 1000, "AccessDeniedException");

        await stage.RestartConnectorAsync();

        var check = await CheckAsync(stage);
        Assert.Equal(("degraded", "AWS answered AccessDeniedException to DescribeEndpoint for account."), (check["state"]!.GetValue<string>(), check["error"]!.GetValue<string>()));
        using var unknown = await stage.PostAsync("/v1/cas/nothing/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = false });
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static async Task<TestStage> StageWithCAAsync(string key = LamassuJson.Lamassu3Key, Door door = Door.Http)
    {
        var stage = await TestStage.StartAsync(door, ("metadata_dialect", key == LamassuJson.DocumentedKey ? "documented" : "lamassu3"));
        await stage.Lamassu.CreateCAAsync(CA);
        Assert.Equal(HttpStatusCode.OK, await RegisterAsync(stage));
        await stage.ForgetCallsAsync();
        return stage;
    }

    private static async Task<HttpStatusCode> RegisterAsync(TestStage stage)
    {
        using var response = await stage.PostAsync($"/v1/cas/{CA}/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = true });
        return response.StatusCode;
    }

    private static async Task<JsonNode> CheckAsync(TestStage stage)
    {
        using var response = await stage.Connector.GetAsync("/health/ready", Cancellation);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["checks"]!["identity"]!;
    }

    private static async Task<IEnumerable<string>> OperationsAsync(TestStage stage) =>
        (await stage.Stage.StandIns.AwsControl.CallsAsync(Cancellation)).Select(call => call.Operation);

    private static JsonObject Registered(string status) => new()
    {
        ["account"] = OtherAccount,
        ["region"] = TestStage.Region,
        ["registration"] = new JsonObject { ["status"] = status, ["primary_account"] = true },
    };

    private static void Note(TestStage stage, string caId, string key, Action<JsonObject> change)
    {
        var ca = stage.State.Find(LamassuKind.CA, caId)!;
        change(ca["metadata"]![key]!.AsObject());
        stage.State.Store(LamassuKind.CA, ca);
    }

    private static void Store(TestStage stage, string caId, JsonObject metadata)
    {
        var ca = stage.State.Find(LamassuKind.CA, CA)!;
        ca["id"] = caId;
        ca["metadata"] = metadata;
        stage.State.Store(LamassuKind.CA, ca);
    }
}
