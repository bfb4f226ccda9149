namespace LamassuAwsConnector.Core.Devices;

/// <summary>Asks a device for actions, through its shadow.</summary>
/// <param name="Actions">Each as it was asked for, 1 to 64 of <c>[A-Za-z0-9_-]</c>.</param>
/// <param name="Time">When it was asked for; an older request never takes the place of a newer one.</param>
public sealed record RequestShadowActions(string DeviceId, IReadOnlyList<string> Actions, DateTimeOffset Time)
{
    /// <summary>The DMS has to be read at this time or later; null: one that is remembered will do.</summary>
    public DateTimeOffset? DmsAsOf { get; init; }
}

/// <summary>How a request ended when no call failed.</summary>
public abstract record RequestShadowActionsOutcome
{
    private RequestShadowActionsOutcome()
    {
    }

    /// <summary>The shadow asks for the actions.</summary>
    /// <param name="ShadowName">null: the classic shadow.</param>
    /// <param name="Written">Those that this call wrote; the others were asked for already, at this time or later.</param>
    public sealed record Requested(string? ShadowName, IReadOnlyList<string> Written) : RequestShadowActionsOutcome;

    /// <summary>The device's DMS uses no shadows, or has no settings for this connector.</summary>
    public sealed record Disabled(string Reason) : RequestShadowActionsOutcome;

    /// <summary>The device is no thing in AWS; a shadow is not made for it.</summary>
    public sealed record NoThing(string Reason) : RequestShadowActionsOutcome;
}
