using LamassuAwsConnector.Sandbox.Lamassu.Authorities;
using LamassuAwsConnector.Sandbox.Lamassu.Devices;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Manufacturing;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>Lamassu's CA, Device Manager and DMS Manager, each on a port of its own, with Lamassu's own faults.</summary>
internal sealed class LamassuStandIn : IAsyncDisposable
{
    private readonly List<ServiceHost> hosts = [];
    private readonly CallLog calls = new();
    private readonly KeyStore keys;
    private readonly ReactionQueue reactions;
    private readonly ExpiryMonitor expiryMonitor;

    private LamassuStandIn(LamassuStandInOptions options, PublishEvent publish, TimeProvider timeProvider)
    {
        var clock = new GoClock(timeProvider);
        keys = new KeyStore(options.ReplayKey);
        var events = new EventPublisher(publish, clock, options.PublishesEvents, NullLogger<EventPublisher>.Instance);
        var rows = new Rows(State, Faults, events);
        var certificates = new CertificateService(rows, events, clock);
        var cas = new CAService(rows, events, keys, new Issuance(keys, clock), clock);
        var devices = new DeviceManager(rows, events, certificates, clock);
        var binding = new IdentityBinding(rows, events, certificates, devices, clock);
        reactions = new ReactionQueue(new CertificateReactions(rows, devices).ReactAsync, Faults);
        expiryMonitor = new ExpiryMonitor(rows, events, reactions);
        Services = new HostServices(Faults, calls, clock, reactions);
        CA = [.. new CARoutes(State, rows, cas, new CALife(rows, events, certificates), certificates, new ProfileService(rows, events)).All, .. Common, .. new ControlRoutes(this).All];
        DeviceManager = [.. new DeviceRoutes(State, rows, devices).All, .. Common];
        DmsManager = [.. new DmsRoutes(
            State, rows, new DmsManager(rows, events, clock, options.DmsManagerAlone), binding, new Est(rows, events, cas, certificates, devices, binding)).All, .. Common];
    }

    public Uri CAUrl => hosts[0].Url;

    public Uri DeviceManagerUrl => hosts[1].Url;

    public Uri DmsManagerUrl => hosts[2].Url;

    public LamassuState State { get; } = new();

    public LamassuFaults Faults { get; } = new();

    /// <summary>null unless the option asks for the key.</summary>
    public string? ReplayPublicKeyPem => keys.ReplayPublicKeyPem;

    public IReadOnlyList<LamassuCall> Calls => calls.All;

    private HostServices Services { get; }

    private IReadOnlyList<ServiceRoute> CA { get; }

    private IReadOnlyList<ServiceRoute> DeviceManager { get; }

    private IReadOnlyList<ServiceRoute> DmsManager { get; }

    private static IReadOnlyList<ServiceRoute> Common =>
    [
        new("GET", "/health", _ => Task.FromResult(Reply.Json(200, """{"health":true,"version":"3.8.0","build":"sandbox","build_time":"-"}"""))),
    ];

    /// <exception cref="IOException">A port is taken; the message names it.</exception>
    public static async Task<LamassuStandIn> StartAsync(
        LamassuStandInOptions options, PublishEvent publish, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var standIn = new LamassuStandIn(options, publish, timeProvider);
        try
        {
            await standIn.StartAsync(ServiceIdentity.CA, standIn.CA, options.CAPort, cancellationToken);
            await standIn.StartAsync(ServiceIdentity.DeviceManager, standIn.DeviceManager, options.DeviceManagerPort, cancellationToken);
            await standIn.StartAsync(ServiceIdentity.DmsManager, standIn.DmsManager, options.DmsManagerPort, cancellationToken);
            return standIn;
        }
        catch
        {
            await standIn.DisposeAsync();
            throw;
        }
    }

    public void ForgetCalls() => calls.Clear();

    /// <summary>Lamassu's own reactions to its events have come to rest.</summary>
    public Task WhenQuietAsync() => reactions.WhenQuietAsync();

    /// <summary>One round of the CA's periodic job: deltas whose time has come are triggered, certificates past their end expire.</summary>
    public Task RunExpiryMonitorAsync(DateTimeOffset now, CancellationToken cancellationToken) => expiryMonitor.RunAsync(now, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }

        await reactions.DisposeAsync();
        keys.Dispose();
    }

    private async Task StartAsync(ServiceIdentity identity, IReadOnlyList<ServiceRoute> routes, int port, CancellationToken cancellationToken) =>
        hosts.Add(await ServiceHost.StartAsync(identity, routes, Services, port, cancellationToken));
}
