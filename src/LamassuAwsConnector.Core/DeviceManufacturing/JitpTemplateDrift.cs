using Amazon.IoT;
using Amazon.IoT.Model;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>What a template in AWS has that its DMS does not ask for, and the other way round, in sentences.</summary>
internal static class JitpTemplateDrift
{
    public static List<string> Of(
        WantedJitpTemplate wanted, DescribeProvisioningTemplateResponse found, JitpAuthority authority, IReadOnlyList<JitpTemplateAuthority> cas)
    {
        var drift = new List<string>();
        if (found.Type != TemplateType.JITP)
        {
            drift.Add($"The template is of type {found.Type?.Value} and belongs to somebody else.");
        }

        if (!PolicyDocuments.AreSame(found.TemplateBody, wanted.Body))
        {
            drift.Add("The template's body differs from what the DMS asks for.");
        }

        if ((found.Enabled ?? false) != wanted.Enabled)
        {
            drift.Add($"The template is {(wanted.Enabled ? "disabled" : "enabled")}, and the DMS asks for the opposite.");
        }

        if (found.ProvisioningRoleArn != wanted.RoleArn)
        {
            drift.Add($"The template has role {found.ProvisioningRoleArn}, and the DMS asks for {wanted.RoleArn}.");
        }

        if ((found.Description ?? "") != wanted.Description)
        {
            drift.Add("The template's description is not the name of the DMS.");
        }

        if (wanted.Enabled)
        {
            AddAttachment(drift, wanted, authority, cas);
        }

        drift.AddRange(cas.Where(ca => ca.CertificateId != authority.CertificateId)
            .Select(ca => $"CA certificate {ca.CertificateId} runs the template too, and the DMS does not name it."));
        return drift;
    }

    private static void AddAttachment(List<string> drift, WantedJitpTemplate wanted, JitpAuthority authority, IReadOnlyList<JitpTemplateAuthority> cas)
    {
        if (authority.Obstacle is { } obstacle)
        {
            drift.Add(obstacle.Reason);
        }
        else if (!authority.RunsTemplate)
        {
            drift.Add(cas.Any(ca => ca.CertificateId == authority.CertificateId)
                ? $"CA certificate {authority.CertificateId} names the template, but its auto-registration is off."
                : $"CA certificate {authority.CertificateId} does not run template {wanted.Name}.");
        }
    }
}
