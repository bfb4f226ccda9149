using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.CertificateAuthorities;
using LamassuAwsConnector.Core.Devices;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;
using Certificate = LamassuAwsConnector.Core.Lamassu.Models.Certificate;

namespace LamassuAwsConnector.Core.Certificates;

/// <summary>Carries the status of certificates from Lamassu to AWS: what is shut out in Lamassu is shut out there.</summary>
public sealed partial class CertificateStatusService
{
    // A status that changes while it is carried over is looked at again, this often; then the message is delivered again.
    private const int MaxRounds = 4;

    private readonly LamassuClient lamassu;
    private readonly MetadataDialects dialects;
    private readonly CAStatusService caStatus;
    private readonly IssuingCAs issuingCAs;
    private readonly DeviceIdentities identities;
    private readonly DeviceShutOut deviceShutOut;
    private readonly ThingRegistrationService thingRegistration;
    private readonly IIoTCore iot;
    private readonly ILogger<CertificateStatusService> logger;

    internal CertificateStatusService(
        LamassuClient lamassu,
        MetadataDialects dialects,
        CAStatusService caStatus,
        IssuingCAs issuingCAs,
        DeviceIdentities identities,
        DeviceShutOut deviceShutOut,
        ThingRegistrationService thingRegistration,
        IIoTCore iot,
        ILogger<CertificateStatusService> logger)
    {
        this.lamassu = lamassu;
        this.dialects = dialects;
        this.caStatus = caStatus;
        this.issuingCAs = issuingCAs;
        this.identities = identities;
        this.deviceShutOut = deviceShutOut;
        this.thingRegistration = thingRegistration;
        this.iot = iot;
        this.logger = logger;
    }

    /// <summary>
    /// Afterwards a certificate that Lamassu has revoked is REVOKED in AWS, one that is on hold or expired is INACTIVE, and one whose hold was lifted is
    /// ACTIVE if it is its device's current identity. An INACTIVE that others set, and REVOKED, which is final there, stay. Without a write when repeated.
    /// A CA's certificate is handled as <see cref="CAStatusService"/> says.
    /// </summary>
    /// <exception cref="ConnectorException">Any kind; a revocation has to be tried until it is done.</exception>
    public async Task<ApplyCertificateStatusOutcome> ApplyAsync(ApplyCertificateStatus command, CancellationToken cancellationToken)
    {
        UrgentCalls.Begin();
        var certificate = await ObserveAsync(command, cancellationToken);
        if (certificate is { IsCA: true })
        {
            return await caStatus.ApplyToAsync(certificate, cancellationToken);
        }

        if (certificate is null || (command.SaysRevokedForGood && LamassuStatus.ShutOut(certificate) is null))
        {
            return await SuspendAsync(command, certificate is null ? "Lamassu no longer has it" : $"Lamassu says {certificate.Status}", cancellationToken);
        }

        ApplyCertificateStatusOutcome? outcome = null;
        for (var round = 0; round < MaxRounds; round++)
        {
            var applied = await ApplyOnceAsync(command, certificate, cancellationToken);
            outcome = outcome is ApplyCertificateStatusOutcome.Changed && applied is not ApplyCertificateStatusOutcome.Changed ? outcome : applied;
            if (outcome is ApplyCertificateStatusOutcome.NotOurs)
            {
                return outcome;
            }

            var again = await lamassu.GetCertificateAsync(command.SerialNumber, cancellationToken);
            if (again.Status == certificate.Status && again.RevocationReason == certificate.RevocationReason)
            {
                return outcome;
            }

            // The event of this change may be over, with nothing to do while AWS was as before: this is the change that counts now. What an event says to be
            // revoked for good is let in by no change.
            if (!command.SaysRevokedForGood)
            {
                command = command with
                {
                    PreviousStatus = certificate.Status,
                    PreviousReason = certificate.RevocationReason,
                    Status = again.Status,
                    Reason = again.RevocationReason,
                };
            }

            certificate = again;
        }

        throw new ConnectorException(
            FailureKind.Unavailable, "certificate_status_changing", FailureSource.Lamassu, $"The status of certificate {command.SerialNumber} keeps changing in Lamassu.");
    }

