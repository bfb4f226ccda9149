using System.Text.Json.Nodes;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Consumers;

public sealed class EventBusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MassTransits_usage_reports_are_off()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);

        Assert.False(stage.Stage.Connector.Services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("kafka")]
    public async Task A_bus_that_is_not_configured_stops_the_start(string? provider)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(
            async () => await TestStage.StartAsync(Door.Event, ("subscriber_event_bus:provider", provider)));

        Assert.Contains("subscriber_event_bus.provider", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 30)]
    [InlineData("00:01:30", 90)]
    public async Task The_host_waits_for_the_bus_as_long_as_is_configured(string? timeout, int seconds)
    {
        await using var stage = await TestStage.StartAsync(Door.Event, ("shutdown_timeout", timeout));

        var services = stage.Stage.Connector.Services;
        var host = services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
        var bus = services.GetRequiredService<IOptions<MassTransitHostOptions>>().Value;
        Assert.Equal(TimeSpan.FromSeconds(seconds), host);
        Assert.True(bus.ConsumerStopTimeout < bus.StopTimeout && bus.StopTimeout < host);
    }

    [Fact]
    public async Task A_stop_finishes_what_is_in_flight()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        await scenario.Stage.Stage.StandIns.AwsControl.SendAsync(HttpMethod.Put, "latency", new JsonObject { ["milliseconds"] = 300 }, Cancellation);
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, DeviceScenario.Device);
        await UntilAsync(() => scenario.Stage.LamassuCalls().Any(call => call.EndsWith($"/devices/{DeviceScenario.Device}", StringComparison.Ordinal)));

        await scenario.Stage.Stage.StopConnectorAsync();

        await scenario.AssertInOrderAsync();
    }
}
