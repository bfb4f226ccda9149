using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using CACertificate = LamassuAwsConnector.Core.Lamassu.Models.CACertificate;
using Certificate = LamassuAwsConnector.Core.Lamassu.Models.Certificate;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>
/// Carries the status of CAs from Lamassu to AWS, where a CA certificate is ACTIVE or INACTIVE. The devices that a CA brought are handled by the events of
/// their own certificates. Nothing is ever deleted.
/// </summary>
public sealed class CAStatusService
{
    // A status that changes while it is carried over is looked at again, this often; then the message is delivered again.
    private const int MaxRounds = 4;

    // Lamassu's word for an issuer that it does not know.
    private const string UnknownIssuer = "-";

    private readonly LamassuClient lamassu;
    private readonly CAActivation activation;
    private readonly IIoTCore iot;

    internal CAStatusService(LamassuClient lamassu, CAActivation activation, IIoTCore iot)
    {
        this.lamassu = lamassu;
        this.activation = activation;
        this.iot = iot;
    }

    /// <summary>
    /// Afterwards a CA that Lamassu has revoked or expired is INACTIVE in AWS, without auto-registration, and one that is active again is ACTIVE if we
    /// deactivated it; its metadata tells that. An INACTIVE that others set stays. Without a write when repeated.
    /// </summary>
    /// <exception cref="ConnectorException">Any kind; a revocation has to be tried until it is done.</exception>
    public async Task<ApplyCertificateStatusOutcome> ApplyAsync(string caId, CancellationToken cancellationToken) =>
        await ApplyAsync(await lamassu.GetCAAsync(caId, cancellationToken), cancellationToken);

    /// <summary>
    /// The same for a CA's certificate: that of a CA, or a former one of a reissued CA, which is INACTIVE afterwards if Lamassu has revoked or expired it,
    /// and is never activated again.
    /// </summary>
    /// <exception cref="ConnectorException">Any kind; a revocation has to be tried until it is done.</exception>
    internal async Task<ApplyCertificateStatusOutcome> ApplyToAsync(Certificate certificate, CancellationToken cancellationToken)
    {
        var issued = IssuedCertificate.Read(certificate.EncodedPem, $"certificate {certificate.SerialNumber}");
        if (await iot.DescribeCARegistrationAsync(issued.AwsId, cancellationToken) is not { } found)
        {
            return NotRegistered($"CA certificate {certificate.SerialNumber}");
        }

        if (await FindCAOfAsync(certificate, found.CertificateDescription.CertificateArn, cancellationToken) is { } ca)
        {
            return await ApplyAsync(ca, cancellationToken);
        }

        return LamassuStatus.ShutOut(certificate) is null
            ? new ApplyCertificateStatusOutcome.Unchanged($"a former CA certificate that is {certificate.Status} is left as it is")
            : await activation.DeactivateAsync($"certificate {certificate.SerialNumber}", ca: null, found, cancellationToken);
    }

    /// <summary>Afterwards the CA certificate is INACTIVE, if it is registered here; for one that Lamassu says nothing about any more.</summary>
    internal async Task<ApplyCertificateStatusOutcome> ShutOutAsync(IssuedCertificate certificate, CancellationToken cancellationToken) =>
        await iot.DescribeCARegistrationAsync(certificate.AwsId, cancellationToken) is { } found
            ? await activation.DeactivateAsync($"certificate {certificate.SerialNumber}", ca: null, found, cancellationToken)
            : NotRegistered($"CA certificate {certificate.SerialNumber}");

    /// <summary>
    /// Afterwards every certificate of a CA that is gone from Lamassu is INACTIVE in AWS, without auto-registration. They are found by the tag that the
    /// registration wrote. Nothing happens while Lamassu has a CA of that id. Without a write when repeated.
    /// </summary>
    /// <exception cref="ConnectorException">What Lamassu and AWS answer.</exception>
    public async Task<ApplyCertificateStatusOutcome> RetireAsync(string caId, CancellationToken cancellationToken)
    {
        if (await FindCAAsync(caId, cancellationToken) is not null)
        {
            return new ApplyCertificateStatusOutcome.Unchanged($"Lamassu still has CA {caId}");
        }

        ApplyCertificateStatusOutcome outcome = NotRegistered($"CA {caId}");
        foreach (var ca in await iot.ListCACertificatesAsync(cancellationToken))
        {
            var tags = await iot.ListTagsForResourceAsync(ca.CertificateArn, cancellationToken);
            if (CATags.Name(tags, caId)
                && await IsOfLamassuAsync(ca.CertificateId, CATags.SerialNumberOf(tags), cancellationToken)
                && await iot.DescribeCARegistrationAsync(ca.CertificateId, cancellationToken) is { } found)
            {
                var applied = await activation.DeactivateAsync(caId, ca: null, found, cancellationToken);
                outcome = outcome is ApplyCertificateStatusOutcome.Changed ? outcome : applied;
            }
        }

        return outcome;
    }

