using Amazon.IoT;
using LamassuAwsConnector.Sandbox.Story;

namespace LamassuAwsConnector.Sandbox;

/// <summary>Stand-ins and connector together, and the moment when all that was set going has come to rest.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private Stage(StandIns standIns, StageBus bus)
    {
        StandIns = standIns;
        Bus = bus;
        Operator = new LamassuOperator(standIns.Lamassu.CAUrl, standIns.Lamassu.DmsManagerUrl);
    }

    public StandIns StandIns { get; }

    public StageBus Bus { get; }

    public RunningConnector Connector => Bus.Connector ?? throw new InvalidOperationException("No connector is running.");

    public LamassuOperator Operator { get; }

    public IAmazonIoT IoT => StandIns.IoT;

    public static async Task<Stage> StartAsync(
        StandInSettings settings,
        int port,
        IReadOnlyDictionary<string, string?> extra,
        CancellationToken cancellationToken,
        Action<IServiceCollection>? configure = null,
        TimeProvider? timeProvider = null,
        Broker? broker = null)
    {
        var bus = new StageBus(broker);
        var standIns = await StandIns.StartAsync(settings, bus.PublishAsync, timeProvider ?? TimeProvider.System, cancellationToken);
        var stage = new Stage(standIns, bus);
        try
        {
            await stage.StartConnectorAsync(port, extra, cancellationToken, configure);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connector of which nothing is remembered: a second call is a restart.</summary>
    public async Task StartConnectorAsync(
        int port, IReadOnlyDictionary<string, string?> extra, CancellationToken cancellationToken, Action<IServiceCollection>? configure = null)
    {
        await StopConnectorAsync();
        var configuration = StandIns.ConnectorConfiguration();
        foreach (var (key, value) in (Bus.Broker?.ConnectorConfiguration() ?? new Dictionary<string, string?>()).Concat(extra))
        {
            configuration[key] = value;
        }

        Bus.Connector = await RunningConnector.StartAsync(port, configuration, cancellationToken, configure, Bus.Broker);
    }

    public async Task StopConnectorAsync()
    {
        if (Bus.Connector is { } running)
        {
            Bus.Connector = null;
            await running.DisposeAsync();
        }
    }

    /// <summary>Nothing is in flight: neither events nor Lamassu's own reactions to them, nor what follows from either.</summary>
    public async Task WhenQuietAsync(CancellationToken cancellationToken)
    {
        do
        {
            await StandIns.Lamassu.WhenQuietAsync().WaitAsync(cancellationToken);
            await Connector.WhenIdleAsync(cancellationToken);
            await StandIns.Lamassu.WhenQuietAsync().WaitAsync(cancellationToken);
        }
        while (Connector.InFlight > 0);
    }

    public async ValueTask DisposeAsync()
    {
        Operator.Dispose();
        await StopConnectorAsync();
        await StandIns.DisposeAsync();
    }
}

/// <summary>Carries the Lamassu stand-in's events to the connector, in memory or over a broker.</summary>
internal sealed class StageBus(Broker? broker)
{
    public Broker? Broker => broker;

    public RunningConnector? Connector { get; set; }

    /// <summary>What is published while no connector runs waits on the broker; without one it is lost.</summary>
    public Task PublishAsync(
        ReadOnlyMemory<byte> body, string routingKey, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        // Not awaited to the end: Lamassu does not wait for those who listen. The connector's host counts the delivery as in flight.
        _ = SayFailureAsync(
            (Task?)Connector?.PublishAsync(body, routingKey, headers, CancellationToken.None)
                ?? broker?.PublishAsync(body, routingKey, headers, CancellationToken.None)
                ?? Task.CompletedTask,
            routingKey);
        return Task.CompletedTask;
    }

    // A message that did not get onto the bus is lost, as with Lamassu; a person who looks on has to know.
    private static async Task SayFailureAsync(Task publishing, string routingKey)
    {
        try
        {
            await publishing;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"Lost an event {routingKey}: {exception.GetBaseException().Message}");
        }
    }
}
