using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal sealed record TemplateResource(string LogicalName, JsonObject Properties, IReadOnlyDictionary<string, string> Overrides)
{
    public string? Override(string property) => Overrides.GetValueOrDefault(property);
}

/// <summary>
/// A provisioning template taken apart and checked for form; values are not resolved yet
/// (https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html).
/// </summary>
internal sealed class TemplateBody
{
    public const string DoNothing = "DO_NOTHING";

    public const string Replace = "REPLACE";

    public const string Merge = "MERGE";

    public const string Fail = "FAIL";

    private const string ThingType = "AWS::IoT::Thing";

    private const string CertificateType = "AWS::IoT::Certificate";

    private const string PolicyType = "AWS::IoT::Policy";

    private static readonly HashSet<string> TemplateMembers = ["Parameters", "Mappings", "Resources"];

    private static readonly HashSet<string> ParameterMembers = ["Type", "Default"];

    private static readonly HashSet<string> ResourceMembers = ["Type", "Properties", "OverrideSettings"];

    private static readonly Dictionary<string, HashSet<string>> Properties = new(StringComparer.Ordinal)
    {
        [ThingType] = ["ThingName", "AttributePayload", "ThingTypeName", "ThingGroups", "BillingGroup"],
        [CertificateType] = ["CertificateSigningRequest", "CertificateId", "CertificatePem", "CACertificatePem", "Status"],
        [PolicyType] = ["PolicyName", "PolicyDocument"],
    };

    // The developer guide's text has ATTRIBUTE_PAYLOAD and so on, its examples have these.
    private static readonly Dictionary<string, Dictionary<string, HashSet<string>>> Overrides = new(StringComparer.Ordinal)
    {
        [ThingType] = new(StringComparer.Ordinal)
        {
            ["AttributePayload"] = [DoNothing, Replace, Fail, Merge],
            ["ThingTypeName"] = [DoNothing, Replace, Fail],
            ["ThingGroups"] = [DoNothing, Replace, Fail, Merge],
        },
        [CertificateType] = new(StringComparer.Ordinal) { ["Status"] = [DoNothing, Replace, Fail] },
        [PolicyType] = [],
    };

    private readonly ILookup<string, TemplateResource> resources;

    private TemplateBody(Dictionary<string, string?> parameters, JsonObject mappings, ILookup<string, TemplateResource> resources)
    {
        Parameters = parameters;
        Mappings = mappings;
        this.resources = resources;
    }

    /// <summary>Declared parameters with their defaults.</summary>
    public IReadOnlyDictionary<string, string?> Parameters { get; }

    public JsonObject Mappings { get; }

    public TemplateResource Thing => resources[ThingType].Single();

    public TemplateResource? Certificate => resources[CertificateType].SingleOrDefault();

    public IEnumerable<TemplateResource> Policies => resources[PolicyType];

    /// <exception cref="AwsException">InvalidRequestException.</exception>
    public static TemplateBody Parse(string text)
    {
        var body = Json.ParseObject(text) ?? throw Invalid("it is no JSON object");
        body.AllowOnly(TemplateMembers, "The template", AwsException.InvalidRequest);
        var declared = ReadParameters(body.Object("Parameters") ?? []);
        var resources = ReadResources(body.Object("Resources") ?? throw Invalid("it has no Resources"));
        var template = new TemplateBody(declared, body.Object("Mappings") ?? [], resources);
        if (resources[ThingType].Count() != 1)
        {
            throw Invalid("it needs one thing");
        }

        if (resources[CertificateType].Count() > 1 || (template.Certificate is null && resources[PolicyType].Any()))
        {
            throw Invalid("it takes one certificate, and policies with a certificate only");
        }

        template.CheckProperties();
        return template;
    }

    /// <summary>A template that runs when a device connects for the first time: parameters come from the certificate, which exists already.</summary>
    /// <exception cref="AwsException">InvalidRequestException.</exception>
    public static TemplateBody ParseJitp(string text)
    {
        var template = Parse(text);
        if (template.Parameters.Keys.FirstOrDefault(name => !JustInTimeProvisioning.IsParameter(name)) is { } unknown)
        {
            throw Invalid($"'{unknown}' is no parameter of just-in-time provisioning");
        }

        return template.Certificate?.Properties.ContainsKey("CertificateId") == true
            ? template
            : throw Invalid("its certificate must be given by CertificateId");
    }

    private static Dictionary<string, string?> ReadParameters(JsonObject parameters)
    {
        var declared = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in parameters.Select(parameter => parameter.Key))
        {
            var parameter = parameters.Object(name) ?? throw Invalid($"parameter '{name}' is null");
            parameter.AllowOnly(ParameterMembers, $"Parameter '{name}'", AwsException.InvalidRequest);
            if (parameter.Text("Type") != "String")
            {
                throw Invalid($"parameter '{name}' is not of Type String");
            }

            declared[name] = parameter.Text("Default");
        }

        return declared;
    }

    private static ILookup<string, TemplateResource> ReadResources(JsonObject resources)
    {
        var found = new List<(string Type, TemplateResource Resource)>();
        foreach (var name in resources.Select(resource => resource.Key))
        {
            var resource = resources.Object(name) ?? throw Invalid($"resource '{name}' is null");
            resource.AllowOnly(ResourceMembers, $"Resource '{name}'", AwsException.InvalidRequest);
            var type = resource.Text("Type");
            if (type is null || !Properties.TryGetValue(type, out var known))
            {
                throw Invalid($"resource '{name}' is of unknown Type '{type}'");
            }

            var properties = resource.Object("Properties") ?? throw Invalid($"resource '{name}' has no Properties");
            properties.AllowOnly(known, $"Resource '{name}'", AwsException.InvalidRequest);
            found.Add((type, new TemplateResource(name, properties, ReadOverrides(resource, name, Overrides[type]))));
        }

        return found.ToLookup(entry => entry.Type, entry => entry.Resource);
    }

    private static IReadOnlyDictionary<string, string> ReadOverrides(JsonObject resource, string name, Dictionary<string, HashSet<string>> known)
    {
        var settings = resource.TextMap("OverrideSettings");
        foreach (var (property, value) in settings)
        {
            if (!known.TryGetValue(property, out var values) || !values.Contains(value))
            {
                throw Invalid($"resource '{name}' cannot have the OverrideSettings '{property}': '{value}'");
            }
        }

        return settings;
    }

    private void CheckProperties()
    {
        if (!Thing.Properties.ContainsKey("ThingName"))
        {
            throw Invalid("its thing has no ThingName");
        }

        if (Certificate?.Properties is { } certificate)
        {
            string[] sources = ["CertificateSigningRequest", "CertificateId", "CertificatePem"];
            if (sources.Count(certificate.ContainsKey) != 1 || (certificate.ContainsKey("CACertificatePem") && !certificate.ContainsKey("CertificatePem")))
            {
                throw Invalid(
                    "its certificate needs one of CertificateSigningRequest, CertificateId and CertificatePem, and CACertificatePem with the last alone"
                );
            }
        }

        if (Policies.FirstOrDefault(policy => policy.Properties.Count != 1) is { } policy)
        {
            throw Invalid($"policy '{policy.LogicalName}' needs either PolicyName or PolicyDocument");
        }
    }

    private static AwsException Invalid(string reason) => AwsException.InvalidRequest($"Invalid template: {reason}");
}
