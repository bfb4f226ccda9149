using System.Net;

namespace LamassuAwsConnector.Sandbox.Lamassu;

internal sealed record LamassuStandInOptions
{
    /// <summary>The address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0: any free port.</summary>
    public int CAPort { get; init; } = 18085;

    /// <summary>0: any free port.</summary>
    public int DeviceManagerPort { get; init; } = 18086;

    /// <summary>0: any free port.</summary>
    public int DmsManagerPort { get; init; } = 18087;

    /// <summary>The DMS Manager is a process of its own, as in production: metadata patches of a DMS close the connection.</summary>
    public bool DmsManagerAlone { get; init; } = true;

    /// <summary>Off: no events, no reactions of the Device Manager, and plain errors for missing objects.</summary>
    public bool PublishesEvents { get; init; } = true;

    /// <summary>CAs without a key of their own that could sign are signed for with one key.</summary>
    public bool ReplayKey { get; init; }
}
