using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Telemetry;

public sealed class HealthTests
{
    private const string Nowhere = "http://127.0.0.1:9";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_has_the_shape_of_Lamassus_services()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var health = await stage.Connector.GetFromJsonAsync<JsonObject>("/health", Cancellation);

        Assert.Equal(["health", "version", "build", "build_time"], health!.Select(member => member.Key));
        Assert.True(health!["health"]!.GetValue<bool>());
        Assert.Matches(@"^\d+\.\d+\.\d+", health["version"]!.GetValue<string>());
        Assert.True(DateTimeOffset.TryParse(health["build_time"]!.GetValue<string>(), out _));
    }

    [Fact]
    public async Task All_well_is_ready()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var (status, ready) = await GetReadyAsync(stage);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(ready["ready"]!.GetValue<bool>());
        Assert.Equal(["aws_credentials", "bus", "events", "identity", "lamassu"], ready["checks"]!.AsObject().Select(check => check.Key).Order(StringComparer.Ordinal));
        Assert.All(ready["checks"]!.AsObject(), check => Assert.Equal("healthy", check.Value!["state"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("ca_client", "ca")]
    [InlineData("device_manager_client", "device-manager")]
    [InlineData("dms_manager_client", "dms-manager")]
    public async Task Lamassu_away_is_not_ready_and_says_which_service_and_where(string client, string service)
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ($"{client}:base_url", Nowhere));

        var (status, ready) = await GetReadyAsync(stage);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.False(ready["ready"]!.GetValue<bool>());
        var lamassu = ready["checks"]!["lamassu"]!;
        Assert.Equal("unhealthy", lamassu["state"]!.GetValue<string>());
        Assert.StartsWith($"{service}: Lamassu did not answer", lamassu["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(Nowhere, lamassu["error"]!.GetValue<string>(), StringComparison.Ordinal);
        using var live = await stage.Connector.GetAsync("/health/live", Cancellation);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(0, (await PrometheusText.ReadAsync(stage))["""lamassu_connector_health{check="lamassu"}"""]);
    }

    [Fact]
    public async Task Lamassu_back_is_ready_again_and_the_last_error_stays_to_be_read()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("health:remember_for", "00:00:00"));

        // Three attempts, as of every read.
        stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Service = "ca", Path = "/health", Status = 503, Times = 3 });

        var (away, _) = await GetReadyAsync(stage);
        var (back, ready) = await GetReadyAsync(stage);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (away, back));
        var lamassu = ready["checks"]!["lamassu"]!;
        Assert.Equal("healthy", lamassu["state"]!.GetValue<string>());
        Assert.Null(lamassu["error"]);
        Assert.Contains("not available", lamassu["last_error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotNull(lamassu["last_error_time"]);
    }

    [Fact]
    public async Task Lamassu_that_does_not_answer_in_time_is_not_ready()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("health:timeout", "00:00:00.300"));
        stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Service = "dms-manager", Path = "/health", Delay = TimeSpan.FromSeconds(5) });

        var (status, ready) = await GetReadyAsync(stage);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("dms-manager: Lamassu did not answer within 0.3 s.", ready["checks"]!["lamassu"]!["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_gateway_that_does_not_know_the_route_has_answered()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Service = "ca", Path = "/health", Status = 404, Body = "404 page not found" });

        Assert.Equal(HttpStatusCode.OK, (await GetReadyAsync(stage)).Status);
    }

    [Theory]
    [InlineData("aws_config:endpoint_url", Nowhere, "AWS did not answer")]
    [InlineData("aws_config:secret_access_key", "wrong", "AWS answered SignatureDoesNotMatch")]
    public async Task AWS_away_or_bad_credentials_leave_it_ready_and_are_said(string key, string value, string reason)
    {
        await using var stage = await TestStage.StartAsync(Door.Http, (key, value));

        var (status, ready) = await GetReadyAsync(stage);

        Assert.Equal(HttpStatusCode.OK, status);
        var aws = ready["checks"]!["aws_credentials"]!;
        Assert.Equal("degraded", aws["state"]!.GetValue<string>());
        Assert.StartsWith(reason, aws["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(0, (await PrometheusText.ReadAsync(stage))["""lamassu_connector_health{check="aws_credentials"}"""]);
    }

    [Fact]
    public async Task Without_its_broker_it_is_live_and_not_ready()
    {
        await using var stage = await TestStage.StartAsync(
            Door.Http, ("subscriber_event_bus:provider", "amqp"), ("subscriber_event_bus:hostname", "127.0.0.1"), ("subscriber_event_bus:port", "9"));

        var (status, ready) = await GetReadyAsync(stage);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.NotEqual("healthy", ready["checks"]!["bus"]!["state"]!.GetValue<string>());
        Assert.NotNull(ready["checks"]!["bus"]!["error"]);
        using var live = await stage.Connector.GetAsync("/health/live", Cancellation);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task Probes_do_not_become_load_on_Lamassu()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("health:remember_for", "00:01:00"));

        for (var probe = 0; probe < 5; probe++)
        {
            await GetReadyAsync(stage);
        }

        Assert.Equal(3, stage.Stage.StandIns.Lamassu.Calls.Count(call => call.PathAndQuery == "/health"));
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> GetReadyAsync(TestStage stage)
    {
        using var response = await stage.Connector.GetAsync("/health/ready", Cancellation);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!);
    }
}
