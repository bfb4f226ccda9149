using System.Net;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Authorities;
using LamassuAwsConnector.Sandbox.Lamassu.Devices;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Manufacturing;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>
/// Lamassu's CA, Device Manager and DMS Manager, each on a port of its own, with Lamassu's faults. It shares no types with the connector: what one
/// misunderstands the other would misunderstand too.
/// </summary>
internal sealed class LamassuStandIn : IAsyncDisposable
{
    private readonly CallLog calls = new();
    private readonly GoClock clock;
    private readonly KeyStore keys;
    private readonly ReactionQueue reactions;
    private readonly ExpiryMonitor monitor;
    private readonly ILoggerFactory loggers;
    private readonly List<ServiceHost> hosts = [];

    private LamassuStandIn(LamassuStandInOptions options, PublishEvent publish, TimeProvider timeProvider)
    {
        clock = new GoClock(timeProvider);
        keys = new KeyStore(options.ReplayKey);
        loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning));
        var events = new EventPublisher(publish, clock, options.PublishesEvents, loggers.CreateLogger<EventPublisher>());
        var context = new LamassuContext(State, Faults, events, clock);

        var profiles = new ProfileService(context);
        var certificates = new CertificateService(context);
        var signer = new CertificateSigner(context, profiles, keys);
        var cas = new CAService(context, certificates, signer, new CAFoundry(context, profiles, keys));
        monitor = new ExpiryMonitor(context, certificates, cas);

        var slots = new IdentitySlotService(context, certificates);
        var devices = new DeviceService(context, certificates, slots);
        reactions = new ReactionQueue(new CertificateReactions(context, slots, loggers.CreateLogger<CertificateReactions>()).ReactAsync, Faults);

        var dmss = new DmsService(context, options.DmsManagerAlone);
        var binding = new IdentityBinding(context, dmss, certificates, devices, slots);
        var enrollment = new EnrollmentService(context, dmss, profiles, certificates, signer, devices, binding);

        CARoutes = [Health, .. profiles.Routes, .. certificates.Routes, .. cas.Routes, .. new ControlRoutes(this).Routes];
        DeviceManagerRoutes = [Health, .. devices.Routes];
        DmsManagerRoutes = [Health, .. dmss.Routes, binding.Route, .. enrollment.Routes];
    }

    public Uri CAUrl => hosts[0].Url;

    public Uri DeviceManagerUrl => hosts[1].Url;

    public Uri DmsManagerUrl => hosts[2].Url;

    public LamassuState State { get; } = new();

    public LamassuFaults Faults { get; } = new();

    /// <summary>What verifies the signatures made with the replay key; null without <see cref="LamassuStandInOptions.ReplayKey"/>.</summary>
    public string? ReplayPublicKeyPem => keys.ReplayPublicKeyPem;

    /// <summary>The requests so far; those of the control routes are not among them.</summary>
    public IReadOnlyList<LamassuCall> Calls => calls.All;

    private static ServiceRoute Health => new("GET", "/health", _ => Task.FromResult(Reply.Json(200, new JsonObject
    {
        ["health"] = true,
        ["version"] = "3.8.0",
        ["build"] = "sandbox",
        ["build_time"] = GoTime.Zero,
    })));

    private IReadOnlyList<ServiceRoute> CARoutes { get; }

    private IReadOnlyList<ServiceRoute> DeviceManagerRoutes { get; }

    private IReadOnlyList<ServiceRoute> DmsManagerRoutes { get; }

    public static async Task<LamassuStandIn> StartAsync(
        LamassuStandInOptions options, PublishEvent publish, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var standIn = new LamassuStandIn(options, publish, timeProvider);
        try
        {
            await standIn.StartAsync(options, cancellationToken);
            return standIn;
        }
        catch
        {
            // A port that is taken, for example: what did start must not stay.
            await standIn.DisposeAsync();
            throw;
        }
    }

    public void ForgetCalls() => calls.Clear();

    /// <summary>As freshly started, but for the keys.</summary>
    public void Reset()
    {
        Faults.Clear();
        State.Clear();
        calls.Clear();
    }

    /// <summary>
    /// Ends when the Device Manager has reacted to all certificate events of the requests that were answered, and to those that followed from that.
    /// </summary>
    public Task WhenQuietAsync() => reactions.WhenQuietAsync();

    /// <summary>One run of the CA's expiry monitor.</summary>
    /// <param name="now">The time it takes it to be; null: the present.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task RunExpiryMonitorAsync(DateTimeOffset? now, CancellationToken cancellationToken = default)
    {
        var operation = await monitor.RunAsync(now ?? clock.UtcNow, cancellationToken);
        reactions.Take(operation.Announced);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }

        await reactions.DisposeAsync();
        keys.Dispose();
        loggers.Dispose();
    }

    private async Task StartAsync(LamassuStandInOptions options, CancellationToken cancellationToken)
    {
        var services = new HostServices(Faults, calls, clock, reactions);
        hosts.Add(await ServiceHost.StartAsync(ServiceIdentity.CA, CARoutes, services, new IPEndPoint(options.Address, options.CAPort), cancellationToken));
        hosts.Add(await ServiceHost.StartAsync(ServiceIdentity.DeviceManager, DeviceManagerRoutes, services, new IPEndPoint(options.Address, options.DeviceManagerPort), cancellationToken));
        hosts.Add(await ServiceHost.StartAsync(ServiceIdentity.DmsManager, DmsManagerRoutes, services, new IPEndPoint(options.Address, options.DmsManagerPort), cancellationToken));
    }
}
