using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>
/// What follows for a device whose current certificate was shut out: its connection ends, and its shadow says so. The status in AWS is set already and
/// keeps the device out, so a failure here is said and delays nothing.
/// </summary>
internal sealed partial class DeviceShutOut(DeviceIdentities identities, ThingShadows shadows, IIoTCore iot, ILogger<DeviceShutOut> logger)
{
    private const string Revoke = "revoke";
    private const string Disconnect = "disconnect";

    /// <summary>Only for a device's current identity, and not when a newer certificate replaced it: the connection may be the newer one's.</summary>
    public Task ApplyAsync(Certificate certificate, DateTimeOffset time, CancellationToken cancellationToken) => WithoutDelayAsync(certificate.SerialNumber, async () =>
    {
        if (LamassuStatus.Is(certificate.RevocationReason, LamassuStatus.Superseded) && LamassuStatus.Is(certificate.Status, LamassuStatus.Revoked))
        {
            return;
        }

        if (await identities.FindAsync(certificate, cancellationToken) is not { IsCurrent: true } identity)
        {
            return;
        }

        if (await iot.DeleteConnectionAsync(identity.DeviceId, cancellationToken))
        {
            Log.Disconnected(logger, identity.DeviceId);
        }

        if (ShadowOf(identity) is { } shadow && LamassuStatus.Is(certificate.Status, LamassuStatus.Revoked)
            && await iot.DescribeThingAsync(identity.DeviceId, cancellationToken) is not null)
        {
            string[] actions = LamassuStatus.IsHold(certificate.Status, certificate.RevocationReason) ? [Disconnect] : [Revoke, Disconnect];
            await shadows.RequestAsync(identity.DeviceId, shadow.ShadowName, actions, time, cancellationToken);
        }
    });

    /// <summary>The hold was lifted: the shadow asks for nothing any more.</summary>
    public Task TakeBackAsync(DeviceIdentity identity, CancellationToken cancellationToken) => WithoutDelayAsync(identity.DeviceId, async () =>
    {
        if (ShadowOf(identity) is { } shadow)
        {
            await shadows.ClearAsync(identity.DeviceId, shadow.ShadowName, [Revoke, Disconnect], cancellationToken);
        }
    });

    // Both words are of the documented dialect; devices of the other one know none for it.
    private static DmsShadowConfig? ShadowOf(DeviceIdentity identity) =>
        identity.Settings is { Dialect: MetadataDialect.Documented, Shadow: { Enabled: true } shadow } ? shadow : null;

    private async Task WithoutDelayAsync(string subject, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (ConnectorException exception)
        {
            Log.Failed(logger, subject, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Ended the connection of device {DeviceId}", EventName = "disconnect_device")]
        public static partial void Disconnected(ILogger logger, string deviceId);

        [LoggerMessage(2, LogLevel.Warning, "What follows from the status of {Subject} failed; the status itself is set in AWS, which cuts connections within minutes")]
        public static partial void Failed(ILogger logger, string subject, Exception exception);
    }
}
