using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Telemetry;

public sealed class MetricsTests
{
    private const string Registered = "lamassu_aws_iot_devices_registered_total";
    private const string ShadowUpdates = "lamassu_aws_iot_shadow_updates_total";
    private const string PendingAge = "lamassu_connector_revocation_pending_age_seconds";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_documented_counters_are_there_before_anything_happens()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("metrics:device_series", "0"));

        var metrics = await PrometheusText.ReadAsync(stage);

        Assert.Equal(0, metrics[Registered]);
        Assert.Equal(0, metrics[ShadowUpdates]);
        Assert.Equal(0, metrics["""lamassu_aws_iot_cert_status_updates_total{status="revoked"}"""]);
        Assert.Equal(0, metrics["""lamassu_aws_iot_event_errors_total{event_type="dms.bind-device-id"}"""]);
        Assert.Equal(0, metrics["""lamassu_aws_iot_event_errors_total{event_type="other"}"""]);
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_device_is_counted_when_it_is_registered_and_not_when_it_already_is(Door door)
    {
        await using var scenario = await DeviceScenario.StartAsync(door);
        await scenario.EnrolAsync();
        Assert.Equal(1, (await PrometheusText.ReadAsync(scenario.Stage))[Registered]);

        await scenario.AgainAsync();

        Assert.Equal(1, (await PrometheusText.ReadAsync(scenario.Stage))[Registered]);
    }

    [Fact]
    public async Task A_certificate_is_counted_under_its_new_status()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        var serial = await scenario.EnrolAsync();

        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "KeyCompromise");
        await scenario.Stage.WhenQuietAsync();

        var metrics = await PrometheusText.ReadAsync(scenario.Stage);
        Assert.Equal(1, metrics["""lamassu_aws_iot_cert_status_updates_total{status="revoked"}"""]);
        Assert.Equal(0, metrics["""lamassu_aws_iot_cert_status_updates_total{status="inactive"}"""]);
        Assert.Equal(0, metrics[PendingAge]);
    }

    [Theory]
    [InlineData("2", 1, 1, 0)]
    [InlineData("1", 1, 0, 1)]
    public async Task Devices_beyond_the_limit_share_one_series(string limit, double first, double second, double others)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, WithShadow(), configuration: ("metrics:device_series", limit));
        await AskAsync(scenario, "meter-1");
        await AskAsync(scenario, "meter-2");

        var metrics = await PrometheusText.ReadAsync(scenario.Stage);

        Assert.Equal(first, metrics.Sum(ShadowUpdates, "device=\"meter-1\""));
        Assert.Equal(second, metrics.Sum(ShadowUpdates, "device=\"meter-2\""));
        Assert.Equal(others, metrics.Sum(ShadowUpdates, "device=\"(other)\""));
    }

    [Fact]
    public async Task A_throttle_that_the_SDK_hides_shows()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.FailAwsAsync("RegisterThing", 1, "ThrottlingException", status: 429);

        await scenario.EnrolAsync();

        var metrics = await PrometheusText.ReadAsync(scenario.Stage);
        Assert.Equal(1, metrics["lamassu_connector_aws_throttles_total"]);
        Assert.Equal(1, metrics["""lamassu_connector_aws_attempt_duration_seconds_count{operation="RegisterThing",result="throttled"}"""]);
        Assert.Equal(1, metrics["""lamassu_connector_aws_attempt_duration_seconds_count{operation="RegisterThing",result="ok"}"""]);
        Assert.Equal(0, metrics["""lamassu_aws_iot_event_errors_total{event_type="dms.bind-device-id"}"""]);
    }

    [Fact]
    public async Task Each_attempt_of_a_call_to_Lamassu_is_counted_with_its_result()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        scenario.Stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Method = "GET", Path = $"/v1/devices/{Device}", Status = 503 });

        await scenario.RegisterAsync(Device);

        const string Calls = "lamassu_connector_lamassu_call_duration_seconds_count";
        var metrics = await PrometheusText.ReadAsync(scenario.Stage);
        Assert.Equal(1, metrics.Sum(Calls, "operation=\"GetDevice\"", "result=\"unavailable\"", "service=\"device-manager\""));
        Assert.Equal(1, metrics.Sum(Calls, "operation=\"GetDevice\"", "result=\"ok\""));
    }

    [Fact]
    public async Task An_event_is_counted_by_its_outcome_and_one_that_fails_as_an_error()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        await scenario.Stage.FailAwsAsync("RegisterThing", 1, "InvalidRequestException");

        await scenario.EnrolAsync();
        await scenario.AgainAsync();

        var metrics = await PrometheusText.ReadAsync(scenario.Stage);
        const string Count = "lamassu_connector_event_duration_seconds_count";
        Assert.Equal(1, metrics[Count + """{event_type="dms.bind-device-id",outcome="dead_lettered"}"""]);
        Assert.Equal(1, metrics[Count + """{event_type="dms.bind-device-id",outcome="handled"}"""]);
        Assert.Equal(2, metrics["""lamassu_connector_event_lag_seconds_count{event_type="dms.bind-device-id"}"""]);
        Assert.Equal(1, metrics["""lamassu_aws_iot_event_errors_total{event_type="dms.bind-device-id"}"""]);
        Assert.Equal(1, metrics["""lamassu_connector_dead_letters_total{kind="invalid"}"""]);
    }

    [Fact]
    public async Task A_message_that_is_no_event_counts_as_other()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        await stage.Stage.Connector.PublishAsync(Encoding.UTF8.GetBytes("{not json"), "ca.create", new Dictionary<string, string>(), Cancellation);

        Assert.Equal(1, (await PrometheusText.ReadAsync(stage))["""lamassu_aws_iot_event_errors_total{event_type="other"}"""]);
    }

    [Fact]
    public async Task A_revocation_that_waits_shows_its_age_and_is_forgotten_when_it_is_done()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, configuration: ("event_retries:delays:0", "00:00:01"));
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "KeyCompromise");
        await scenario.Stage.FailAwsAsync("UpdateCertificate", 1, "AccessDeniedException");
        var updated = scenario.Stage.State.Find(LamassuKind.Certificate, serial);
        var revokedAt = TimeProvider.System.GetUtcNow().AddHours(-2).ToString("O", CultureInfo.InvariantCulture);

        var end = scenario.Stage.PublishAsync("certificate.status.update", $"certificate/{serial}", new JsonObject { ["updated"] = updated }, time: revokedAt);

        await Patience.UntilAsync(async () => (await PrometheusText.ReadAsync(scenario.Stage))[PendingAge] is >= 7200 and < 7300);
        Assert.Equal("handled", (await end).Outcome);
        Assert.Equal(0, (await PrometheusText.ReadAsync(scenario.Stage))[PendingAge]);
        Assert.Equal("REVOKED", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task Another_connector_in_the_process_does_not_show()
    {
        await using var busy = await DeviceScenario.StartAsync(Door.Http);
        await using var idle = await TestStage.StartAsync(Door.Http);

        await busy.EnrolAsync();

        Assert.Equal(0, (await PrometheusText.ReadAsync(idle))[Registered]);
    }

    [Fact]
    public async Task A_wrong_limit_and_a_wrong_level_stop_the_start()
    {
        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => TestStage.StartAsync(Door.Http, ("metrics:device_series", "-1"), ("logs:level", "loud")));

        Assert.Equal(2, exception.Failures.Count());
        Assert.Contains(
            exception.Failures, failure => failure.Contains("logs.level must be none, error, warning, info, debug or trace", StringComparison.Ordinal));
        Assert.Contains(exception.Failures, failure => failure.Contains("metrics.device_series must lie between 0 and 10000", StringComparison.Ordinal));
    }

    private static JsonObject WithShadow()
    {
        var metadata = LamassuJson.AutoDms(LamassuJson.Lamassu3Key);
        metadata[LamassuJson.Lamassu3Key]!["shadow_config"] = new JsonObject { ["enable"] = true, ["shadow_name"] = "" };
        return metadata;
    }

    private static async Task AskAsync(DeviceScenario scenario, string device)
    {
        await scenario.EnrolAsync(device);
        using var response = await scenario.Stage.PostAsync(
            $"/v1/devices/{device}/shadow/actions", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["actions"] = new JsonArray("rotate") });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