    private async Task<ApplyCertificateStatusOutcome> ApplyAsync(CACertificate ca, CancellationToken cancellationToken)
    {
        ApplyCertificateStatusOutcome? outcome = null;
        for (var round = 0; round < MaxRounds; round++)
        {
            var applied = await ApplyOnceAsync(ca, cancellationToken);
            outcome = outcome is ApplyCertificateStatusOutcome.Changed && applied is not ApplyCertificateStatusOutcome.Changed ? outcome : applied;
            if (outcome is ApplyCertificateStatusOutcome.NotOurs)
            {
                return outcome;
            }

            var again = await lamassu.GetCAAsync(ca.Id, cancellationToken);
            if (again.Certificate?.Status == ca.Certificate?.Status && again.Certificate?.SerialNumber == ca.Certificate?.SerialNumber)
            {
                return outcome;
            }

            ca = again;
        }

        throw new ConnectorException(FailureKind.Unavailable, "ca_status_changing", FailureSource.Lamassu, $"The status of CA {ca.Id} keeps changing in Lamassu.");
    }

    private async Task<ApplyCertificateStatusOutcome> ApplyOnceAsync(CACertificate ca, CancellationToken cancellationToken)
    {
        // Observe
        var issued = IssuedCertificate.Read(ca.Certificate?.EncodedPem, $"CA {ca.Id}");
        if (await iot.DescribeCARegistrationAsync(issued.AwsId, cancellationToken) is not { } found)
        {
            return NotRegistered($"CA {ca.Id}");
        }

        // Act
        var status = ca.Certificate?.Status;
        return LamassuStatus.ShutOut(status, ca.Certificate?.RevocationReason) is not null ? await activation.DeactivateAsync(ca.Id, ca, found, cancellationToken)
            : LamassuStatus.Is(status, LamassuStatus.Active) ? await activation.ActivateAsync(ca, found, cancellationToken)
            : new ApplyCertificateStatusOutcome.Unchanged($"status {status} orders nothing");
    }

    /// <summary>The CA whose present certificate this is; null for a former one. A root is its own issuer; of others AWS has the id in a tag.</summary>
    private async Task<CACertificate?> FindCAOfAsync(Certificate certificate, string arn, CancellationToken cancellationToken)
    {
        if (await FindCAAsync(certificate.IssuerMetadata?.Id, cancellationToken) is { } issuer && IsPresent(issuer))
        {
            return issuer;
        }

        var tags = await iot.ListTagsForResourceAsync(arn, cancellationToken);
        return await FindCAAsync(CATags.CAIdOf(tags), cancellationToken) is { } tagged && IsPresent(tagged) ? tagged : null;

        bool IsPresent(CACertificate ca) => SerialNumbers.AreSame(ca.Certificate?.SerialNumber, certificate.SerialNumber);
    }

    private async Task<CACertificate?> FindCAAsync(string? caId, CancellationToken cancellationToken)
    {
        if (caId is not { Length: > 0 } || caId == UnknownIssuer)
        {
            return null;
        }

        try
        {
            return await lamassu.GetCAAsync(caId, cancellationToken);
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }

    // Anybody can write a tag: what Lamassu has under the serial number must be this certificate. It may have gone with its CA.
    private async Task<bool> IsOfLamassuAsync(string certificateId, string? serialNumber, CancellationToken cancellationToken)
    {
        try
        {
            return serialNumber is not { Length: > 0 }
                || IssuedCertificate.Read(
                    (await lamassu.GetCertificateAsync(serialNumber, cancellationToken)).EncodedPem, $"certificate {serialNumber}").AwsId == certificateId;
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return true;
        }
    }

    private static ApplyCertificateStatusOutcome.NotOurs NotRegistered(string subject) => new($"{subject} is not registered in this AWS account and region");
}
