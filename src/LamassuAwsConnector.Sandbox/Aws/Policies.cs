using System.Globalization;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal sealed record PolicyVersion(int Number, string Document, DateTimeOffset Created)
{
    /// <summary>On the wire a version id is a string.</summary>
    public string Id => Number.ToString(CultureInfo.InvariantCulture);
}

internal sealed class Policy(string name, DateTimeOffset created)
{
    private int lastNumber;

    public string Name => name;

    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset Modified { get; set; } = created;

    public string GenerationId { get; } = Guid.NewGuid().ToString();

    public List<PolicyVersion> Versions { get; } = [];

    public PolicyVersion Default { get; set; } = null!;

    /// <summary>ARNs.</summary>
    public SortedSet<string> Targets { get; } = new(StringComparer.Ordinal);

    /// <summary>Numbers count up and are not used again.</summary>
    public PolicyVersion AddVersion(string document, DateTimeOffset now)
    {
        var version = new PolicyVersion(++lastNumber, document, now);
        Versions.Add(version);
        Modified = now;
        return version;
    }

    public string Arn(RegionState state) => state.Arn($"policy/{name}");
}

internal static class Policies
{
    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control("CreatePolicy", "POST /policies/{policyName}", Create, members: "policyDocument tags"),
        Operation.Control("GetPolicy", "GET /policies/{policyName}", Get),
        Operation.Control("DeletePolicy", "DELETE /policies/{policyName}", Delete),
        Operation.Control("ListPolicies", "GET /policies", List, "marker pageSize isAscendingOrder"),
    ];

    public static Policy Find(RegionState state, string name) =>
        state.Policies.GetValueOrDefault(Names.Policy(name)) ?? throw AwsException.NotFound($"Policy not found. Policy name: {name}");

    public static Policy Add(RegionState state, string name, string document, DateTimeOffset now)
    {
        PolicyDocument.Check(document);
        var policy = new Policy(name, now);
        policy.Default = policy.AddVersion(document, now);
        state.Policies.Add(name, policy);
        return policy;
    }

    public static JsonObject WriteNameAndArn(RegionState state, string name) =>
        new() { ["policyName"] = name, ["policyArn"] = state.Policies[name].Arn(state) };

    private static AwsAnswer Create(AwsCall call)
    {
        var name = Names.Policy(call.Label("policyName"));
        var document = call.Body.RequiredText("policyDocument");
        var tags = Tags.Read(call.Body);
        if (call.State.Policies.TryGetValue(name, out var known))
        {
            throw AwsException.AlreadyExists($"Policy cannot be created - name already exists (name={name})", name, known.Arn(call.State));
        }

        var policy = Add(call.State, name, document, call.Now);
        Tags.Put(call.State, policy.Arn(call.State), tags);
        return AwsAnswer.Of(
            new()
            {
                ["policyName"] = name,
                ["policyArn"] = policy.Arn(call.State),
                ["policyDocument"] = document,
                ["policyVersionId"] = policy.Default.Id,
            }
        );
    }

    private static AwsAnswer Get(AwsCall call)
    {
        var policy = Find(call.State, call.Label("policyName"));
        return AwsAnswer.Of(
            new()
            {
                ["policyName"] = policy.Name,
                ["policyArn"] = policy.Arn(call.State),
                ["policyDocument"] = policy.Default.Document,
                ["defaultVersionId"] = policy.Default.Id,
                ["creationDate"] = Json.Seconds(policy.Created),
                ["lastModifiedDate"] = Json.Seconds(policy.Modified),
                ["generationId"] = policy.GenerationId,
            }
        );
    }

    private static AwsAnswer Delete(AwsCall call)
    {
        var policy = Find(call.State, call.Label("policyName"));
        if (policy.Versions.Count > 1)
        {
            throw AwsException.DeleteConflict($"Cannot delete the policy because it has one or more policy versions attached to it (name={policy.Name})");
        }

        if (policy.Targets.Count > 0)
        {
            throw AwsException.DeleteConflict($"The policy cannot be deleted as the policy is attached to one or more principals (name={policy.Name})");
        }

        call.State.Policies.Remove(policy.Name);
        call.State.Tags.Remove(policy.Arn(call.State));
        return AwsAnswer.None;
    }

    private static AwsAnswer List(AwsCall call) =>
        Pages.ByMarker.Answer(
            call,
            "policies",
            call.Flag("isAscendingOrder") ? call.State.Policies.Values : call.State.Policies.Values.Reverse(),
            policy => policy.Name,
            policy => WriteNameAndArn(call.State, policy.Name)
        );
}
