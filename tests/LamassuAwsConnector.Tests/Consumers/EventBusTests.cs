using System.Text.Json.Nodes;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
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
