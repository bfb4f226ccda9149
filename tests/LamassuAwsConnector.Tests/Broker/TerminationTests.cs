using System.Diagnostics;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>SIGTERM, as an orchestrator sends it.</summary>
[Collection(ProcessTests.Name)]
public sealed class TerminationTests(ProcessBroker broker)
{
    private const int Devices = 60;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_SIGTERM_an_idle_connector_leaves_within_five_seconds()
    {
        await using var stage = await ProcessStage.StartAsync(broker.Node);
        var connector = await stage.StartConnectorAsync();

        var (exitCode, time) = await TerminateAsync(connector);

        Assert.Equal(0, exitCode);
        Assert.True(time < Idle, $"{time}");
    }

    [Fact]
    public async Task After_SIGTERM_a_busy_connector_finishes_or_hands_back_what_it_has_and_the_next_one_goes_on()
    {
        await using var stage = await ProcessStage.StartAsync(broker.Node);
        var connector = await stage.StartConnectorAsync();
        await stage.PrepareFleetAsync();
        await stage.StandIns.AwsControl.ForgetCallsAsync(Cancellation);
        await stage.StandIns.AwsControl.SendAsync(HttpMethod.Put, "latency", new() { ["milliseconds"] = 1_000 }, Cancellation);
        await stage.EnrollAsync(ProcessStage.Names("meter", Devices));
        await UntilAsync(async () => (await stage.StandIns.AwsControl.CallsAsync(Cancellation)).Any(call => call.Operation == "RegisterThing"), ProcessStage.Patient);

        var (exitCode, time) = await TerminateAsync(connector);

        Assert.Equal(0, exitCode);
        Assert.True(time < Busy, $"{time}");
        Assert.DoesNotContain(await stage.StandIns.AwsControl.CallsAsync(Cancellation), call => call.Error == "the client went away");
        var done = await FleetState.ReadAsync(stage, Cancellation);
        Assert.InRange(done.Count(line => line.StartsWith("device ", StringComparison.Ordinal)), 1, Devices - 1);
        await stage.StandIns.AwsControl.SendAsync(HttpMethod.Put, "latency", new() { ["milliseconds"] = 0 }, Cancellation);
        await stage.StartConnectorAsync();
        await stage.AssertAsLamassuAsksAsync();
    }

    private static async Task<(int ExitCode, TimeSpan Time)> TerminateAsync(ConnectorProcess connector)
    {
        var started = Stopwatch.GetTimestamp();
        var exitCode = await connector.TerminateAsync();
        return (exitCode, Stopwatch.GetElapsedTime(started));
    }
}
