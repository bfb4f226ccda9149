using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>A certificate as the identity of a device.</summary>
/// <param name="Settings">null when the device's DMS has none for this connector, or none that can be used.</param>
/// <param name="IsCurrent">The active version of the device's slot names the certificate; the slot's own status does not count, as it follows late.</param>
/// <param name="MayConnect">It is the current identity, or an earlier one that the DMS keeps.</param>
internal sealed record DeviceIdentity(string DeviceId, Device Device, DmsAwsSettings? Settings, bool IsCurrent, bool MayConnect)
{
    public RegistrationMode Mode => Settings?.Mode ?? RegistrationMode.None;
}

/// <summary>Finds the device that a certificate belongs to.</summary>
internal sealed class DeviceIdentities(LamassuClient lamassu, LamassuMemory memory, MetadataDialects dialects)
{
    /// <returns>null when there is no such device: only the certificate is handled then.</returns>
    public async Task<DeviceIdentity?> FindAsync(Certificate certificate, CancellationToken cancellationToken)
    {
        if (certificate.DeviceId is not { Length: > 0 } deviceId || await FindDeviceAsync(deviceId, cancellationToken) is not { } device)
        {
            return null;
        }

        var dms = await FindDmsAsync(device.DmsOwner, cancellationToken);
        var isCurrent = SerialNumbers.AreSame(device.Identity?.ActiveSerialNumber, certificate.SerialNumber)
            && !LamassuStatus.Is(device.Status, LamassuStatus.Decommissioned);
        var isKept = dms?.Settings?.Reenrollment?.RevokeOnReenrollment == false
            && device.Identity?.EarlierSerialNumbers.Any(serial => SerialNumbers.AreSame(serial, certificate.SerialNumber)) == true;
        return new DeviceIdentity(device.Id, device, SettingsOf(dms), isCurrent, isCurrent || isKept);
    }

    private DmsAwsSettings? SettingsOf(Dms? dms) =>
        dms is not null && dialects.Find(dms.Metadata, $"DMS {dms.Id}") is { } note ? DmsAwsSettings.Read(note, dms.Id) : null;

    private async Task<Device?> FindDeviceAsync(string deviceId, CancellationToken cancellationToken)
    {
        try
        {
            return await lamassu.GetDeviceAsync(deviceId, cancellationToken);
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }

    private async Task<Dms?> FindDmsAsync(string? dmsId, CancellationToken cancellationToken)
    {
        try
        {
            return dmsId is { Length: > 0 } ? await memory.GetDmsAsync(dmsId, cancellationToken) : null;
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }
}
