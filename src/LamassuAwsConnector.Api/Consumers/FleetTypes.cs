namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The types of the messages that the connector sends to itself. No exchange leads them to it: they go into its own queue for fleets.</summary>
internal static class FleetTypes
{
    public const string WalkDevices = $"{Prefix}walk-devices";
    public const string WorkOnDevice = $"{Prefix}work-on-device";
    public const string LeaveJitp = $"{Prefix}leave-jitp";

    private const string Prefix = "lamassu-aws-connector.";

    public static bool Includes(string? type) => type?.StartsWith(Prefix, StringComparison.Ordinal) == true;
}
