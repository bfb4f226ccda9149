using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Devices;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Events of devices. They tell which device, and at a bind which certificate; everything else is read anew.</summary>
internal sealed partial class DeviceEvents(ThingRegistrationService thingRegistration, ILogger<DeviceEvents> logger)
{
    /// <summary>The name that Lamassu publishes a bind under, and the one in the published documentation.</summary>
    public static readonly IReadOnlyList<string> BindTypes = ["dms.bind-device-id", "device.identity.bound"];

    public async Task<EventOutcome> OnIdentityBound(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var data = cloudEvent.ReadData<IdentityBound>();
        var deviceId = data.DeviceId ?? data.Device?.Id ?? throw MissingDevice(cloudEvent);
        var command = new RegisterThing(deviceId) { Bound = data.Certificate?.ToBound(), IsLastAttempt = delivery.IsLastAttempt };
        return await RegisterAsync(command, cancellationToken);
    }

    /// <summary>Registers a device, at whoever's word, and says how that ends a delivery.</summary>
    public async Task<EventOutcome> RegisterAsync(RegisterThing command, CancellationToken cancellationToken)
    {
        var deviceId = command.DeviceId;
        switch (await thingRegistration.RegisterAsync(command, cancellationToken))
        {
            case RegisterThingOutcome.NotRequested not:
                Log.Ignored(logger, deviceId, not.Reason);
                return EventOutcome.Ignored;
            case RegisterThingOutcome.Outdated outdated:
                Log.Outdated(logger, deviceId, outdated.Reason);
                return EventOutcome.Outdated;
            case RegisterThingOutcome.Waiting waiting when command.IsLastAttempt:
                await thingRegistration.RecordWaitingAsync(deviceId, waiting.Reason, cancellationToken);
                Log.GivenUp(logger, deviceId, waiting.Reason);
                return EventOutcome.Handled;
            case RegisterThingOutcome.Waiting waiting:
                Log.Waiting(logger, deviceId, waiting.Reason);
                return EventOutcome.Waiting;
            default:
                return EventOutcome.Handled;
        }
    }

    private static ConnectorException MissingDevice(CloudEvent cloudEvent) => new(
        FailureKind.Invalid, "device_missing", FailureSource.Lamassu, $"The event {cloudEvent.Type} names no device in device_id or device.id.");

    internal sealed record IdentityBound
    {
        [JsonPropertyName("device_id")]
        public string? DeviceId { get; init; }

        [JsonPropertyName("device")]
        public NamedDevice? Device { get; init; }

        [JsonPropertyName("certificate")]
        public BoundCertificateData? Certificate { get; init; }
    }

    internal sealed record NamedDevice
    {
        [JsonPropertyName("id")]
        public string? Id { get; init; }
    }

    internal sealed record BoundCertificateData
    {
        [JsonPropertyName("serial_number")]
        public string? SerialNumber { get; init; }

        [JsonPropertyName("certificate")]
        public string? EncodedPem { get; init; }

        [JsonPropertyName("status")]
        public string? Status { get; init; }

        [JsonPropertyName("issuer_metadata")]
        public Issuer? IssuerMetadata { get; init; }

        [JsonPropertyName("metadata")]
        public JsonObject? Metadata { get; init; }

        // Without both there is nothing to take from the event; the device's current certificate is read then.
        public BoundCertificate? ToBound() =>
            SerialNumber is { Length: > 0 } serial && EncodedPem is { Length: > 0 } pem
                ? new BoundCertificate(serial, pem, IssuerMetadata?.Id, Metadata) { Status = Status }
                : null;
    }

    internal sealed record Issuer
    {
        [JsonPropertyName("id")]
        public string? Id { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Device {DeviceId} is not registered: {Reason}")]
        public static partial void Ignored(ILogger logger, string deviceId, string reason);

        [LoggerMessage(2, LogLevel.Debug, "The registration of device {DeviceId} is outdated: {Reason}")]
        public static partial void Outdated(ILogger logger, string deviceId, string reason);

        [LoggerMessage(3, LogLevel.Warning, "The registration of device {DeviceId} waits: {Reason}")]
        public static partial void Waiting(ILogger logger, string deviceId, string reason);

        [LoggerMessage(4, LogLevel.Error, "The registration of device {DeviceId} has waited long enough and is noted on the device as failed: {Reason}")]
        public static partial void GivenUp(ILogger logger, string deviceId, string reason);
    }
}
