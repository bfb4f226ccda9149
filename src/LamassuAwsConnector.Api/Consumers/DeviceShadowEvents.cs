using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Devices;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Actions that a device's metadata asks for.</summary>
internal sealed class DeviceShadowEvents(DeviceShadowService shadows, TimeProvider timeProvider)
{
    public async Task<EventOutcome> OnMetadataUpdated(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var device = cloudEvent.ReadData<DeviceUpdate>().Updated;
        if (device?.Id is not { Length: > 0 } deviceId)
        {
            throw new ConnectorException(FailureKind.Invalid, "device_missing", FailureSource.Lamassu, $"The event {cloudEvent.Type} names no device in updated.id.");
        }

        // Most metadata events are no requests; those that are show it.
        if (device.Metadata?.Any(entry => entry.Value is JsonObject note && note["actions"] is JsonArray { Count: > 0 }) != true)
        {
            return EventOutcome.Ignored;
        }

        return await shadows.CarryOverAsync(deviceId, cloudEvent.Time ?? timeProvider.GetUtcNow(), cancellationToken) is RequestShadowActionsOutcome.Requested
            ? EventOutcome.Handled
            : EventOutcome.Ignored;
    }

    internal sealed record DeviceUpdate
    {
        [JsonPropertyName("updated")]
        public DeviceData? Updated { get; init; }
    }

    internal sealed record DeviceData
    {
        [JsonPropertyName("id")]
        public string? Id { get; init; }

        [JsonPropertyName("metadata")]
        public JsonObject? Metadata { get; init; }
    }
}
