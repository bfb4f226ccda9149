using System.Text.Json.Serialization;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Devices;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Events that end a device. They tell which one; whether it has ended is asked of Lamassu.</summary>
internal sealed partial class DeviceLifeEvents(DeviceEndOfLifeService endOfLife, ILogger<DeviceLifeEvents> logger)
{
    private const string Decommissioned = "DECOMMISSIONED";

    /// <summary>Every bind and every status of a certificate brings such an event too; only the status that is final is looked at.</summary>
    public async Task<EventOutcome> OnStatusUpdated(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var device = cloudEvent.ReadData<DeviceUpdate>().Updated;
        var deviceId = IdOf(cloudEvent, device?.Id);
        return Decommissioned.Equals(device?.Status, StringComparison.OrdinalIgnoreCase)
            ? Outcome(deviceId, await endOfLife.DecommissionAsync(deviceId, cancellationToken))
            : EventOutcome.Ignored;
    }

    public async Task<EventOutcome> OnDeleted(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var deviceId = IdOf(cloudEvent, cloudEvent.ReadData<DeletedDevice>().Id);
        return Outcome(deviceId, await endOfLife.DeleteAsync(deviceId, cancellationToken));
    }

    private EventOutcome Outcome(string deviceId, EndDeviceOutcome outcome)
    {
        switch (outcome)
        {
            case EndDeviceOutcome.NotEnded not:
                Log.LeftAlone(logger, deviceId, not.Reason);
                return EventOutcome.Ignored;
            case EndDeviceOutcome.NoThing none:
                Log.LeftAlone(logger, deviceId, none.Reason);
                return EventOutcome.Ignored;
            default:
                return EventOutcome.Handled;
        }
    }

    private static string IdOf(CloudEvent cloudEvent, string? deviceId) => deviceId is { Length: > 0 }
        ? deviceId
        : throw new ConnectorException(FailureKind.Invalid, "device_missing", FailureSource.Lamassu, $"The event {cloudEvent.Type} names no device.");

    internal sealed record DeviceUpdate
    {
        [JsonPropertyName("updated")]
        public DeviceStatus? Updated { get; init; }
    }

    internal sealed record DeviceStatus
    {
        [JsonPropertyName("id")]
        public string? Id { get; init; }

        [JsonPropertyName("status")]
        public string? Status { get; init; }
    }

    /// <summary>Delete events name the id with Go's field names.</summary>
    internal sealed record DeletedDevice
    {
        [JsonPropertyName("ID")]
        public string? Id { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Device {DeviceId} is left as it is: {Reason}")]
        public static partial void LeftAlone(ILogger logger, string deviceId, string reason);
    }
}
