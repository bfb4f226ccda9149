using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;
using CACertificate = LamassuAwsConnector.Core.Lamassu.Models.CACertificate;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>Registers the new certificate of a reissued CA beside its former one.</summary>
public sealed partial class CAReissueService
{
    private readonly LamassuClient lamassu;
    private readonly MetadataDialects dialects;
    private readonly CARegistrationNotes notes;
    private readonly CARegistrar registrar;
    private readonly IIoTCore iot;
    private readonly ILogger<CAReissueService> logger;

    internal CAReissueService(
        LamassuClient lamassu, MetadataDialects dialects, CARegistrationNotes notes, CARegistrar registrar, IIoTCore iot, ILogger<CAReissueService> logger)
    {
        this.lamassu = lamassu;
        this.dialects = dialects;
        this.notes = notes;
        this.registrar = registrar;
        this.iot = iot;
        this.logger = logger;
    }

    /// <summary>
    /// Afterwards the CA's present certificate is registered in AWS with the mode, template and auto-registration that AWS has for the former one, and the
    /// CA's metadata says so; a reissue drops what they said. The former certificate stays as it is: devices that have one of its certificates need it.
    /// Without a write when repeated.
    /// </summary>
    /// <exception cref="ConnectorException">What Lamassu and AWS answer, but for what only a person can change.</exception>
    public async Task<ReissueCAOutcome> RegisterAsync(ReissueCA command, CancellationToken cancellationToken)
    {
        // Observe
        var former = IssuedCertificate.Read(command.FormerEncodedPem, $"CA {command.CAId} before its reissue");
        if (await iot.DescribeCARegistrationAsync(former.AwsId, cancellationToken) is not { } inAws)
        {
            return new ReissueCAOutcome.NotRegistered($"the former certificate of CA {command.CAId} is not registered in this AWS account and region");
        }

        var formerNote = FormerNoteOf(command);
        if (CARegistrationNotes.IsRemoved(formerNote))
        {
            return new ReissueCAOutcome.NotRegistered($"CA {command.CAId} was taken out of AWS on request before its reissue");
        }

        var ca = await lamassu.GetCAAsync(command.CAId, cancellationToken);
        var terms = await TermsOfAsync(former, inAws, cancellationToken);
        var note = dialects.Find(ca.Metadata, $"CA {ca.Id}");
        var dialect = note?.Dialect ?? formerNote?.Dialect ?? dialects.Default;
        try
        {
            // Act
            var (registration, isNew) = await registrar.EnsureAsync(ca, terms, cancellationToken);
            if (isNew)
            {
                Log.Registered(logger, ca.Id, registration.CertificateId, former.AwsId, terms.Template?.TemplateName, terms.AutoRegistration);
            }

            // Record
            await notes.RecordSuccessAsync(ca.Id, note, dialect, registration, isActivated: false, cancellationToken);
            return new ReissueCAOutcome.Registered(registration, isNew);
        }
        catch (ConnectorException failure) when (failure.Kind is FailureKind.Invalid or FailureKind.Conflict)
        {
            Log.Failed(logger, ca.Id, former.AwsId, failure.Code, failure.RequestId, failure);
            return new ReissueCAOutcome.Failed(
                failure, IsNoted: await RecordFailureAsync(ca, note, dialect, terms.PrimaryAccount, failure, cancellationToken));
        }
    }

    private async Task<CARegistrationTerms> TermsOfAsync(IssuedCertificate former, DescribeCACertificateResponse inAws, CancellationToken cancellationToken)
    {
        var description = inAws.CertificateDescription;
        return new CARegistrationTerms(CARegistrar.ModeOf(description) == CertificateMode.DEFAULT)
        {
            Status = description.Status == CACertificateStatus.ACTIVE || await IsShutOutByLamassuAsync(former, cancellationToken)
                ? CACertificateStatus.ACTIVE
                : CACertificateStatus.INACTIVE,
            AutoRegistration = description.AutoRegistrationStatus == AutoRegistrationStatus.ENABLE,
            Template = TemplateOf(inAws.RegistrationConfig),
        };
    }

    // Either a template's name or a body with its role; AWS refuses both at once.
    private static RegistrationConfig? TemplateOf(RegistrationConfig? config) => config switch
    {
        { TemplateName.Length: > 0 } => new RegistrationConfig { TemplateName = config.TemplateName },
        { TemplateBody.Length: > 0 } => new RegistrationConfig { TemplateBody = config.TemplateBody, RoleArn = config.RoleArn },
        _ => null,
    };

    // A former certificate that is INACTIVE as Lamassu revoked it says nothing about the new one; set so by a person it does.
    private async Task<bool> IsShutOutByLamassuAsync(IssuedCertificate former, CancellationToken cancellationToken)
    {
        try
        {
            return LamassuStatus.ShutOut(await lamassu.GetCertificateAsync(former.SerialNumber, cancellationToken)) is not null;
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return false;
        }
    }

    // The former metadata are an event's, and may be anything.
    private ConnectorMetadata? FormerNoteOf(ReissueCA command)
    {
        try
        {
            return dialects.Find(command.FormerMetadata, $"CA {command.CAId} before its reissue");
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.Invalid)
        {
            return null;
        }
    }

    /// <returns>Whether Lamassu took it.</returns>
    private async Task<bool> RecordFailureAsync(
        CACertificate ca, ConnectorMetadata? note, MetadataDialect dialect, bool primaryAccount, ConnectorException failure, CancellationToken cancellationToken)
    {
        try
        {
            await notes.RecordFailureAsync(ca.Id, note, dialect, primaryAccount, isFinal: true, failure.Message, cancellationToken);
            return true;
        }
        catch (ConnectorException exception)
        {
            Log.FailureNotRecorded(logger, ca.Id, exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Registered the new certificate {CertificateId} of the reissued CA {CAId} in AWS as {FormerCertificateId} is (template {TemplateName}, auto-registration {AutoRegistration})")]
        public static partial void Registered(
            ILogger logger, string caId, string certificateId, string formerCertificateId, string? templateName, bool autoRegistration);

        [LoggerMessage(2, LogLevel.Error,
            "The new certificate of the reissued CA {CAId} can't be registered in AWS as {FormerCertificateId} is ({Code}, AWS request id {RequestId})")]
        public static partial void Failed(ILogger logger, string caId, string formerCertificateId, string code, string? requestId, Exception exception);

        [LoggerMessage(3, LogLevel.Error, "The failed registration of the reissued CA {CAId} could not be noted in Lamassu")]
        public static partial void FailureNotRecorded(ILogger logger, string caId, Exception exception);
    }
}
