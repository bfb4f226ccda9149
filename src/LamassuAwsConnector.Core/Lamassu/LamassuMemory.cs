using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu.Models;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>DMSs and CA certificates as read a short while ago. Good enough to add something to AWS, not to change what is there.</summary>
internal sealed class LamassuMemory(LamassuClient lamassu, TimeProvider timeProvider, IOptions<ConnectorOptions> options)
{
    private readonly Remembered<(Dms Dms, DateTimeOffset ReadAt)> dmss = new(timeProvider, options.Value.RememberLamassuFor);
    private readonly Remembered<IssuedCertificate> cas = new(timeProvider, options.Value.RememberLamassuFor);

    public async Task<Dms> GetDmsAsync(string dmsId, CancellationToken cancellationToken) => (await ReadDmsAsync(dmsId, cancellationToken)).Dms;

    public Task<Dms> GetDmsFreshlyAsync(string dmsId, CancellationToken cancellationToken)
    {
        ForgetDms(dmsId);
        return GetDmsAsync(dmsId, cancellationToken);
    }

    /// <param name="asOf">The DMS is as it was at this time or later; null: as remembered. Another replica may have seen it change.</param>
    public async Task<Dms> GetDmsAsync(string dmsId, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        var (dms, readAt) = await ReadDmsAsync(dmsId, cancellationToken);
        return readAt >= (asOf ?? readAt) ? dms : await GetDmsFreshlyAsync(dmsId, cancellationToken);
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

    private Task<(Dms Dms, DateTimeOffset ReadAt)> ReadDmsAsync(string dmsId, CancellationToken cancellationToken) => dmss.GetAsync(
        dmsId,
        async cancellation =>
        {
            var readAt = timeProvider.GetUtcNow();
            return (await lamassu.GetDmsAsync(dmsId, cancellation), readAt);
        },
        cancellationToken);
}
