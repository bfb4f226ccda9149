namespace LamassuAwsConnector.Core.Devices;

/// <summary>How the end of a device was carried over when no call failed.</summary>
public abstract record EndDeviceOutcome
{
    private EndDeviceOutcome()
    {
    }

    /// <summary>The device's certificates are in AWS what they are in Lamassu, and its shadow asks for nothing.</summary>
    /// <param name="Changed">Serial numbers of the certificates whose status in AWS was changed by this call.</param>
    /// <param name="Cleared">The actions that were taken back by this call.</param>
    public sealed record Ended(IReadOnlyList<string> Changed, IReadOnlyList<string> Cleared) : EndDeviceOutcome;

    /// <summary>Lamassu does not say that the device has ended.</summary>
    public sealed record NotEnded(string Reason) : EndDeviceOutcome;

    /// <summary>AWS has no thing of the device.</summary>
    public sealed record NoThing(string Reason) : EndDeviceOutcome;
}
