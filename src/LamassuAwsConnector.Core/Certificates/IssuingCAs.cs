using Amazon.IoT;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Lamassu;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Certificate = LamassuAwsConnector.Core.Lamassu.Models.Certificate;

namespace LamassuAwsConnector.Core.Certificates;

/// <summary>The CAs that issue device certificates, as AWS knows them.</summary>
internal sealed partial class IssuingCAs(
    IIoTCore iot, LamassuMemory memory, TimeProvider timeProvider, IOptions<ConnectorOptions> options, ILogger<IssuingCAs> logger)
{
    // Lamassu's word for an issuer that it does not know.
    private const string Unknown = "-";

    private readonly Remembered<bool> registered = new(timeProvider, options.Value.RememberLamassuFor);

    /// <summary>Whether the CA that issued the certificate is registered in this account and region.</summary>
    public async Task<bool> IsRegisteredAsync(Certificate certificate, CancellationToken cancellationToken)
    {
        if (await FindAsync(certificate, cancellationToken) is not { } ca)
        {
            return false;
        }

        var isRegistered = await registered.GetAsync(
            ca.AwsId, async cancellation => await iot.DescribeCACertificateAsync(ca.AwsId, cancellation) is not null, cancellationToken);
        if (!isRegistered)
        {
            // It may be registered at any moment, and a "no" that is remembered would let a revoked device in.
            registered.Forget(ca.AwsId);
        }

        return isRegistered;
    }

    /// <summary>
    /// A tombstone: AWS checks no revocation list, so a certificate that it has not seen yet, of a CA that lets devices in by itself, is registered as
    /// shut out before its device comes.
    /// </summary>
    /// <returns>false when the CA lets nobody in by itself, so that nothing had to be done.</returns>
    public async Task<bool> RegisterShutOutAsync(Certificate certificate, CertificateStatus status, CancellationToken cancellationToken)
    {
        if (await FindAsync(certificate, cancellationToken) is not { } ca
            || await iot.DescribeCACertificateAsync(ca.AwsId, cancellationToken) is not { } inAws
            || inAws.Status != CACertificateStatus.ACTIVE
            || inAws.AutoRegistrationStatus != AutoRegistrationStatus.ENABLE)
        {
            return false;
        }

        var issued = IssuedCertificate.Read(certificate.EncodedPem, $"certificate {certificate.SerialNumber}");
        try
        {
            await iot.RegisterCertificateAsync(issued.Pem, ca.Pem, status, cancellationToken);
        }
        catch (ConnectorException exception) when (exception.Code == AwsErrorCodes.ResourceAlreadyExists)
        {
            // The device came in between; now there is something to change.
            await iot.UpdateCertificateAsync(issued.AwsId, status, cancellationToken);
        }

        Log.Tombstone(logger, certificate.SerialNumber, issued.AwsId, status);
        return true;
    }

    private async Task<IssuedCertificate?> FindAsync(Certificate certificate, CancellationToken cancellationToken)
    {
        if (certificate.IssuerMetadata?.Id is not { Length: > 0 } caId || caId == Unknown)
        {
            return null;
        }

        try
        {
            return await memory.GetCACertificateAsync(caId, cancellationToken);
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Registered certificate {SerialNumber} ({CertificateId}) in AWS as {Status} before its device could come", EventName = "register_certificate")]
        public static partial void Tombstone(ILogger logger, string serialNumber, string certificateId, string status);
    }
}