    // A revocation for good must not wait for Lamassu: without an answer it shuts out reversibly first, and is tried again.
    private async Task<Certificate?> ObserveAsync(ApplyCertificateStatus command, CancellationToken cancellationToken)
    {
        try
        {
            return await lamassu.GetCertificateAsync(command.SerialNumber, cancellationToken);
        }
        catch (ConnectorException failure) when (failure.Kind == FailureKind.NotFound && command.SaysRevokedForGood)
        {
            return null;
        }
        catch (ConnectorException) when (command.SaysRevokedForGood)
        {
            await SuspendAsync(command, "Lamassu does not answer", cancellationToken);
            throw;
        }
    }

    private async Task<ApplyCertificateStatusOutcome> SuspendAsync(ApplyCertificateStatus command, string why, CancellationToken cancellationToken)
    {
        var issued = IssuedCertificate.Read(command.EncodedPem, $"certificate {command.SerialNumber}");
        if (issued.IsCA)
        {
            return await caStatus.ShutOutAsync(issued, cancellationToken);
        }

        if (await iot.DescribeCertificateAsync(issued.AwsId, cancellationToken) is { } inAws && inAws.Status == CertificateStatus.ACTIVE)
        {
            await iot.UpdateCertificateAsync(issued.AwsId, CertificateStatus.INACTIVE, cancellationToken);
        }

        Log.Disputed(logger, command.SerialNumber, why);
        return new ApplyCertificateStatusOutcome.Disputed($"the event says that certificate {command.SerialNumber} is revoked, and {why}");
    }

    private async Task<ApplyCertificateStatusOutcome> ApplyOnceAsync(ApplyCertificateStatus command, Certificate certificate, CancellationToken cancellationToken)
    {
        // Observe
        if (await FindInAwsAsync(certificate, cancellationToken) is not { } found)
        {
            return new ApplyCertificateStatusOutcome.NotOurs($"the issuing CA of certificate {certificate.SerialNumber} is not registered in this AWS account and region");
        }

        // Act
        return LamassuStatus.ShutOut(certificate) is { } status
            ? await ShutOutAsync(command, certificate, found, status, cancellationToken)
            : LamassuStatus.Is(certificate.Status, LamassuStatus.Active)
                ? await LetInAsync(command, certificate, found, cancellationToken)
                : new ApplyCertificateStatusOutcome.Unchanged($"status {certificate.Status} orders nothing");
    }

    private async Task<ApplyCertificateStatusOutcome> ShutOutAsync(
        ApplyCertificateStatus command, Certificate certificate, FoundCertificate found, CertificateStatus status, CancellationToken cancellationToken)
    {
        if (found.InAws is null)
        {
            return await issuingCAs.RegisterShutOutAsync(certificate, status, cancellationToken)
                ? new ApplyCertificateStatusOutcome.Changed(status)
                : new ApplyCertificateStatusOutcome.NotOurs($"AWS does not know certificate {certificate.SerialNumber}, and its CA lets no device in by itself");
        }

        var isNew = found.InAws.Status != status && found.InAws.Status != CertificateStatus.REVOKED;
        if (isNew)
        {
            await iot.UpdateCertificateAsync(found.Id, status, cancellationToken);
            Log.ShutOut(logger, certificate.SerialNumber, found.Id, status, certificate.RevocationReason);
        }

        await deviceShutOut.ApplyAsync(certificate, command.Time, cancellationToken);
        return isNew ? new ApplyCertificateStatusOutcome.Changed(status) : new ApplyCertificateStatusOutcome.Unchanged($"it is {found.InAws.Status} in AWS already");
    }

