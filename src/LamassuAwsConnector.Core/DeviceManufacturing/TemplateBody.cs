using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>
/// The body of a provisioning template: one thing, its certificate, and the policies of its DMS. A thing that exists keeps its attributes and type, a
/// certificate that exists its status. Policies stand under logical names of our own, so that one called <c>thing</c> or <c>certificate</c> takes nothing
/// else's place.
/// </summary>
internal sealed record TemplateBody
{
    public const string Thing = "thing";
    public const string Certificate = "certificate";

    /// <summary>The parameters that are declared: those that are used, as AWS provisions nothing when a declared one is missing.</summary>
    public required IReadOnlyList<string> Parameters { get; init; }

    public required string ThingNameParameter { get; init; }

    /// <summary>A thing attribute's name to the parameter with its value.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>What becomes of the groups that an existing thing is in.</summary>
    public required string ExistingGroups { get; init; }

    /// <summary>A property of the certificate to the parameter with its value.</summary>
    public required IReadOnlyDictionary<string, string> CertificateProperties { get; init; }

    public string Write(DmsAwsSettings settings)
    {
        var thing = new JsonObject { ["ThingName"] = Ref(ThingNameParameter) };
        if (Attributes.Count > 0)
        {
            thing["AttributePayload"] = Refs(Attributes);
        }

        if (settings.Groups.Count > 0)
        {
            thing["ThingGroups"] = new JsonArray([.. settings.Groups.Select(group => (JsonNode)group)]);
        }

        var certificate = Refs(CertificateProperties);
        certificate["Status"] = "ACTIVE";
        var resources = new JsonObject
        {
            [Thing] = Resource(
                "AWS::IoT::Thing",
                thing,
                new JsonObject { ["AttributePayload"] = "MERGE", ["ThingTypeName"] = "DO_NOTHING", ["ThingGroups"] = ExistingGroups }),
            [Certificate] = Resource("AWS::IoT::Certificate", certificate, new JsonObject { ["Status"] = "DO_NOTHING" }),
        };
        foreach (var (policy, index) in settings.Policies.Select((policy, index) => (policy, index)))
        {
            resources[$"policy{index}"] = Resource("AWS::IoT::Policy", new JsonObject { ["PolicyName"] = policy.Name }, overrides: null);
        }

        var parameters = Parameters.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["Type"] = "String" }));
        return new JsonObject { [nameof(Parameters)] = new JsonObject(parameters), ["Resources"] = resources }.ToJsonString();
    }

    private static JsonObject Resource(string type, JsonObject properties, JsonObject? overrides)
    {
        var resource = new JsonObject { ["Type"] = type, ["Properties"] = properties };
        if (overrides is not null)
        {
            resource["OverrideSettings"] = overrides;
        }

        return resource;
    }

    private static JsonObject Refs(IReadOnlyDictionary<string, string> properties) =>
        new(properties.Select(property => KeyValuePair.Create(property.Key, (JsonNode?)Ref(property.Value))));

    private static JsonObject Ref(string parameter) => new() { ["Ref"] = parameter };
}
