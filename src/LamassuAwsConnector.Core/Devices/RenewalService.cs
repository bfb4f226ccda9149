using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>Asks devices to renew their certificate before it ends.</summary>
public sealed class RenewalService
{
    private readonly LamassuClient lamassu;
    private readonly DeviceIdentities identities;
    private readonly DeviceShadowService shadows;

    internal RenewalService(LamassuClient lamassu, DeviceIdentities identities, DeviceShadowService shadows)
    {
        this.lamassu = lamassu;
        this.identities = identities;
        this.shadows = shadows;
    }

    /// <summary>
    /// Afterwards the shadow of the certificate's device asks for a renewal, in the word of the DMS's dialect, if the certificate is the device's current,
    /// active one and its DMS uses shadows.
    /// </summary>
    /// <param name="serialNumber">Of the certificate whose preventive time has come.</param>
    /// <param name="time">When it came.</param>
    /// <returns>null when nobody has to be asked.</returns>
    /// <exception cref="ConnectorException">What Lamassu and AWS answer.</exception>
    public async Task<RequestShadowActionsOutcome?> AskAsync(string serialNumber, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var certificate = await lamassu.GetCertificateAsync(serialNumber, cancellationToken);
        if (!LamassuStatus.Is(certificate.Status, LamassuStatus.Active)
            || await identities.FindAsync(certificate, cancellationToken) is not { IsCurrent: true, Settings: { Shadow.Enabled: true } settings } identity)
        {
            return null;
        }

        var action = settings.Dialect == MetadataDialect.Documented ? "rotate" : "UPDATE_CERTIFICATE";
        return await shadows.RequestAsync(new RequestShadowActions(identity.DeviceId, [action], time), cancellationToken);
    }
}
