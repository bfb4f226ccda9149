using System.Text.Json;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>The provisioning template that RegisterThing runs for one device.</summary>
internal static class ThingTemplate
{
    public const string Thing = "thing";
    public const string Certificate = "certificate";
    public const string ThingNameParameter = "ThingName";
    public const string CertificateParameter = "CertificatePem";
    public const string CACertificateParameter = "CACertificatePem";

    /// <summary>
    /// A thing that exists keeps its attributes, type and groups, a certificate that exists its status. Policies stand under logical names of our own,
    /// so that one called <c>thing</c> or <c>certificate</c> takes nothing else's place.
    /// </summary>
    public static string Build(DmsAwsSettings settings)
    {
        var resources = new Dictionary<string, object>
        {
            [Thing] = new
            {
                Type = "AWS::IoT::Thing",
                Properties = settings.Groups.Count == 0
                    ? (object)new { ThingName = new { Ref = ThingNameParameter } }
                    : new { ThingName = new { Ref = ThingNameParameter }, ThingGroups = settings.Groups },
                OverrideSettings = new { AttributePayload = "MERGE", ThingTypeName = "DO_NOTHING", ThingGroups = "MERGE" },
            },
            [Certificate] = new
            {
                Type = "AWS::IoT::Certificate",
                Properties = new
                {
                    CertificatePem = new { Ref = CertificateParameter },
                    CACertificatePem = new { Ref = CACertificateParameter },
                    Status = "ACTIVE",
                },
                OverrideSettings = new { Status = "DO_NOTHING" },
            },
        };
        foreach (var (policy, index) in settings.Policies.Select((policy, index) => (policy, index)))
        {
            resources[$"policy{index}"] = new { Type = "AWS::IoT::Policy", Properties = new { PolicyName = policy.Name } };
        }

        return JsonSerializer.Serialize(new { Parameters = Parameters, Resources = resources });
    }

    private static readonly Dictionary<string, object> Parameters = new()
    {
        [ThingNameParameter] = new { Type = "String" },
        [CertificateParameter] = new { Type = "String" },
        [CACertificateParameter] = new { Type = "String" },
    };
}
