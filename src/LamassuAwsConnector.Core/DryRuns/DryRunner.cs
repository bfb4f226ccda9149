using System.Diagnostics.Metrics;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.DryRuns;

/// <summary>
/// Runs commands by the services themselves, over clients that read and do not write. What a service says in the log or counts while it runs dry has not
/// happened, so it is not heard.
/// </summary>
public sealed class DryRunner
{
    private readonly IServiceProvider services;

    internal DryRunner(IServiceProvider services) => this.services = services;

    /// <param name="command">Calls one service, and no more than once.</param>
    /// <exception cref="ConnectorException">What the command itself throws, and what AWS and Lamassu answer to its reads.</exception>
    public async Task<DryRun<TOutcome>> RunAsync<TService, TOutcome>(Func<TService, Task<TOutcome>> command)
        where TService : notnull
    {
        var plan = new CallPlan();
        await using var provider = Services(plan).BuildServiceProvider();
        var outcome = await command(provider.GetRequiredService<TService>());
        return new DryRun<TOutcome>(outcome, plan.Calls);
    }

    private ServiceCollection Services(CallPlan plan)
    {
        var dry = new ServiceCollection();
        Share<TimeProvider>(dry);
        Share<AwsAccount>(dry);
        Share<IOptions<ConnectorOptions>>(dry);
        Share<IOptions<AwsOptions>>(dry);
        Share<IOptions<MetricsOptions>>(dry);
        dry.AddSingleton<IIoTCore>(new RecordingIoTCore(
            plan, services.GetRequiredService<IIoTCore>(), services.GetRequiredService<AwsAccount>(), services.GetRequiredService<IOptions<AwsOptions>>()));
        var dmsManager = new RecordingDmsManagerApi(plan, services.GetRequiredService<IDmsManagerApi>());
        dry.AddSingleton<ICAApi>(new RecordingCAApi(plan, services.GetRequiredService<ICAApi>()));
        dry.AddSingleton<IDeviceManagerApi>(new RecordingDeviceManagerApi(plan, services.GetRequiredService<IDeviceManagerApi>()));
        dry.AddSingleton<IDmsManagerApi>(dmsManager);
        dry.AddSingleton<LamassuClient>();
        dry.AddSingleton<IFleetSender>(new RecordingFleetSender(plan));
        dry.AddLogging();
        dry.AddSingleton<IMeterFactory, UnheardMeters>();
        dry.AddSingleton<PendingRevocations>();
        dry.AddSingleton<ConnectorMetrics>();
        dry.AddConnectorServices();
        return dry;
    }

    private void Share<T>(ServiceCollection dry)
        where T : class => dry.AddSingleton(services.GetRequiredService<T>());

    /// <summary>Under a name that no exporter asks for.</summary>
    private sealed class UnheardMeters : IMeterFactory
    {
        private readonly List<Meter> meters = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter($"{options.Name}.dry-run");
            meters.Add(meter);
            return meter;
        }

        public void Dispose() => meters.ForEach(meter => meter.Dispose());
    }
}
