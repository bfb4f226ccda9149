using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;
using CACertificate = LamassuAwsConnector.Core.Lamassu.Models.CACertificate;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>Registers Lamassu CAs in this AWS account and region.</summary>
public sealed partial class CARegistrationService
{
    private readonly LamassuClient lamassu;
    private readonly MetadataDialects dialects;
    private readonly CARegistrationNotes notes;
    private readonly VerificationCertificates verificationCertificates;
    private readonly IIoTCore iot;
    private readonly TimeProvider timeProvider;
    private readonly ILogger<CARegistrationService> logger;

    internal CARegistrationService(
        LamassuClient lamassu,
        MetadataDialects dialects,
        CARegistrationNotes notes,
        VerificationCertificates verificationCertificates,
        IIoTCore iot,
        TimeProvider timeProvider,
        ILogger<CARegistrationService> logger)
    {
        this.lamassu = lamassu;
        this.dialects = dialects;
        this.notes = notes;
        this.verificationCertificates = verificationCertificates;
        this.iot = iot;
        this.timeProvider = timeProvider;
        this.logger = logger;
    }

    /// <summary>
    /// Afterwards the CA is registered and active in AWS, or its metadata says why not. A CA that is there already, in the mode that is asked for, is
    /// left as it is. Auto-registration stays off: devices come by the connector, or by a template that is attached later.
    /// </summary>
    /// <exception cref="ConnectorException">
    /// <see cref="FailureKind.NotFound"/>; <see cref="FailureKind.Unavailable"/>, <see cref="FailureKind.Throttled"/>, <see cref="FailureKind.Denied"/>
    /// and <see cref="FailureKind.Unexpected"/>, with the reason in the metadata of a CA that asks for its registration there.
    /// </exception>
    public async Task<RegisterCAOutcome> RegisterAsync(RegisterCA command, CancellationToken cancellationToken)
    {
        // Observe
        var ca = await lamassu.GetCAAsync(command.CAId, cancellationToken);
        var note = dialects.Find(ca.Metadata, $"CA {ca.Id}");
        if (note?.HasBothKeys == true)
        {
            Log.BothKeys(logger, ca.Id, note.Key);
        }

        var isRequested = CARegistrationNotes.IsRequested(note);
        if (command.PrimaryAccount is null && !isRequested)
        {
            return new RegisterCAOutcome.NotRequested($"CA {ca.Id} does not ask connector for its registration");
        }

        var primaryAccount = command.PrimaryAccount ?? CARegistrationNotes.AsksForPrimaryAccount(note);
        try
        {
            var (registration, isNew) = await EnsureRegisteredAsync(ca, primaryAccount, cancellationToken);

            // Record
            await notes.RecordSuccessAsync(ca.Id, note, registration, cancellationToken);
            return isNew ? new RegisterCAOutcome.Registered(registration) : new RegisterCAOutcome.AlreadyRegistered(registration);
        }
        catch (ConnectorException failure) when (failure.Kind is FailureKind.Invalid or FailureKind.Conflict)
        {
            await RecordFailureAsync(ca.Id, note, primaryAccount, isFinal: true, failure, cancellationToken);
            Log.Failed(logger, ca.Id, failure.Code, failure.RequestId, failure);
            return new RegisterCAOutcome.Failed(failure);
        }
        catch (ConnectorException failure) when (isRequested && failure.Kind is not FailureKind.NotFound)
        {
            await RecordFailureAsync(ca.Id, note, primaryAccount, isFinal: false, failure, cancellationToken);
            throw;
        }
    }

