using System.Security.Cryptography;
using System.Text;

namespace LamassuAwsConnector.Sandbox.Aws;

internal sealed record PlannedPolicy(string LogicalName, string Name, string? Document);

internal sealed record PlannedCertificate(TemplateResource Resource, string? Id, string? Pem, string? CAPem, string Status);

/// <summary>A template with its values worked out: what has to exist afterwards.</summary>
internal sealed record ProvisioningPlan
{
    public required TemplateResource Thing { get; init; }

    public required string ThingName { get; init; }

    public required string? ThingType { get; init; }

    public required IReadOnlyDictionary<string, string>? Attributes { get; init; }

    public required IReadOnlyList<string>? Groups { get; init; }

    public required PlannedCertificate? Certificate { get; init; }

    public required IReadOnlyList<PlannedPolicy> Policies { get; init; }

    /// <summary>A parameter's value is the one given, else its default; what is given without being declared has no effect.</summary>
    /// <exception cref="AwsException">InvalidRequestException.</exception>
    public static ProvisioningPlan Make(TemplateBody template, IReadOnlyDictionary<string, string> parameters)
    {
        var values = template
            .Parameters.Select(parameter => KeyValuePair.Create(parameter.Key, parameters.GetValueOrDefault(parameter.Key) ?? parameter.Value))
            .Where(parameter => parameter.Value is not null)
            .ToDictionary(parameter => parameter.Key, parameter => parameter.Value!, StringComparer.Ordinal);
        var expressions = new TemplateExpressions(values, template.Mappings);
        var thing = template.Thing.Properties;
        if (thing.ContainsKey("BillingGroup"))
        {
            throw AwsException.InvalidRequest("Billing groups are not served by this stand-in");
        }

        return new ProvisioningPlan
        {
            Thing = template.Thing,
            ThingName = Names.Thing(expressions.Text(thing[nameof(ThingName)])),
            ThingType = thing["ThingTypeName"] is { } type ? expressions.Text(type) : null,
            Attributes = thing.Object("AttributePayload")?.ToDictionary(attribute => attribute.Key, attribute => expressions.Text(attribute.Value)),
            Groups = thing["ThingGroups"] is { } groups ? [.. expressions.List(groups).Distinct()] : null,
            Certificate = template.Certificate is { } certificate ? PlanCertificate(certificate, expressions) : null,
            Policies = [.. template.Policies.Select(policy => PlanPolicy(policy, expressions))],
        };
    }

    private static PlannedCertificate PlanCertificate(TemplateResource resource, TemplateExpressions expressions)
    {
        var properties = resource.Properties;
        if (properties.ContainsKey("CertificateSigningRequest"))
        {
            throw AwsException.InvalidRequest("Certificates issued by AWS (CertificateSigningRequest) are not served by this stand-in");
        }

        var status = properties["Status"] is { } value ? expressions.Text(value) : CertificateStatuses.Active;
        return status is CertificateStatuses.Active or CertificateStatuses.Inactive
            ? new PlannedCertificate(resource, Optional("CertificateId"), Optional("CertificatePem"), Optional("CACertificatePem"), status)
            : throw AwsException.InvalidRequest($"Invalid template: the Status of a certificate is ACTIVE or INACTIVE, not '{status}'");

        string? Optional(string name) => properties[name] is { } node ? expressions.Text(node) : null;
    }

    private static PlannedPolicy PlanPolicy(TemplateResource resource, TemplateExpressions expressions)
    {
        if (resource.Properties["PolicyDocument"] is { } node)
        {
            // The name of a policy made from a document is a hash of the document.
            var document = expressions.Text(node);
            return new PlannedPolicy(resource.LogicalName, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document))), document);
        }

        return new PlannedPolicy(resource.LogicalName, Names.Policy(expressions.Text(resource.Properties["PolicyName"])), null);
    }
}
