using System.Globalization;
using System.Text.Json.Serialization;
using Amazon;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Aws;

/// <param name="Account" example="123456789012">The account in the policies; null where AWS did not tell: they hold <c>ACCOUNT_ID</c> in its place.</param>
/// <param name="Region" example="eu-west-1">The configured region.</param>
/// <param name="ConnectorPolicy">For the user or role whose credentials the connector has.</param>
/// <param name="JitpRole">The role in which AWS provisions devices at their first connection.</param>
public sealed record IamPolicySet(
    [property: JsonPropertyName("account")] string? Account,
    [property: JsonPropertyName("region")] string Region,
    [property: JsonPropertyName("connector_policy")] IamPolicyDocument ConnectorPolicy,
    [property: JsonPropertyName("jitp_role")] IamRole JitpRole);

/// <param name="Name" example="JITPRole">The role's name, where a DMS names no other.</param>
/// <param name="TrustPolicy">Who may take the role.</param>
/// <param name="Policy">What the role may do.</param>
public sealed record IamRole(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("trust_policy")] IamPolicyDocument TrustPolicy,
    [property: JsonPropertyName("policy")] IamPolicyDocument Policy);

/// <summary>The IAM policies that the connector needs, no wider than its calls.</summary>
public sealed class IamPolicies
{
    private const string UnknownAccount = "ACCOUNT_ID";
    private const string IoT = "iot.amazonaws.com";

    private readonly AwsAccount account;
    private readonly string region;
    private readonly TimeSpan patience;
    private readonly TimeProvider timeProvider;

    internal IamPolicies(AwsAccount account, IOptions<AwsOptions> aws, IOptions<HealthOptions> health, TimeProvider timeProvider)
    {
        this.account = account;
        region = aws.Value.Region;
        patience = health.Value.Timeout;
        this.timeProvider = timeProvider;
    }

    /// <summary>Asks AWS for the account, and does without it where AWS does not answer.</summary>
    public async Task<IamPolicySet> DescribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var identity = await account.GetAsync(cancellationToken).WaitAsync(patience, timeProvider, cancellationToken);
            return Of(identity.Partition, identity.Account, region);
        }
        catch (Exception exception) when (exception is ConnectorException or TimeoutException)
        {
            return Of(RegionEndpoint.GetBySystemName(region).PartitionName, account: null, region);
        }
    }

    internal static IamPolicySet Of(string partition, string? account, string region)
    {
        var place = new Place(partition, account ?? UnknownAccount, region);
        var actions = IamPermissions.Called.Concat(IamPermissions.InOurName.Values.SelectMany(inner => inner));
        return new IamPolicySet(
            account,
            region,
            IamPolicyDocument.Of([.. Statements(actions, place), PassRole(place)]),
            new IamRole(JitpTemplateService.DefaultRole, Trust, IamPolicyDocument.Of([.. Statements(IamPermissions.RunningATemplate, place)])));
    }

    private static IamPolicyDocument Trust => IamPolicyDocument.Of(new IamStatement
    {
        Sid = "AwsIoT",
        Principal = new Dictionary<string, string> { ["Service"] = IoT },
        Action = ["sts:AssumeRole"],
    });

    // One statement for all actions that work on the same kinds of resource.
    private static IEnumerable<IamStatement> Statements(IEnumerable<string> actions, Place place) => actions
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .GroupBy(action => string.Concat(IamPermissions.KindsOf(action).Select(Capitalized)))
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group =>
        {
            var kinds = IamPermissions.KindsOf(group.First());
            return new IamStatement
            {
                Sid = group.Key.Length == 0 ? "Region" : group.Key,
                Action = [.. group.Select(action => $"iot:{action}")],
                Resource = kinds.Count == 0 ? ["*"] : [.. kinds.Select(kind => $"arn:{place.Partition}:iot:{place.Region}:{place.Account}:{kind}/*")],
                Condition = kinds.Count == 0 ? Equal("aws:RequestedRegion", place.Region) : null,
            };
        });

    private static IamStatement PassRole(Place place) => new()
    {
        Sid = "PassRole",
        Action = ["iam:PassRole"],
        Resource = [$"arn:{place.Partition}:iam::{place.Account}:role/{JitpTemplateService.DefaultRole}"],
        Condition = Equal("iam:PassedToService", IoT),
    };

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Equal(string key, string value) =>
        new() { ["StringEquals"] = new Dictionary<string, string> { [key] = value } };

    private static string Capitalized(string kind) => char.ToUpper(kind[0], CultureInfo.InvariantCulture) + kind[1..];

    private sealed record Place(string Partition, string Account, string Region);
}
