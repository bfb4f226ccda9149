namespace LamassuAwsConnector.Core.Aws;

/// <summary>
/// What IAM has to allow: the operations that the code calls, which are the methods of <see cref="IIoTCore"/>, what AWS does in our name for them, and the
/// kinds of resource that each works on
/// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html). <c>GetCallerIdentity</c> of STS needs no permission.
/// </summary>
internal static class IamPermissions
{
    public const string Thing = "thing";
    public const string ThingGroup = "thinggroup";
    public const string Certificate = "cert";
    public const string CACertificate = "cacert";
    public const string Policy = "policy";
    public const string Template = "provisioningtemplate";
    public const string Client = "client";

    // Kinds by action; none: IAM knows no resource for it, or none before it is made.
    private static readonly Dictionary<string, string[]> Kinds = new(StringComparer.Ordinal)
    {
        ["AddThingToThingGroup"] = [Thing, ThingGroup],
        ["AttachPolicy"] = [Certificate],
        ["AttachThingPrincipal"] = [Certificate, Thing],
        ["CreatePolicy"] = [],
        ["CreatePolicyVersion"] = [Policy],
        ["CreateProvisioningTemplate"] = [],
        ["CreateProvisioningTemplateVersion"] = [Template],
        ["CreateThing"] = [Thing],
        ["CreateThingGroup"] = [ThingGroup],
        ["DeleteConnection"] = [Client],
        ["DeletePolicyVersion"] = [Policy],
        ["DeleteProvisioningTemplate"] = [Template],
        ["DeleteProvisioningTemplateVersion"] = [Template],
        ["DescribeCACertificate"] = [CACertificate],
        ["DescribeCertificate"] = [Certificate],
        ["DescribeEndpoint"] = [],
        ["DescribeProvisioningTemplate"] = [Template],
        ["DescribeThing"] = [Thing],
        ["DescribeThingGroup"] = [ThingGroup],
        ["DetachThingPrincipal"] = [Certificate, Thing],
        ["GetConnection"] = [Client],
        ["GetPolicy"] = [Policy],
        ["GetRegistrationCode"] = [],
        ["GetThingShadow"] = [Thing],
        ["ListAttachedPolicies"] = [Certificate],
        ["ListCACertificates"] = [],
        ["ListPolicyVersions"] = [Policy],
        ["ListProvisioningTemplateVersions"] = [Template],
        ["ListProvisioningTemplates"] = [],
        ["ListTagsForResource"] = [CACertificate, Template],
        ["ListThingGroupsForThing"] = [Thing],
        ["ListThingPrincipals"] = [Thing],
        ["RegisterCACertificate"] = [],
        ["RegisterCertificate"] = [],
        ["RegisterThing"] = [],
        ["TagResource"] = [CACertificate, Template],
        ["UpdateCACertificate"] = [CACertificate],
        ["UpdateCertificate"] = [Certificate],
        ["UpdateProvisioningTemplate"] = [Template],
        ["UpdateThing"] = [Thing],
        ["UpdateThingShadow"] = [Thing],
    };

    /// <summary>What AWS does when it runs one of our templates. AWS publishes no list; these are those of its own role policy for it that our templates can need.</summary>
    public static IReadOnlyList<string> RunningATemplate { get; } =
    [
        "AddThingToThingGroup", "AttachPolicy", "AttachThingPrincipal", "CreateThing", "DescribeCertificate", "DescribeThing", "DescribeThingGroup", "GetPolicy",
        "ListThingGroupsForThing", "UpdateCertificate", "UpdateThing",
    ];

    /// <summary>What AWS does in our name, by the operation that we call.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> InOurName { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        ["RegisterThing"] = [.. RunningATemplate, "RegisterCertificate"],
        ["RegisterCACertificate"] = ["TagResource"],
        ["CreateProvisioningTemplate"] = ["TagResource"],
    };

    /// <summary>The operations that the code calls, by their names in AWS.</summary>
    public static IReadOnlyList<string> Called { get; } =
        [.. typeof(IIoTCore).GetMethods().Select(method => OperationOf(method.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The resource kinds that the action works on; empty: it is allowed on all resources or not at all.</summary>
    public static IReadOnlyList<string> KindsOf(string action) => Kinds.TryGetValue(action, out var kinds)
        ? kinds
        : throw new InvalidOperationException($"{nameof(IamPermissions)} does not say what {action} works on.");

    // Two methods make one call, and read different parts of its answer.
    private static string OperationOf(string method) =>
        method == nameof(IIoTCore.DescribeCARegistrationAsync) ? "DescribeCACertificate" : method[..^"Async".Length];
}
