using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu.Models;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>DMSs and CA certificates as read a short while ago. Good enough to add something to AWS, not to change what is there.</summary>
internal sealed class LamassuMemory(LamassuClient lamassu, TimeProvider timeProvider, IOptions<ConnectorOptions> options)
{
    private readonly Remembered<Dms> dmss = new(timeProvider, options.Value.RememberLamassuFor);
    private readonly Remembered<IssuedCertificate> cas = new(timeProvider, options.Value.RememberLamassuFor);

    public Task<Dms> GetDmsAsync(string dmsId, CancellationToken cancellationToken) =>
        dmss.GetAsync(dmsId, cancellation => lamassu.GetDmsAsync(dmsId, cancellation), cancellationToken);

    public Task<Dms> GetDmsFreshlyAsync(string dmsId, CancellationToken cancellationToken)
    {
        ForgetDms(dmsId);
        return GetDmsAsync(dmsId, cancellationToken);
    }

    /// <summary>The next caller reads anew: the DMS was changed.</summary>
    public void ForgetDms(string dmsId) => dmss.Forget(dmsId);

    public Task<IssuedCertificate> GetCACertificateAsync(string caId, CancellationToken cancellationToken) => cas.GetAsync(
        caId,
        async cancellation =>
        {
            var ca = await lamassu.GetCAAsync(caId, cancellation);
            return IssuedCertificate.Read(ca.Certificate?.EncodedPem, $"CA {caId}");
        },
        cancellationToken);
}
