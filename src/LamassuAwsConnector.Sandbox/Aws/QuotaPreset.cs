namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>
/// AWS's default quotas, in calls per second, account and region (https://docs.aws.amazon.com/general/latest/gr/iot-core.html; small regions have less). Where
/// sources differ, the newer one.
/// </summary>
internal static class QuotaPreset
{
    /// <summary>Get, update and delete of the shadows of one thing, together.</summary>
    public const string ThingShadow = "ThingShadow";

    /// <summary>Device certificates registered in whatever way.</summary>
    public const string DeviceCertificates = "DeviceCertificates";

    private const int UnlessNamed = Assumptions.TransactionsPerSecond;

    private static readonly Dictionary<string, int> Named = new(StringComparer.Ordinal)
    {
        ["CreateThing"] = 100,
        ["DescribeThing"] = 350,
        ["UpdateThing"] = 100,
        ["DeleteThing"] = 100,
        ["AttachThingPrincipal"] = 100,
        ["DetachThingPrincipal"] = 100,
        ["AttachPolicy"] = 15,
        ["DetachPolicy"] = 15,
        ["ListAttachedPolicies"] = 15,
        ["GetPolicyVersion"] = 15,
        ["DescribeThingGroup"] = 100,
        ["CreateThingGroup"] = 25,
        ["AddThingToThingGroup"] = 100,
        ["RemoveThingFromThingGroup"] = 100,
        ["ListThingGroupsForThing"] = 100,
        [ThingShadow] = 20,
        [DeviceCertificates] = 15,
    };

    private static readonly HashSet<string> OfShadows = ["GetThingShadow", "UpdateThingShadow", "DeleteThingShadow"];

    private static readonly HashSet<string> OfDeviceCertificates = ["RegisterCertificate", "RegisterCertificateWithoutCA"];

    /// <summary>All names that a rate can be set for.</summary>
    public static IReadOnlySet<string> Quotas { get; } =
        Routes
            .Operations.Where(operation => operation.Service != AwsService.Sts)
            .Select(operation => operation.Name)
            .Append(ThingShadow)
            .Append(DeviceCertificates)
            .ToHashSet(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, int> Aws { get; } =
        Quotas.Where(name => !OfShadows.Contains(name)).ToDictionary(name => name, name => Named.GetValueOrDefault(name, UnlessNamed), StringComparer.Ordinal);

    public static IEnumerable<string> QuotasOf(string operation) =>
        OfShadows.Contains(operation) ? [operation, ThingShadow]
        : OfDeviceCertificates.Contains(operation) ? [operation, DeviceCertificates]
        : [operation];
}
