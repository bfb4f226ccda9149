using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>
/// Carries over that a device was decommissioned or deleted in Lamassu: its certificates follow Lamassu, and nobody asks it for anything any more. Its
/// thing stays, with whatever else is attached to it.
/// </summary>
public sealed partial class DeviceEndOfLifeService
{
    // The classic shadow.
    private const string? NoName = null;

    private readonly LamassuClient lamassu;
    private readonly MetadataDialects dialects;
    private readonly CertificateStatusService certificateStatus;
    private readonly ThingShadows shadows;
    private readonly IIoTCore iot;
    private readonly TimeProvider timeProvider;
    private readonly ILogger<DeviceEndOfLifeService> logger;

    internal DeviceEndOfLifeService(
        LamassuClient lamassu,
        MetadataDialects dialects,
        CertificateStatusService certificateStatus,
        ThingShadows shadows,
        IIoTCore iot,
        TimeProvider timeProvider,
        ILogger<DeviceEndOfLifeService> logger)
    {
        this.lamassu = lamassu;
        this.dialects = dialects;
        this.certificateStatus = certificateStatus;
        this.shadows = shadows;
        this.iot = iot;
        this.timeProvider = timeProvider;
        this.logger = logger;
    }

    /// <summary>
    /// Afterwards every certificate that the decommissioned device ever had is in AWS what it is in Lamassu, and the shadow that its DMS uses asks for
    /// nothing. Without a write when repeated.
    /// </summary>
    /// <exception cref="ConnectorException">NotFound; what Lamassu and AWS answer.</exception>
    public async Task<EndDeviceOutcome> DecommissionAsync(string deviceId, CancellationToken cancellationToken)
    {
        var device = await lamassu.GetDeviceAsync(deviceId, cancellationToken);
        if (!LamassuStatus.Is(device.Status, LamassuStatus.Decommissioned))
        {
            return new EndDeviceOutcome.NotEnded($"Lamassu says that device {deviceId} is {device.Status}");
        }

        var changed = await FollowAsync(SerialNumbersOf(device), cancellationToken);
        var cleared = ThingNames.IsValid(deviceId) && await FindShadowAsync(device, cancellationToken) is { } shadow
            ? await shadows.ClearAsync(deviceId, shadow.ShadowName, actions: null, cancellationToken)
            : [];
        return Ended(deviceId, changed, cleared);
    }

    /// <summary>
    /// Afterwards every certificate that is attached to the deleted device's thing and that Lamassu knows is in AWS what it is in Lamassu, and no shadow
    /// that a DMS of this connector uses asks for anything. Other principals stay. Without a write when repeated.
    /// </summary>
    /// <exception cref="ConnectorException">What Lamassu and AWS answer.</exception>
    public async Task<EndDeviceOutcome> DeleteAsync(string deviceId, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(deviceId, cancellationToken))
        {
            return new EndDeviceOutcome.NotEnded($"Lamassu still has device {deviceId}");
        }

        if (!ThingNames.IsValid(deviceId) || await iot.DescribeThingAsync(deviceId, cancellationToken) is null)
        {
            return new EndDeviceOutcome.NoThing($"AWS has no thing {deviceId}");
        }

        var changed = await FollowAsync(await SerialNumbersOfThingAsync(deviceId, cancellationToken), cancellationToken);
        var cleared = new List<string>();
        foreach (var shadowName in await ShadowNamesAsync(cancellationToken))
        {
            cleared.AddRange(await shadows.ClearAsync(deviceId, shadowName, actions: null, cancellationToken));
        }

        return Ended(deviceId, changed, cleared);
    }

    private async Task<IReadOnlyList<string>> FollowAsync(IEnumerable<string> serialNumbers, CancellationToken cancellationToken)
    {
        var changed = new List<string>();
        foreach (var serialNumber in serialNumbers)
        {
            try
            {
                var command = new ApplyCertificateStatus(serialNumber) { Time = timeProvider.GetUtcNow() };
                if (await certificateStatus.ApplyAsync(command, cancellationToken) is ApplyCertificateStatusOutcome.Changed)
                {
                    changed.Add(serialNumber);
                }
            }
            catch (ConnectorException exception) when (exception.Kind == FailureKind.NotFound)
            {
                Log.UnknownCertificate(logger, serialNumber);
            }
        }

        return changed;
    }

    private static IEnumerable<string> SerialNumbersOf(Device device) => device.Identity is not { } slot ? []
        : slot.ActiveSerialNumber is { } active ? [active, .. slot.EarlierSerialNumbers]
        : slot.EarlierSerialNumbers;

    // Principals that are no certificates, or that AWS no longer knows, have no serial number.
    private async Task<IReadOnlyList<string>> SerialNumbersOfThingAsync(string thingName, CancellationToken cancellationToken)
    {
        var serialNumbers = new List<string>();
        foreach (var principal in await iot.ListThingPrincipalsAsync(thingName, cancellationToken))
        {
            if (principal.Split(":cert/") is [_, { Length: > 0 } id] && await iot.DescribeCertificateAsync(id, cancellationToken) is { CertificatePem: { } pem })
            {
                serialNumbers.Add(IssuedCertificate.Parse(pem, $"certificate {id} in AWS").SerialNumber);
            }
        }

        return serialNumbers;
    }

    private async Task<DmsShadowConfig?> FindShadowAsync(Device device, CancellationToken cancellationToken)
    {
        try
        {
            return device.DmsOwner is { Length: > 0 } dmsId ? ShadowOf(await lamassu.GetDmsAsync(dmsId, cancellationToken)) : null;
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }

    // Nobody knows any more which DMS the device had.
    private async Task<IEnumerable<string?>> ShadowNamesAsync(CancellationToken cancellationToken) =>
        (await lamassu.ListDmsAsync(cancellationToken)).Select(dms => ShadowOf(dms)?.ShadowName).Prepend(NoName).Distinct(StringComparer.Ordinal);

    private DmsShadowConfig? ShadowOf(Dms dms)
    {
        try
        {
            return dialects.Find(dms.Metadata, $"DMS {dms.Id}") is { } note && DmsAwsSettings.ReadShadow(note) is var shadow && ThingNames.IsValidShadow(shadow.ShadowName)
                ? shadow
                : null;
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.Invalid)
        {
            Log.SettingsUnreadable(logger, dms.Id, exception);
            return null;
        }
    }

    private async Task<bool> ExistsAsync(string deviceId, CancellationToken cancellationToken)
    {
        try
        {
            await lamassu.GetDeviceAsync(deviceId, cancellationToken);
            return true;
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return false;
        }
    }

    private EndDeviceOutcome.Ended Ended(string deviceId, IReadOnlyList<string> changed, IReadOnlyList<string> cleared)
    {
        if (changed.Count > 0 || cleared.Count > 0)
        {
            Log.Ended(logger, deviceId, changed.Count, string.Join(", ", cleared));
        }

        return new EndDeviceOutcome.Ended(changed, cleared);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Device {DeviceId} has ended in Lamassu: {Certificates} certificates follow in AWS, open actions taken back: {Actions}")]
        public static partial void Ended(ILogger logger, string deviceId, int certificates, string actions);

        [LoggerMessage(2, LogLevel.Warning, "Certificate {SerialNumber} of a device that has ended is not in Lamassu; in AWS it is left as it is")]
        public static partial void UnknownCertificate(ILogger logger, string serialNumber);

        [LoggerMessage(3, LogLevel.Warning, "The settings of DMS {DmsId} can't be read, so a shadow that it names is not looked at")]
        public static partial void SettingsUnreadable(ILogger logger, string dmsId, Exception exception);
    }
}
