using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Sandbox.Aws;
using LamassuAwsConnector.Tests.Infrastructure;
using LamassuAwsConnector.Tests.Startup;

namespace LamassuAwsConnector.Tests.Iam;

/// <summary>The IAM policies that the connector says it needs.</summary>
public sealed class IamPolicyTests
{
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: of a managed policy, without white space.
    private const int MaxPolicy = 6144;

    private static readonly IamPolicySet Set = IamPolicies.Of("aws", TestStage.Account, TestStage.Region);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_policy_allows_what_the_code_calls_and_what_AWS_does_in_its_name_and_nothing_else()
    {
        var methods = typeof(IIoTCore).GetMethods().Select(method => method.Name[..^"Async".Length].Replace("DescribeCARegistration", "DescribeCACertificate", StringComparison.Ordinal));
        string[] inItsName = ["CreateThing", "UpdateThing", "TagResource"];

        var expected = methods.Concat(inItsName).Distinct().Select(operation => $"iot:{operation}").Append("iam:PassRole");

        Assert.Equal(expected.Order(StringComparer.Ordinal), Actions(Set.ConnectorPolicy).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_action_is_an_operation_of_AWS()
    {
        var operations = Routes.Operations.Select(operation => $"iot:{operation.Name}").Append("iam:PassRole").ToHashSet();

        Assert.All(Actions(Set.ConnectorPolicy).Concat(Actions(Set.JitpRole.Policy)), action => Assert.Contains(action, operations));
    }

    [Fact]
    public void The_role_of_first_connections_may_do_what_a_template_asks_for_with_the_published_ones_actions_among_it()
    {
        var actions = Actions(Set.JitpRole.Policy).ToList();

        Assert.Contains("iot:AddThingToThingGroup", actions);
        Assert.Empty(PublishedPermissions.JitpRole.Except(actions));
        Assert.Equal(["sts:AssumeRole"], Actions(Set.JitpRole.TrustPolicy));
        Assert.Equal("iot.amazonaws.com", Set.JitpRole.TrustPolicy.Statement[0].Principal!["Service"]);
    }

    [Fact]
    public void Resources_are_of_this_partition_account_and_region_and_the_rest_is_bound_to_the_region()
    {
        var china = IamPolicies.Of("aws-cn", TestStage.Account, "cn-north-1").ConnectorPolicy;

        Assert.All(china.Statement, statement => Assert.True(
            statement.Resource is ["*"]
                ? statement.Condition?["StringEquals"]["aws:RequestedRegion"] == "cn-north-1"
                : statement.Resource!.All(resource => resource.StartsWith("arn:aws-cn:iot:cn-north-1:123456789012:", StringComparison.Ordinal)
                    || resource == "arn:aws-cn:iam::123456789012:role/JITPRole"),
            statement.Sid));
        Assert.Equal("iot.amazonaws.com", china.Statement.Single(statement => statement.Sid == "PassRole").Condition!["StringEquals"]["iam:PassedToService"]);
    }

    [Fact]
    public void Each_policy_fits_in_a_managed_policy_and_names_each_statement_once()
    {
        Assert.All(new[] { Set.ConnectorPolicy, Set.JitpRole.Policy, Set.JitpRole.TrustPolicy }, policy =>
        {
            Assert.True(JsonSerializer.Serialize(policy).Length < MaxPolicy);
            Assert.Equal(policy.Statement.Count, policy.Statement.Select(statement => statement.Sid).Distinct().Count());
            Assert.All(policy.Statement, statement => Assert.Matches("^[A-Za-z0-9]+$", statement.Sid));
        });
    }

    [Fact]
    public async Task The_API_answers_in_IAMs_spelling_with_the_account_of_the_credentials()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var answer = await stage.Connector.GetFromJsonAsync<JsonNode>("/v1/iam/policy", Cancellation);

        Assert.Equal(TestStage.Account, answer!["account"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(JsonSerializer.SerializeToNode(Set), answer), answer.ToJsonString());
        Assert.Equal(["Version", "Statement"], answer["connector_policy"]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Where_AWS_does_not_tell_the_account_a_placeholder_stands_in_its_place()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("aws_config:secret_access_key", "wrong"));

        var answer = await stage.Connector.GetFromJsonAsync<JsonNode>("/v1/iam/policy", Cancellation);

        Assert.Null(answer!["account"]);
        Assert.Contains(":ACCOUNT_ID:thing/*", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_prints_the_same_and_nothing_else_and_needs_no_more_than_the_region()
    {
        var (exitCode, output, error) = await ConnectorRun.RunAsync(
            new Dictionary<string, string?> { ["aws_config:region"] = "cn-north-1", ["aws_config:endpoint_url"] = "http://127.0.0.1:9" }, "--print-iam-policy");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.True(JsonNode.DeepEquals(JsonSerializer.SerializeToNode(IamPolicies.Of("aws-cn", account: null, "cn-north-1")), JsonNode.Parse(output)), output);
    }

    [Fact]
    public async Task The_command_line_says_what_it_lacks()
    {
        var (exitCode, output, error) = await ConnectorRun.RunAsync(new Dictionary<string, string?>(), "--print-iam-policy");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("aws_config.region is missing", error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Actions(IamPolicyDocument policy) => policy.Statement.SelectMany(statement => statement.Action);
}
