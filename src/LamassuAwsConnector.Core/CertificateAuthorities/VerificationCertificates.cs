using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>Certificates that prove to AWS that we may use a CA's key: issued by the CA for AWS's registration code, needed once, then revoked.</summary>
internal sealed partial class VerificationCertificates(LamassuClient lamassu, ILogger<VerificationCertificates> logger)
{
    // https://docs.aws.amazon.com/iot/latest/developerguide/register-CA-cert.html shows RSA keys of this size for verification certificates.
    private const int KeySize = 2048;

    // The CA's own default profile may replace the subject; a day is Lamassu's smallest round unit, and we revoke it within seconds.
    private static readonly SigningProfile Profile = new(new SigningValidity("Duration", "1d"), HonorSubject: true, ["DigitalSignature"]);

    /// <summary>Issues a verification certificate, hands its PEM to <paramref name="use"/>, and revokes it whatever came of that.</summary>
    public async Task<TResult> UseAsync<TResult>(string caId, string registrationCode, Func<string, Task<TResult>> use, CancellationToken cancellationToken)
    {
        var certificate = await IssueAsync(caId, registrationCode, cancellationToken);
        try
        {
            return await use(IssuedCertificate.Read(certificate.EncodedPem, $"CA {caId}'s verification").Pem);
        }
        finally
        {
            await RevokeAsync(caId, certificate.SerialNumber, cancellationToken);
        }
    }

    private async Task<Certificate> IssueAsync(string caId, string registrationCode, CancellationToken cancellationToken)
    {
        using var key = RSA.Create(KeySize);
        var csr = new CertificateRequest($"CN={registrationCode}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();
        return await lamassu.SignCertificateAsync(
            caId, new SignCertificateRequest(Convert.ToBase64String(Encoding.UTF8.GetBytes(csr)), Profile), cancellationToken);
    }

    // A leftover can't connect anywhere: AWS doesn't know it, and it ends within a day. So a failure here is said, and doesn't undo a registration.
    private async Task RevokeAsync(string caId, string serialNumber, CancellationToken cancellationToken)
    {
        try
        {
            await lamassu.RevokeCertificateAsync(serialNumber, "CessationOfOperation", cancellationToken);
        }
        catch (ConnectorException exception)
        {
            Log.NotRevoked(logger, serialNumber, caId, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Verification certificate {SerialNumber} of CA {CAId} could not be revoked in Lamassu; it ends by itself within a day")]
        public static partial void NotRevoked(ILogger logger, string serialNumber, string caId, Exception exception);
    }
}
