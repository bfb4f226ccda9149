using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>
/// In the midst of a thousand events, of devices that enrol, renew, and are put on hold, released and revoked, the broker or the connector goes away from one
/// moment to the next. The end is the same as if nothing had happened.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class DisturbedFleetTests(ProcessBroker broker, DisturbedFleetTests.Undisturbed undisturbed) : IClassFixture<DisturbedFleetTests.Undisturbed>
{
    // They are in place when the disturbance comes.
    private const int Veterans = 60;
    private const int Newcomers = 160;

    // So many things are in AWS when it comes.
    private const int Midst = Veterans + (Newcomers / 3);
    private const int Events = 1_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_broker_that_is_killed_and_comes_back_with_its_data_in_the_midst_of_a_thousand_events_changes_nothing_in_the_end() =>
        AssertEndsTheSameAsync(connectors: 1, async (_, _) =>
        {
            await broker.Node.KillAsync();
            await broker.Node.ConnectionAsync(Cancellation);
        });

    [Fact]
    public Task A_connector_that_is_killed_and_started_again_in_the_midst_of_a_thousand_events_changes_nothing_in_the_end() =>
        AssertEndsTheSameAsync(connectors: 1, async (stage, connectors) =>
        {
            await connectors[0].KillAsync();
            await stage.StartConnectorAsync();
        });

    [Fact]
    public Task Of_three_connectors_on_one_queue_one_is_killed_and_the_others_do_its_work() =>
        AssertEndsTheSameAsync(connectors: 3, (_, connectors) => connectors[1].KillAsync());

    private async Task AssertEndsTheSameAsync(int connectors, Func<ProcessStage, IReadOnlyList<ConnectorProcess>, Task> disturb)
    {
        var expected = await undisturbed.EndAsync(broker);

        var (end, events) = await RunAsync(broker, connectors, disturb);

        Assert.Equal(expected, end);
        TestContext.Current.TestOutputHelper?.WriteLine($"{events} events");
        Assert.True(events >= Events, $"only {events} events");
    }

    private static async Task<(IReadOnlyList<string> End, int Events)> RunAsync(
        ProcessBroker broker, int connectors, Func<ProcessStage, IReadOnlyList<ConnectorProcess>, Task>? disturb)
    {
        var things = 0;
        await using var stage = await ProcessStage.StartAsync(
            broker.Node, settings => settings with { AfterAwsOperation = aws => Volatile.Write(ref things, aws.Things.Count) });
        var processes = Enumerable.Range(0, connectors).Select(_ => stage.StartConnector()).ToList();
        await Task.WhenAll(processes.Select(process => process.WhenReadyAsync()));
        await stage.PrepareFleetAsync();
        var veterans = ProcessStage.Names("veteran", Veterans);
        await stage.EnrollAsync(veterans);
        await stage.AssertAsLamassuAsksAsync();
        var before = stage.Publisher.Routed;

        // With AWS's usual delay there is work in flight at any moment.
        await stage.StandIns.AwsControl.SendAsync(HttpMethod.Put, "latency", new() { ["milliseconds"] = 30 }, Cancellation);
        var life = Task.WhenAll(stage.EnrollAsync(ProcessStage.Names("newcomer", Newcomers)), LiveAsync(stage, veterans));
        if (disturb is not null)
        {
            await UntilAsync(() => Volatile.Read(ref things) >= Midst || life.IsFaulted, ProcessStage.Patient);
            Assert.True(Volatile.Read(ref things) < Veterans + Newcomers, "The disturbance came too late to be one.");
            await disturb(stage, processes);
        }

        await life;
        return (await stage.AssertAsLamassuAsksAsync(), stage.Publisher.Routed - before);
    }

    /// <summary>What happens to devices that are registered; the same in each run.</summary>
    private static Task LiveAsync(ProcessStage stage, IReadOnlyList<string> devices) => ProcessStage.EachAsync(devices, async device =>
    {
        switch (int.Parse(device[^1..], System.Globalization.CultureInfo.InvariantCulture))
        {
            case < 4:
                await stage.Lamassu.ReenrollAsync(ProcessStage.Dms, device);
                break;
            case < 6:
                await stage.SetStatusAsync(device, "REVOKED", "CertificateHold");
                break;
            case < 8:
                await stage.SetStatusAsync(device, "REVOKED", "CertificateHold");
                await stage.SetStatusAsync(device, "ACTIVE");
                break;
            case 8:
                await stage.SetStatusAsync(device, "REVOKED", "KeyCompromise");
                break;
        }
    });

    /// <summary>The run in which nothing goes wrong, made once.</summary>
    public sealed class Undisturbed
    {
        private IReadOnlyList<string>? end;

        internal async Task<IReadOnlyList<string>> EndAsync(ProcessBroker broker) => end ??= (await RunAsync(broker, connectors: 1, disturb: null)).End;
    }
}
