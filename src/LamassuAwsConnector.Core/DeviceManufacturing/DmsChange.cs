using LamassuAwsConnector.Core.Lamassu.Models;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>A DMS was made or changed.</summary>
/// <param name="Previous">As it was before; null when that is not known, or the DMS is new.</param>
/// <param name="IsNew">It has no devices of before.</param>
/// <param name="Time">When.</param>
public sealed record DmsChange(string DmsId, Dms? Previous, bool IsNew, DateTimeOffset Time)
{
    /// <summary>Nothing is tried again after this: what would have waited is a Conflict.</summary>
    public bool IsLastAttempt { get; init; }
}

/// <summary>How the change of a DMS ended when no call failed.</summary>
public abstract record DmsChangeOutcome
{
    private DmsChangeOutcome()
    {
    }

    /// <summary>What the DMS asks for is ensured; what concerns its devices is on its way to them.</summary>
    public sealed record Applied : DmsChangeOutcome;

    /// <summary>Nothing in it concerns this connector.</summary>
    public sealed record Nothing(string Reason) : DmsChangeOutcome;

    /// <summary>The provisioning template is there, and its CA has to be registered first.</summary>
    public sealed record Waiting(string Reason) : DmsChangeOutcome;
}
