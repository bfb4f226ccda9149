using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>Shows CAs as they are in Lamassu and in AWS, side by side, and what is wrong with them.</summary>
public sealed class CAViewService
{
    private readonly LamassuClient lamassu;
    private readonly MetadataDialects dialects;
    private readonly JitpTemplates templates;
    private readonly IIoTCore iot;

    internal CAViewService(LamassuClient lamassu, MetadataDialects dialects, JitpTemplates templates, IIoTCore iot)
    {
        this.lamassu = lamassu;
        this.dialects = dialects;
        this.templates = templates;
        this.iot = iot;
    }

    /// <summary>Reads only: one call to AWS, two more for a CA with a template.</summary>
    /// <exception cref="ConnectorException"><see cref="FailureKind.NotFound"/>; what AWS and Lamassu answer.</exception>
    public async Task<CAView> GetAsync(string caId, CancellationToken cancellationToken)
    {
        var ca = await lamassu.GetCAAsync(caId, cancellationToken);
        var issued = IssuedCertificate.Read(ca.Certificate?.EncodedPem, $"CA {ca.Id}");
        var (note, unreadable) = Find(ca);
        var found = await iot.DescribeCARegistrationAsync(issued.AwsId, cancellationToken);
        var view = new CAView(
            ca.Id,
            new CAInLamassu(
                ca.Certificate?.Status,
                LamassuStatus.Is(ca.Certificate?.Status, LamassuStatus.Revoked) ? ca.Certificate?.RevocationReason : null,
                ca.Certificate?.Type,
                ca.Certificate?.SerialNumber,
                issued.CommonName,
                issued.NotAfter,
                issued.AwsId),
            CARegistrationNotes.Read(note),
            found is null ? null : await DescribeAsync(found, cancellationToken));
        return view with { Findings = [.. CAFindings.OfNotes(ca.Id, note, unreadable), .. CAFindings.Of(view, isReadable: unreadable is null)] };
    }

    private (ConnectorMetadata? Note, ConnectorException? Unreadable) Find(Lamassu.Models.CACertificate ca)
    {
        try
        {
            var note = dialects.Find(ca.Metadata, $"CA {ca.Id}");

            // Says why when it is no object; what it asks for is shown anyway.
            CARegistrationNotes.IsRequested(note, $"CA {ca.Id}");
            return (note, null);
        }
        catch (ConnectorException failure) when (failure.Kind == FailureKind.Invalid)
        {
            return (null, failure);
        }
    }

    private async Task<CAInAws> DescribeAsync(DescribeCACertificateResponse found, CancellationToken cancellationToken)
    {
        var inAws = found.CertificateDescription;
        return new CAInAws(
            inAws.CertificateId,
            inAws.CertificateArn,
            inAws.Status.Value,
            CARegistrar.ModeOf(inAws).Value,
            inAws.AutoRegistrationStatus == AutoRegistrationStatus.ENABLE,
            await FindTemplateAsync(found.RegistrationConfig, cancellationToken));
    }

    private async Task<CATemplate?> FindTemplateAsync(RegistrationConfig? config, CancellationToken cancellationToken)
    {
        if (config is not { TemplateName: { Length: > 0 } name })
        {
            return config is { TemplateBody.Length: > 0 } ? new CATemplate(Name: null, Enabled: null, DmsId: null) : null;
        }

        return await iot.DescribeProvisioningTemplateAsync(name, cancellationToken) is { } template
            ? new CATemplate(name, template.Enabled ?? false, await templates.FindDmsIdAsync(template, cancellationToken))
            : new CATemplate(name, Enabled: null, DmsId: null);
    }
}
