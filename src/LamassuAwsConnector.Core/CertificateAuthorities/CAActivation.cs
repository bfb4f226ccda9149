using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;
using CACertificate = LamassuAwsConnector.Core.Lamassu.Models.CACertificate;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>Shuts CAs out of AWS and lets in again those that this connector shut out, which the CA's metadata tells.</summary>
internal sealed partial class CAActivation(
    MetadataDialects dialects, CARegistrationNotes notes, CARegistrar registrar, IIoTCore iot, ILogger<CAActivation> logger)
{
    /// <summary>Afterwards the CA is INACTIVE and lets no device in by itself. Without a write when repeated.</summary>
    /// <param name="subject">The CA in the log.</param>
    /// <param name="ca">Where the deactivation is noted, so that it can be taken back; null when it never is.</param>
    public async Task<ApplyCertificateStatusOutcome> DeactivateAsync(
        string subject, CACertificate? ca, DescribeCACertificateResponse found, CancellationToken cancellationToken)
    {
        var inAws = found.CertificateDescription;
        var isActive = inAws.Status == CACertificateStatus.ACTIVE;
        var letsDevicesIn = inAws.AutoRegistrationStatus == AutoRegistrationStatus.ENABLE;
        if (!isActive && !letsDevicesIn)
        {
            return new ApplyCertificateStatusOutcome.Unchanged("it is INACTIVE in AWS already");
        }

        if (ca is not null && isActive)
        {
            await NoteDeactivationAsync(ca, inAws, letsDevicesIn, cancellationToken);
        }

        await iot.UpdateCACertificateAsync(
            new UpdateCACertificateRequest
            {
                CertificateId = inAws.CertificateId,
                NewStatus = CACertificateStatus.INACTIVE,
                NewAutoRegistrationStatus = AutoRegistrationStatus.DISABLE,
            },
            cancellationToken);
        Log.Deactivated(logger, subject, inAws.CertificateId, ca?.Certificate?.Status, letsDevicesIn);
        return new ApplyCertificateStatusOutcome.Changed(CACertificateStatus.INACTIVE.Value);
    }

    /// <summary>Afterwards a CA that we deactivated is ACTIVE, with auto-registration if that was on and has a template still. Without a write when repeated.</summary>
    public async Task<ApplyCertificateStatusOutcome> ActivateAsync(CACertificate ca, DescribeCACertificateResponse found, CancellationToken cancellationToken)
    {
        var inAws = found.CertificateDescription;
        if (NoteOf(ca) is not { } note || !CARegistrationNotes.IsDeactivated(note))
        {
            if (inAws.Status != CACertificateStatus.ACTIVE)
            {
                Log.LeftInactive(logger, ca.Id, inAws.CertificateId);
            }

            return new ApplyCertificateStatusOutcome.Unchanged($"it is {inAws.Status} in AWS, and not by this connector");
        }

        var isNew = inAws.Status != CACertificateStatus.ACTIVE;
        if (isNew)
        {
            await ActivateAsync(ca.Id, note, found, cancellationToken);
        }

        // Record
        await notes.RecordActivationAsync(ca.Id, note, cancellationToken);
        return isNew
            ? new ApplyCertificateStatusOutcome.Changed(CACertificateStatus.ACTIVE.Value)
            : new ApplyCertificateStatusOutcome.Unchanged("it is ACTIVE in AWS already");
    }

    /// <summary>
    /// Afterwards a CA that we made INACTIVE, and that is asked for anew, is ACTIVE if it is so in Lamassu, with auto-registration if that was on and has a
    /// template still.
    /// </summary>
    /// <param name="registration">The CA as AWS has it.</param>
    /// <returns>Whether it was activated.</returns>
    public async Task<bool> BringBackAsync(
        CACertificate ca, ConnectorMetadata? note, CARegistration registration, CancellationToken cancellationToken)
    {
        if (registration.Status == CACertificateStatus.ACTIVE.Value
            || note is null
            || !CARegistrationNotes.MayActivate(note)
            || !LamassuStatus.Is(ca.Certificate?.Status, LamassuStatus.Active)
            || await iot.DescribeCARegistrationAsync(registration.CertificateId, cancellationToken) is not { } found)
        {
            return false;
        }

        await ActivateAsync(ca.Id, note, found, cancellationToken);
        return true;
    }

    private async Task ActivateAsync(string caId, ConnectorMetadata note, DescribeCACertificateResponse found, CancellationToken cancellationToken)
    {
        var certificateId = found.CertificateDescription.CertificateId;
        var letDevicesIn = CARegistrationNotes.HadAutoRegistration(note) && HasTemplate(found);
        await iot.UpdateCACertificateAsync(
            new UpdateCACertificateRequest
            {
                CertificateId = certificateId,
                NewStatus = CACertificateStatus.ACTIVE,
                NewAutoRegistrationStatus = letDevicesIn ? AutoRegistrationStatus.ENABLE : null,
            },
            cancellationToken);
        Log.Activated(logger, caId, certificateId);
        if (CARegistrationNotes.HadAutoRegistration(note) && !letDevicesIn)
        {
            Log.AutoRegistrationLeftOff(logger, caId, certificateId);
        }
    }

    // A note that can't be written must not keep the CA open; without it a person has to activate the CA again.
    private async Task NoteDeactivationAsync(CACertificate ca, CACertificateDescription inAws, bool letsDevicesIn, CancellationToken cancellationToken)
    {
        try
        {
            var registration = await registrar.DescribeAsync(ca.Id, inAws, cancellationToken);
            await notes.RecordDeactivationAsync(ca.Id, NoteOf(ca), registration, letsDevicesIn, cancellationToken);
        }
        catch (ConnectorException exception)
        {
            Log.DeactivationNotNoted(logger, ca.Id, exception);
        }
    }

    private static bool HasTemplate(DescribeCACertificateResponse found) =>
        found.RegistrationConfig is { TemplateName.Length: > 0 } or { TemplateBody.Length: > 0 };

    private ConnectorMetadata? NoteOf(CACertificate ca) => dialects.Find(ca.Metadata, $"CA {ca.Id}");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Set CA {CAId} ({CertificateId}) INACTIVE in AWS: it is {Status} in Lamassu, or gone. Auto-registration was on: {LetDevicesIn}",
            EventName = "deactivate_ca")]
        public static partial void Deactivated(ILogger logger, string caId, string certificateId, string? status, bool letDevicesIn);

        [LoggerMessage(2, LogLevel.Information, "Set CA {CAId} ({CertificateId}) ACTIVE in AWS again, as it is in Lamassu", EventName = "activate_ca")]
        public static partial void Activated(ILogger logger, string caId, string certificateId);

        [LoggerMessage(3, LogLevel.Warning, "CA {CAId} ({CertificateId}) is ACTIVE in Lamassu and INACTIVE in AWS, set so by someone; it is left so")]
        public static partial void LeftInactive(ILogger logger, string caId, string certificateId);

        [LoggerMessage(4, LogLevel.Warning, "Auto-registration of CA {CAId} ({CertificateId}) stays off in AWS: no template is attached any more")]
        public static partial void AutoRegistrationLeftOff(ILogger logger, string caId, string certificateId);

        [LoggerMessage(5, LogLevel.Error, "The deactivation of CA {CAId} in AWS could not be noted in Lamassu; it will not be activated again by itself")]
        public static partial void DeactivationNotNoted(ILogger logger, string caId, Exception exception);
    }
}
