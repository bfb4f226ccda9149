using System.Text.RegularExpressions;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;
using CACertificate = LamassuAwsConnector.Core.Lamassu.Models.CACertificate;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>Why a template is not attached.</summary>
internal sealed record JitpObstacle(string Code, string Reason);

/// <summary>The CA certificate that has to run a DMS's template.</summary>
/// <param name="CertificateId">Its id in AWS; null when the DMS names none that could be.</param>
/// <param name="Arn">null when it is not registered here.</param>
/// <param name="RunsTemplate">It names the DMS's template and takes in devices by itself.</param>
/// <param name="Obstacle">Why the template can't be attached to it.</param>
internal sealed record JitpAuthority(string? CertificateId, string? Arn, bool RunsTemplate, JitpObstacle? Obstacle);

/// <summary>CA certificates in AWS and the one provisioning template that each of them can run.</summary>
internal sealed partial class JitpAuthorities(LamassuClient lamassu, IIoTCore iot, ILogger<JitpAuthorities> logger)
{
    /// <summary>The code of the obstacle that may go away by itself.</summary>
    public const string CANotRegistered = "ca_not_registered";

    /// <summary>Looks only. A CA's one template is never replaced, and a CA of several DMSs is not given to one of them unless it is named.</summary>
    public async Task<JitpAuthority> FindAsync(Dms dms, DmsAwsSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Jitp.AwsCAId is { } named)
        {
            // The dashboard's field takes any text, an ARN among them.
            var id = named[(named.LastIndexOf('/') + 1)..].ToLowerInvariant();
            return CertificateId().IsMatch(id)
                ? await LookAsync(dms, $"CA certificate {id}, which DMS {dms.Id} names,", id, sharedCA: null, cancellationToken)
                : None(
                    null,
                    "ca_id_invalid",
                    $"'{named}', which DMS {dms.Id} names as its CA certificate in AWS, is no id of one (64 hexadecimal digits); correct it or leave it out.");
        }

        if (dms.Settings?.Enrollment?.EnrollmentCA is not { Length: > 0 } caId)
        {
            return None(
                null, "enrollment_ca_missing", $"DMS {dms.Id} has no enrollment CA whose devices AWS could provision; set one, or name a CA certificate in AWS.");
        }

        if (await FindCAAsync(caId, cancellationToken) is not { } ca)
        {
            return None(
                null, "enrollment_ca_missing", $"CA {caId}, the enrollment CA of DMS {dms.Id}, does not exist in Lamassu; set another one.");
        }

        var certificate = IssuedCertificate.Read(ca.Certificate?.EncodedPem, $"CA {caId}");
        return await LookAsync(dms, $"CA {caId}, the enrollment CA of DMS {dms.Id},", certificate.AwsId, caId, cancellationToken);
    }

    /// <summary>Afterwards the CA runs the template for devices that AWS does not know yet.</summary>
    public async Task AttachAsync(string certificateId, string templateName, CancellationToken cancellationToken)
    {
        await iot.UpdateCACertificateAsync(
            new UpdateCACertificateRequest
            {
                CertificateId = certificateId,
                NewAutoRegistrationStatus = AutoRegistrationStatus.ENABLE,
                RegistrationConfig = new RegistrationConfig { TemplateName = templateName },
            },
            cancellationToken);
        Log.Attached(logger, templateName, certificateId);
    }

    /// <summary>Afterwards no CA of the account names the template, and those that did take in no device by themselves.</summary>
    public async Task DetachAsync(string templateName, CancellationToken cancellationToken)
    {
        foreach (var certificateId in await iot.ListCACertificatesAsync(templateName, cancellationToken))
        {
            await iot.UpdateCACertificateAsync(
                new UpdateCACertificateRequest
                {
                    CertificateId = certificateId,
                    NewAutoRegistrationStatus = AutoRegistrationStatus.DISABLE,
                    RemoveAutoRegistration = true,
                },
                cancellationToken);
            Log.Detached(logger, templateName, certificateId);
        }
    }

    private async Task<JitpAuthority> LookAsync(Dms dms, string subject, string certificateId, string? sharedCA, CancellationToken cancellationToken)
    {
        if (await iot.DescribeCARegistrationAsync(certificateId, cancellationToken) is not { } found)
        {
            return None(
                certificateId,
                CANotRegistered,
                $"{subject} is not registered in this AWS account and region; register it first (POST /v1/cas/{{caId}}/register-aws), "
                    + "then save the DMS again.");
        }

        var template = JitpTemplateNames.Of(dms.Id);
        var inAws = found.CertificateDescription;
        var runsTemplate = found.RegistrationConfig?.TemplateName == template;
        JitpAuthority At(JitpObstacle? obstacle) =>
            new(certificateId, inAws.CertificateArn, runsTemplate && inAws.AutoRegistrationStatus == AutoRegistrationStatus.ENABLE, obstacle);

        if (!runsTemplate && found.RegistrationConfig is { TemplateName.Length: > 0 } or { TemplateBody.Length: > 0 })
        {
            var other = found.RegistrationConfig.TemplateName is { Length: > 0 } name
                ? $"provisioning template {name}"
                : "a template of its own, which has no name";
            return At(new JitpObstacle(
                "ca_has_another_template",
                $"{subject} carries {other}, and a CA has one; template {template} is not attached to it. Take the other one away, or name another CA."));
        }

        if (inAws.Status != CACertificateStatus.ACTIVE)
        {
            return At(new JitpObstacle(
                "ca_inactive",
                $"{subject} is INACTIVE in AWS, and devices of an inactive CA are not provisioned; "
                    + $"set it ACTIVE there{(runsTemplate ? "" : ", then save the DMS again")}."));
        }

        return At(!runsTemplate && sharedCA is not null && await FindOtherDmsAsync(dms.Id, sharedCA, cancellationToken) is { } otherDms
            ? new JitpObstacle(
                "ca_serves_another_dms",
                $"{subject} is that of DMS {otherDms} too, whose devices template {template} would provision. Give each DMS a CA of its own, "
                    + $"or name the CA certificate in the settings of DMS {dms.Id}.")
            : null);
    }

    private async Task<CACertificate?> FindCAAsync(string caId, CancellationToken cancellationToken)
    {
        try
        {
            return await lamassu.GetCAAsync(caId, cancellationToken);
        }
        catch (ConnectorException failure) when (failure.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }

    private async Task<string?> FindOtherDmsAsync(string dmsId, string caId, CancellationToken cancellationToken) =>
        (await lamassu.ListDmsAsync(cancellationToken)).FirstOrDefault(other => other.Id != dmsId && other.Settings?.Enrollment?.EnrollmentCA == caId)?.Id;

    private static JitpAuthority None(string? certificateId, string code, string reason) =>
        new(certificateId, null, RunsTemplate: false, new JitpObstacle(code, reason));

    // https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeCACertificate.html
    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex CertificateId();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Attached provisioning template {TemplateName} to CA certificate {CertificateId}, auto-registration on")]
        public static partial void Attached(ILogger logger, string templateName, string certificateId);

        [LoggerMessage(2, LogLevel.Information, "Detached provisioning template {TemplateName} from CA certificate {CertificateId}, auto-registration off")]
        public static partial void Detached(ILogger logger, string templateName, string certificateId);
    }
}
