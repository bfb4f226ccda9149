using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Replay.Facts;

/// <summary>What a provisioning template does for a device.</summary>
/// <param name="ThingName">The parameter that names the thing.</param>
/// <param name="Policies">By name, or by document where the template brings its own.</param>
internal sealed record TemplateBody(string? ThingName, IReadOnlySet<string> Groups, IReadOnlyList<NamedPolicy> Policies, string? CertificateStatus)
{
    public const string CommonName = "AWS::IoT::Certificate::CommonName";

    public static TemplateBody? Read(string body)
    {
        if (Members.ParseObject(Encoding.UTF8.GetBytes(body)).Object("Resources") is not { } resources)
        {
            return null;
        }

        IEnumerable<JsonObject?> OfType(string type) => resources.Where(resource => resource.Value.Text("Type") == type).Select(resource => resource.Value.Object("Properties"));
        var thing = OfType("AWS::IoT::Thing").FirstOrDefault();
        return new TemplateBody(
            thing.Object("ThingName").Text("Ref"),
            thing.Texts("ThingGroups").ToHashSet(StringComparer.Ordinal),
            [.. OfType("AWS::IoT::Policy").Select(policy => new NamedPolicy(policy.Text("PolicyName") ?? "", policy.Text("PolicyDocument") ?? ""))],
            OfType("AWS::IoT::Certificate").FirstOrDefault().Text("Status"));
    }

    /// <summary>Whether it does what the DMS asks for: no group and no policy less, and none more.</summary>
    public bool DoesWhat(DmsSettings dms) =>
        ThingName == CommonName
        && string.Equals(CertificateStatus, "ACTIVE", StringComparison.OrdinalIgnoreCase)
        && Groups.SetEquals(dms.Groups)
        && dms.Policies.All(asked => Policies.Any(policy => IsSame(policy, asked)))
        && Policies.All(policy => dms.Policies.Any(asked => IsSame(policy, asked)));

    private static bool IsSame(NamedPolicy policy, NamedPolicy asked) => policy.Name.Length > 0 ? policy.Name == asked.Name : DmsPolicies.IsSame(policy.Document, asked.Document);
}
