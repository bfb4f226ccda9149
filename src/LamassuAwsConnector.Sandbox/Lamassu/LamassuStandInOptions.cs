namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>Port 0 is any free one.</summary>
internal sealed record LamassuStandInOptions
{
    public int CAPort { get; init; } = 18085;

    public int DeviceManagerPort { get; init; } = 18086;

    public int DmsManagerPort { get; init; } = 18087;

    /// <summary>The DMS Manager is a process of its own: writes of a DMS's metadata close the connection.</summary>
    public bool DmsManagerAlone { get; init; } = true;

    public bool PublishesEvents { get; init; } = true;

    /// <summary>CAs without a key of their own, that could sign in Lamassu, are signed for with one replay key.</summary>
    public bool ReplayKey { get; init; }
}
