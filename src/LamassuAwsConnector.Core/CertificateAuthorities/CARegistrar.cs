using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using Microsoft.Extensions.Logging;
using CACertificate = LamassuAwsConnector.Core.Lamassu.Models.CACertificate;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>How a CA is registered.</summary>
/// <param name="PrimaryAccount">By verification certificate, in mode DEFAULT; else by SNI only.</param>
internal sealed record CARegistrationTerms(bool PrimaryAccount)
{
    public CACertificateStatus Status { get; init; } = CACertificateStatus.ACTIVE;

    /// <summary>Whether AWS takes in devices of the CA by itself when they connect; off unless a template says what becomes of them.</summary>
    public bool AutoRegistration { get; init; }

    public RegistrationConfig? Template { get; init; }
}

/// <summary>The registration of a CA in AWS itself: nothing is asked of the CA's metadata, and nothing noted there.</summary>
internal sealed partial class CARegistrar(
    VerificationCertificates verificationCertificates, IIoTCore iot, TimeProvider timeProvider, ILogger<CARegistrar> logger)
{
    /// <summary>Afterwards the CA is registered in the mode of the terms. One that is there already is left as it is; the other terms are for a new one.</summary>
    /// <exception cref="ConnectorException">Conflict when a person has to act, with what to do; what AWS and Lamassu answer.</exception>
    public async Task<(CARegistration Registration, bool IsNew)> EnsureAsync(CACertificate ca, CARegistrationTerms terms, CancellationToken cancellationToken)
    {
        var certificate = IssuedCertificate.Read(ca.Certificate?.EncodedPem, $"CA {ca.Id}");
        if (await iot.DescribeCACertificateAsync(certificate.AwsId, cancellationToken) is { } present)
        {
            return (await AsRegisteredAsync(ca.Id, terms.PrimaryAccount, present, cancellationToken), IsNew: false);
        }

        // Act
        ThrowIfNotRegistrable(ca, certificate, terms.PrimaryAccount);
        try
        {
            var response = terms.PrimaryAccount
                ? await RegisterAsPrimaryAsync(ca, certificate, terms, cancellationToken)
                : await iot.RegisterCACertificateAsync(Request(ca, certificate, terms, verificationCertificate: null), cancellationToken);
            Log.Registered(logger, ca.Id, Mode(terms.PrimaryAccount).Value, response.CertificateId);
            return (await RegistrationAsync(ca.Id, terms.PrimaryAccount, response.CertificateArn, terms.Status, cancellationToken), IsNew: true);
        }
        catch (ConnectorException failure) when (failure.Code == AwsErrorCodes.ResourceAlreadyExists)
        {
            return await iot.DescribeCACertificateAsync(certificate.AwsId, cancellationToken) is { } registered
                ? (await AsRegisteredAsync(ca.Id, terms.PrimaryAccount, registered, cancellationToken), IsNew: false)
                : throw CARegistrationFailures.RegisteredElsewhere(ca.Id, failure);
        }
        catch (ConnectorException failure) when (failure.FailureSource == FailureSource.Aws)
        {
            throw CARegistrationFailures.Explain(ca.Id, certificate, terms.PrimaryAccount, failure);
        }
        catch (ConnectorException failure) when (failure.Code == LamassuErrors.KeyNotFound)
        {
            throw CARegistrationFailures.CanNotSign(ca.Id, failure);
        }
    }

    /// <summary>A CA that is in AWS, as it is there.</summary>
    public Task<CARegistration> DescribeAsync(string caId, CACertificateDescription present, CancellationToken cancellationToken) =>
        RegistrationAsync(caId, ModeOf(present) == CertificateMode.DEFAULT, present.CertificateArn, present.Status, cancellationToken);

    /// <summary>AWS gives no mode for CAs that were registered before there were modes.</summary>
    public static CertificateMode ModeOf(CACertificateDescription present) => present.CertificateMode ?? CertificateMode.DEFAULT;

    private async Task<RegisterCACertificateResponse> RegisterAsPrimaryAsync(
        CACertificate ca, IssuedCertificate certificate, CARegistrationTerms terms, CancellationToken cancellationToken)
    {
        var registrationCode = await iot.GetRegistrationCodeAsync(cancellationToken);
        return await verificationCertificates.UseAsync(
            ca.Id,
            registrationCode,
            verificationCertificate => iot.RegisterCACertificateAsync(Request(ca, certificate, terms, verificationCertificate), cancellationToken),
            cancellationToken);
    }

    private static RegisterCACertificateRequest Request(
        CACertificate ca, IssuedCertificate certificate, CARegistrationTerms terms, string? verificationCertificate) => new()
        {
            CaCertificate = certificate.Pem,
            VerificationCertificate = verificationCertificate,
            CertificateMode = Mode(terms.PrimaryAccount),
            SetAsActive = terms.Status == CACertificateStatus.ACTIVE,
            AllowAutoRegistration = terms.AutoRegistration,
            RegistrationConfig = terms.Template,
            Tags = CATags.Of(ca, certificate),
        };

    private static CertificateMode Mode(bool primaryAccount) => primaryAccount ? CertificateMode.DEFAULT : CertificateMode.SNI_ONLY;

    private void ThrowIfNotRegistrable(CACertificate ca, IssuedCertificate certificate, bool primaryAccount)
    {
        var status = ca.Certificate?.Status;
        if (LamassuStatus.Is(status, LamassuStatus.Revoked) || LamassuStatus.Is(status, LamassuStatus.Expired))
        {
            throw CARegistrationFailures.NotUsable(ca.Id, $"is {status} in Lamassu");
        }

        if (certificate.NotAfter <= timeProvider.GetUtcNow())
        {
            throw CARegistrationFailures.NotUsable(ca.Id, $"expired at {certificate.NotAfter:u}");
        }

        if (!certificate.IsCA)
        {
            throw CARegistrationFailures.NotUsable(ca.Id, "has no CA certificate (basic constraints)");
        }

        if (primaryAccount && ca.Certificate?.Type == "IMPORTED_WITHOUT_KEY")
        {
            throw CARegistrationFailures.CanNotSign(ca.Id, cause: null);
        }
    }

    private async Task<CARegistration> AsRegisteredAsync(string caId, bool primaryAccount, CACertificateDescription present, CancellationToken cancellationToken)
    {
        var mode = ModeOf(present);
        if (mode != Mode(primaryAccount))
        {
            throw CARegistrationFailures.OtherMode(caId, mode.Value, Mode(primaryAccount).Value);
        }

        if (present.Status != CACertificateStatus.ACTIVE)
        {
            Log.LeftInactive(logger, caId, present.CertificateId);
        }

        return await RegistrationAsync(caId, primaryAccount, present.CertificateArn, present.Status, cancellationToken);
    }

    private async Task<CARegistration> RegistrationAsync(
        string caId, bool primaryAccount, string arn, CACertificateStatus status, CancellationToken cancellationToken)
    {
        // arn:<partition>:iot:<region>:<account>:cacert/<id>
        var parts = arn.Split(':', '/');
        if (parts.Length != 7)
        {
            throw new ConnectorException(FailureKind.Unexpected, "ca_arn_unreadable", FailureSource.Aws, $"AWS gave CA {caId} an ARN that can't be read.");
        }

        var endpoint = await iot.DescribeEndpointAsync(cancellationToken);
        return new CARegistration(caId, parts[4], parts[3], arn, parts[6], endpoint, Mode(primaryAccount).Value, primaryAccount, status.Value);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Registered CA {CAId} in AWS in mode {CertificateMode} as {CertificateId}", EventName = "register_ca")]
        public static partial void Registered(ILogger logger, string caId, string certificateMode, string certificateId);

        [LoggerMessage(2, LogLevel.Warning, "CA {CAId} is registered in AWS as {CertificateId} and INACTIVE, set so by someone; it is left so")]
        public static partial void LeftInactive(ILogger logger, string caId, string certificateId);
    }
}
