using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Tests.DeviceManufacturing;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Iam;

/// <summary>What works with which permissions, at a stand-in that refuses everything else.</summary>
public sealed class IamScenarioTests
{
    private static readonly IamPolicySet Set = IamPolicies.Of("aws", TestStage.Account, TestStage.Region);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Register the first device of a DMS, with policy and group", "iot:RegisterThing")]
    [InlineData("Register the first device of a DMS, with policy and group", "iot:AttachPolicy")]
    [InlineData("Register a CA by SNI only", "iot:TagResource")]
    [InlineData("Make a JITP template and attach it to its CA", "iam:PassRole")]
    public async Task Without_one_action_of_the_policy_what_needs_it_does_not_work(string name, string action)
    {
        var policy = PublishedPermissions.Policy(Set.ConnectorPolicy.Statement.SelectMany(statement => statement.Action).Where(allowed => allowed != action));

        var (works, refused, _) = await RunAsync(IamScenario.All.Single(scenario => scenario.Name == name), policy, role: null);

        Assert.False(works);
        Assert.NotEmpty(refused);
    }

    [Fact]
    public async Task With_exactly_the_generated_policies_everything_works_and_the_documentation_says_what_does_with_the_published_ones()
    {
        var generated = Set.ConnectorPolicy.Statement.SelectMany(statement => statement.Action).ToList();
        var rows = new List<string> { "| what | with the published permissions | what is missing |", "| --- | --- | --- |" };
        foreach (var scenario in IamScenario.All)
        {
            var (isComplete, refused, needed) = await RunAsync(
                scenario, JsonSerializer.SerializeToNode(Set.ConnectorPolicy), JsonSerializer.SerializeToNode(Set.JitpRole.Policy));
            Assert.True(isComplete, $"{scenario.Name}: refused are {string.Join(", ", refused)}");
            Assert.Empty(needed.Except(generated));

            var (works, _, _) = await RunAsync(
                scenario, PublishedPermissions.Policy(PublishedPermissions.Connector), PublishedPermissions.Policy(PublishedPermissions.JitpRole));
            var missing = scenario.Name == IamScenario.FirstConnection
                ? IamPermissions.RunningATemplate.Select(operation => $"iot:{operation}").Except(PublishedPermissions.JitpRole)
                : needed.Except(PublishedPermissions.Connector);
            rows.Add($"| {scenario.Name} | {(works ? "works" : "does not work")} | {string.Join(", ", missing.Order(StringComparer.Ordinal).Select(action => $"`{action}`"))} |");
        }

        IamDocument.Check("published", string.Join('\n', rows));
    }

    /// <returns>Whether it worked, the calls that were refused, and the actions that it takes: of each call, and what AWS does for it in the caller's name.</returns>
    private static async Task<(bool Works, IReadOnlyCollection<string> Refused, IReadOnlyCollection<string> Actions)> RunAsync(IamScenario scenario, JsonNode? connector, JsonNode? role)
    {
        // What is denied is not tried for a day.
        await using var stage = await JitpStage.StartAsync(door: Door.Event, configuration: ("event_retries:max_age", "00:00:00"));
        await scenario.Prepare(stage);
        await stage.Stage.RestartConnectorAsync(("event_retries:max_age", "00:00:00"));
        await stage.Stage.ForgetCallsAsync();
        await AllowAsync(stage, connector, role);
        var answered = await scenario.Act(stage);
        var calls = await stage.Stage.AwsCallsAsync();
        await AllowAsync(stage, connector: null, role: null);
        var refused = calls.Where(call => call.Error == "AccessDeniedException").Select(call => call.Operation).ToList();
        var works = answered && refused.Count == 0 && await scenario.Holds(stage);
        return (works, refused, [.. calls.Select(call => call.Operation).Distinct().SelectMany(ActionsOf).Distinct()]);
    }

    private static IEnumerable<string> ActionsOf(string operation) =>
    [
        $"iot:{operation}",
        .. (IamPermissions.InOurName.GetValueOrDefault(operation) ?? []).Select(inner => $"iot:{inner}"),
        .. operation is "CreateProvisioningTemplate" or "UpdateProvisioningTemplate" ? ["iam:PassRole"] : Array.Empty<string>(),
    ];

    private static Task AllowAsync(JitpStage stage, JsonNode? connector, JsonNode? role) => stage.Stage.Stage.StandIns.AwsControl.SendAsync(
        HttpMethod.Put,
        "permissions",
        new JsonObject { ["connector_policy"] = connector?.DeepClone(), ["jitp_role_policy"] = role?.DeepClone() },
        Cancellation);
}
