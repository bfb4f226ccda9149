using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>Asks devices to fetch the CAs anew that they are to trust.</summary>
public sealed class TrustAnchorService
{
    // The dashboard's word; the published documentation has none of its own.
    private const string Action = "UPDATE_TRUST_ANCHOR_LIST";

    private readonly LamassuClient lamassu;
    private readonly DeviceShadowService shadows;

    internal TrustAnchorService(LamassuClient lamassu, DeviceShadowService shadows)
    {
        this.lamassu = lamassu;
        this.shadows = shadows;
    }

    /// <summary>
    /// Afterwards the device's shadow asks it to, if the device has a current identity that can connect and its DMS uses shadows. Repeated with the same
    /// time, nothing is written.
    /// </summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="time">When the CAs changed.</param>
    /// <param name="dmsAsOf">The DMS has to be read at this time or later.</param>
    /// <returns>null when the device has no usable identity.</returns>
    /// <exception cref="ConnectorException">NotFound for a device that Lamassu does not know; and what Lamassu and AWS answer.</exception>
    public async Task<RequestShadowActionsOutcome?> AskAsync(string deviceId, DateTimeOffset time, DateTimeOffset dmsAsOf, CancellationToken cancellationToken)
    {
        var device = await lamassu.GetDeviceAsync(deviceId, cancellationToken);
        if (device.Identity?.ActiveSerialNumber is not { } serialNumber
            || LamassuStatus.Is(device.Status, LamassuStatus.Decommissioned)
            || !LamassuStatus.Is((await lamassu.GetCertificateAsync(serialNumber, cancellationToken)).Status, LamassuStatus.Active))
        {
            return null;
        }

        return await shadows.RequestAsync(device, new RequestShadowActions(deviceId, [Action], time) { DmsAsOf = dmsAsOf }, cancellationToken);
    }
}
