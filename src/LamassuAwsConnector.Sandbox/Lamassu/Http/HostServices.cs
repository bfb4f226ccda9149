using LamassuAwsConnector.Sandbox.Lamassu.Devices;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Http;

/// <summary>A service's names.</summary>
/// <param name="Name">In the call log.</param>
/// <param name="Source">In events, when the caller gives no name of its own.</param>
/// <param name="GatewayPrefix">The path below which a gateway offers it; accepted here too.</param>
internal sealed record ServiceIdentity(string Name, string Source, string GatewayPrefix)
{
    public static readonly ServiceIdentity CA = new("ca", "service/ca", "/api/ca");
    public static readonly ServiceIdentity DeviceManager = new("device-manager", "service/devmanager", "/api/devmanager");
    public static readonly ServiceIdentity DmsManager = new("dms-manager", "service/ra", "/api/dmsmanager");
}

/// <summary>What the three services have in common.</summary>
internal sealed record HostServices(LamassuFaults Faults, CallLog Calls, GoClock Clock, ReactionQueue Reactions);

/// <summary>The requests so far.</summary>
internal sealed class CallLog
{
    private readonly Lock gate = new();
    private readonly List<LamassuCall> calls = [];

    public IReadOnlyList<LamassuCall> All
    {
        get
        {
            lock (gate)
            {
                return [.. calls];
            }
        }
    }

    public void Add(LamassuCall call)
    {
        lock (gate)
        {
            calls.Add(call);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            calls.Clear();
        }
    }
}