    private async Task<ApplyCertificateStatusOutcome> LetInAsync(
        ApplyCertificateStatus command, Certificate certificate, FoundCertificate found, CancellationToken cancellationToken)
    {
        if (found.InAws?.Status == CertificateStatus.ACTIVE)
        {
            return new ApplyCertificateStatusOutcome.Unchanged("it is ACTIVE in AWS already");
        }

        var identity = await identities.FindAsync(certificate, cancellationToken);
        if (found.InAws is null)
        {
            return identity is { IsCurrent: true, Mode: RegistrationMode.Auto }
                && await thingRegistration.RegisterAsync(new RegisterThing(identity.DeviceId), cancellationToken) is RegisterThingOutcome.Registered
                    ? new ApplyCertificateStatusOutcome.Changed(CertificateStatus.ACTIVE)
                    : new ApplyCertificateStatusOutcome.Unchanged("AWS does not know it, and it is no current identity that is registered by itself");
        }

        if (!command.SaysHoldLifted || found.InAws.Status != CertificateStatus.INACTIVE || identity is not { MayConnect: true })
        {
            Log.LeftShutOut(logger, certificate.SerialNumber, found.Id, found.InAws.Status);
            return new ApplyCertificateStatusOutcome.Unchanged($"it is {found.InAws.Status} in AWS, set so by someone or for good");
        }

        // Everything that the device needs is in place before it can connect again.
        if (identity is { IsCurrent: true, Mode: RegistrationMode.Auto })
        {
            await thingRegistration.RegisterAsync(new RegisterThing(identity.DeviceId), cancellationToken);
        }

        await iot.UpdateCertificateAsync(found.Id, CertificateStatus.ACTIVE, cancellationToken);
        Log.LetIn(logger, certificate.SerialNumber, found.Id);
        await deviceShutOut.TakeBackAsync(identity, cancellationToken);
        return new ApplyCertificateStatusOutcome.Changed(CertificateStatus.ACTIVE);
    }

    /// <returns>null: nothing of this account's.</returns>
    private async Task<FoundCertificate?> FindInAwsAsync(Certificate certificate, CancellationToken cancellationToken)
    {
        var arn = ArnOf(certificate);
        var id = AwsId(certificate, arn);
        return arn is null && !await issuingCAs.IsRegisteredAsync(certificate, cancellationToken)
            ? null
            : new FoundCertificate(id, await iot.DescribeCertificateAsync(id, cancellationToken));
    }

    // Whatever stands in its metadata must not stop a revocation: the certificate is found by its issuing CA then.
    private string? ArnOf(Certificate certificate)
    {
        try
        {
            return dialects.Find(certificate.Metadata, $"certificate {certificate.SerialNumber}")?.Value.Text("arn");
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.Invalid)
        {
            return null;
        }
    }

    // A certificate that can't be read must not stop its revocation: the note has the id too.
    private static string AwsId(Certificate certificate, string? arn)
    {
        try
        {
            return IssuedCertificate.Read(certificate.EncodedPem, $"certificate {certificate.SerialNumber}").AwsId;
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.Invalid && arn?.Split('/') is [_, { Length: > 0 } id])
        {
            return id;
        }
    }

    private sealed record FoundCertificate(string Id, CertificateDescription? InAws);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Set certificate {SerialNumber} ({CertificateId}) {Status} in AWS (reason {RevocationReason})", EventName = "update_certificate_status")]
        public static partial void ShutOut(ILogger logger, string serialNumber, string certificateId, string status, string? revocationReason);

        [LoggerMessage(2, LogLevel.Information,
            "Set certificate {SerialNumber} ({CertificateId}) ACTIVE in AWS again: its hold was lifted", EventName = "lift_certificate_hold")]
        public static partial void LetIn(ILogger logger, string serialNumber, string certificateId);

        [LoggerMessage(3, LogLevel.Warning, "Certificate {SerialNumber} ({CertificateId}) is ACTIVE in Lamassu and {Status} in AWS; it is left so")]
        public static partial void LeftShutOut(ILogger logger, string serialNumber, string certificateId, string status);

        [LoggerMessage(4, LogLevel.Critical, "An event says that certificate {SerialNumber} is revoked for good, and {Why}; it is INACTIVE in AWS until that is clear")]
        public static partial void Disputed(ILogger logger, string serialNumber, string why);
    }
}