    private async Task<(CARegistration Registration, bool IsNew)> EnsureRegisteredAsync(CACertificate ca, bool primaryAccount, CancellationToken cancellationToken)
    {
        var certificate = IssuedCertificate.Read(ca.Certificate?.EncodedPem, $"CA {ca.Id}");
        if (await iot.DescribeCACertificateAsync(certificate.AwsId, cancellationToken) is { } present)
        {
            return (await AsRegisteredAsync(ca.Id, primaryAccount, present, cancellationToken), IsNew: false);
        }

        // Act
        ThrowIfNotRegistrable(ca, certificate, primaryAccount);
        try
        {
            var response = primaryAccount
                ? await RegisterAsPrimaryAsync(ca, certificate, cancellationToken)
                : await iot.RegisterCACertificateAsync(Request(ca, certificate, verificationCertificate: null), cancellationToken);
            Log.Registered(logger, ca.Id, Mode(primaryAccount).Value, response.CertificateId);
            return (await RegistrationAsync(ca.Id, primaryAccount, response.CertificateArn, CACertificateStatus.ACTIVE, cancellationToken), IsNew: true);
        }
        catch (ConnectorException failure) when (failure.Code == AwsErrorCodes.ResourceAlreadyExists)
        {
            return await iot.DescribeCACertificateAsync(certificate.AwsId, cancellationToken) is { } registered
                ? (await AsRegisteredAsync(ca.Id, primaryAccount, registered, cancellationToken), IsNew: false)
                : throw CARegistrationFailures.RegisteredElsewhere(ca.Id, failure);
        }
        catch (ConnectorException failure) when (failure.FailureSource == FailureSource.Aws)
        {
            throw CARegistrationFailures.Explain(ca.Id, certificate, primaryAccount, failure);
        }
        catch (ConnectorException failure) when (failure.Code == LamassuErrors.KeyNotFound)
        {
            throw CARegistrationFailures.CanNotSign(ca.Id, failure);
        }
    }

    private async Task<RegisterCACertificateResponse> RegisterAsPrimaryAsync(CACertificate ca, IssuedCertificate certificate, CancellationToken cancellationToken)
    {
        var registrationCode = await iot.GetRegistrationCodeAsync(cancellationToken);
        return await verificationCertificates.UseAsync(
            ca.Id,
            registrationCode,
            verificationCertificate => iot.RegisterCACertificateAsync(Request(ca, certificate, verificationCertificate), cancellationToken),
            cancellationToken);
    }

    private static RegisterCACertificateRequest Request(CACertificate ca, IssuedCertificate certificate, string? verificationCertificate) => new()
    {
        CaCertificate = certificate.Pem,
        VerificationCertificate = verificationCertificate,
        CertificateMode = Mode(verificationCertificate is not null),
        SetAsActive = true,
        AllowAutoRegistration = false,
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
        // AWS gives no mode for CAs that were registered before there were modes.
        var mode = present.CertificateMode ?? CertificateMode.DEFAULT;
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

    private async Task RecordFailureAsync(
        string caId, ConnectorMetadata? note, bool primaryAccount, bool isFinal, ConnectorException failure, CancellationToken cancellationToken)
    {
        try
        {
            await notes.RecordFailureAsync(caId, note, primaryAccount, isFinal, failure.Message, cancellationToken);
        }
        catch (ConnectorException exception)
        {
            Log.FailureNotRecorded(logger, caId, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Registered CA {CAId} in AWS in mode {CertificateMode} as {CertificateId}")]
        public static partial void Registered(ILogger logger, string caId, string certificateMode, string certificateId);

        [LoggerMessage(2, LogLevel.Warning, "CA {CAId} is registered in AWS as {CertificateId} and INACTIVE, set so by someone; it is left so")]
        public static partial void LeftInactive(ILogger logger, string caId, string certificateId);

        [LoggerMessage(3, LogLevel.Error, "CA {CAId} can't be registered in AWS ({Code}, AWS request id {RequestId})")]
        public static partial void Failed(ILogger logger, string caId, string code, string? requestId, Exception exception);

        [LoggerMessage(4, LogLevel.Error, "The failed registration of CA {CAId} could not be noted in Lamassu")]
        public static partial void FailureNotRecorded(ILogger logger, string caId, Exception exception);

        [LoggerMessage(5, LogLevel.Warning, "CA {CAId} carries this connector's data under both keys; {Key} counts")]
        public static partial void BothKeys(ILogger logger, string caId, string key);
    }
}
