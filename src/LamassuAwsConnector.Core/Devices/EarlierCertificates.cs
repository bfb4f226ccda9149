using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>Retires the certificates that a device had before its current one: those of its own identity slot, and nothing else that its thing carries.</summary>
internal sealed partial class EarlierCertificates(IIoTCore iot, LamassuClient lamassu, IOptions<ConnectorOptions> options, ILogger<EarlierCertificates> logger)
{
    /// <summary>
    /// No earlier certificate can connect afterwards: REVOKED where Lamassu has revoked it, else INACTIVE (or REVOKED, as configured), then detached
    /// from the thing. Certificates that AWS does not know are passed over. Without a write when repeated.
    /// </summary>
    /// <returns>What was retired by this call.</returns>
    public async Task<IReadOnlyList<ResourceNote>> RetireAsync(string thingName, IReadOnlyList<string> serialNumbers, CancellationToken cancellationToken)
    {
        var certificates = await lamassu.ListCertificatesAsync([.. serialNumbers], cancellationToken);
        var principals = certificates.Count == 0 ? [] : await iot.ListThingPrincipalsAsync(thingName, cancellationToken);
        var retired = new List<ResourceNote>();
        foreach (var certificate in certificates)
        {
            var issued = IssuedCertificate.Read(certificate.EncodedPem, $"certificate {certificate.SerialNumber}");
            if (await iot.DescribeCertificateAsync(issued.AwsId, cancellationToken) is not { } inAws)
            {
                continue;
            }

            var status = LamassuStatus.ShutOut(certificate) ?? Default;
            var changed = await ShutOutAsync(inAws, status, cancellationToken);
            var isAttached = principals.Contains(inAws.CertificateArn, StringComparer.Ordinal);
            if (isAttached)
            {
                await iot.DetachThingPrincipalAsync(thingName, inAws.CertificateArn, cancellationToken);
            }

            if (changed || isAttached)
            {
                retired.Add(new ResourceNote("certificate", issued.AwsId, changed ? $"set {status} and detached" : "detached"));
                Log.Retired(logger, certificate.SerialNumber, thingName, changed ? status : inAws.Status);
            }
        }

        return retired;
    }

    private CertificateStatus Default => options.Value.EarlierCertificates == "revoke" ? CertificateStatus.REVOKED : CertificateStatus.INACTIVE;

    private async Task<bool> ShutOutAsync(CertificateDescription inAws, CertificateStatus status, CancellationToken cancellationToken)
    {
        // REVOKED is final in AWS, and stricter than any other.
        if (inAws.Status == status || inAws.Status == CertificateStatus.REVOKED)
        {
            return false;
        }

        await iot.UpdateCertificateAsync(inAws.CertificateId, status, cancellationToken);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Retired earlier certificate {SerialNumber} of thing {ThingName}: {Status}", EventName = "retire_certificate")]
        public static partial void Retired(ILogger logger, string serialNumber, string thingName, string status);
    }
}
