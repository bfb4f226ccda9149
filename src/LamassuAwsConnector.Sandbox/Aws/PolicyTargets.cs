using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>Policies attached to certificates and thing groups.</summary>
internal static class PolicyTargets
{
    // https://docs.aws.amazon.com/general/latest/gr/iot-core.html: policies attached to a certificate; to a thing group.
    private const int PoliciesOfOneCertificate = 10;

    private const int PoliciesOfOneGroup = 2;

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control("AttachPolicy", "PUT /target-policies/{policyName}", Attach, members: "target"),
        Operation.Control("DetachPolicy", "POST /target-policies/{policyName}", Detach, members: "target"),
        Operation.Control("ListAttachedPolicies", "POST /attached-policies/{target}", List, "recursive marker pageSize", ""),
        Operation.Control("ListTargetsForPolicy", "POST /policy-targets/{policyName}", ListTargets, "marker pageSize", ""),
    ];

    /// <summary>Attaching twice changes nothing.</summary>
    public static void Attach(RegionState state, Policy policy, DeviceCertificate certificate) =>
        Attach(policy, certificate.Arn(state), certificate.Policies, PoliciesOfOneCertificate);

    public static void DetachAll(RegionState state, string arn, List<string> policies)
    {
        policies.ForEach(name => state.Policies[name].Targets.Remove(arn));
        policies.Clear();
    }

    private static void Attach(Policy policy, string arn, List<string> attached, int most)
    {
        if (attached.Contains(policy.Name))
        {
            return;
        }

        if (attached.Count >= most)
        {
            throw AwsException.LimitExceeded($"The maximum number of policies ({most}) is attached to {arn}");
        }

        attached.Add(policy.Name);
        policy.Targets.Add(arn);
    }

    private static AwsAnswer Attach(AwsCall call)
    {
        var policy = Policies.Find(call.State, call.Label("policyName"));
        var target = Find(call.State, call.Body.RequiredText("target"));
        Attach(policy, target.Arn, target.Policies, target.Group is null ? PoliciesOfOneCertificate : PoliciesOfOneGroup);
        return AwsAnswer.None;
    }

    private static AwsAnswer Detach(AwsCall call)
    {
        var policy = Policies.Find(call.State, call.Label("policyName"));
        var target = Find(call.State, call.Body.RequiredText("target"));
        target.Policies.Remove(policy.Name);
        policy.Targets.Remove(target.Arn);
        return AwsAnswer.None;
    }

    private static AwsAnswer List(AwsCall call)
    {
        var target = Find(call.State, call.Label("target"));
        var inherited = call.Flag("recursive") ? target.Group?.Ancestors.SelectMany(group => group.Policies) ?? [] : [];
        return Pages.ByMarker.Answer(
            call,
            "policies",
            target.Policies.Concat(inherited).Distinct(),
            name => name,
            name => Policies.WriteNameAndArn(call.State, name)
        );
    }

    private static AwsAnswer ListTargets(AwsCall call)
    {
        var policy = Policies.Find(call.State, call.Label("policyName"));
        return Pages.ByMarker.Answer(call, "targets", policy.Targets, arn => arn, arn => JsonValue.Create(arn));
    }

    private static (string Arn, List<string> Policies, ThingGroup? Group) Find(RegionState state, string arn)
    {
        var certificate = state.Arn("cert/");
        var group = state.Arn("thinggroup/");
        if (arn.StartsWith(certificate, StringComparison.Ordinal))
        {
            return state.Certificates.TryGetValue(arn[certificate.Length..], out var found)
                ? (arn, found.Policies, null)
                : throw AwsException.NotFound($"Certificate {arn} does not exist");
        }

        if (arn.StartsWith(group, StringComparison.Ordinal))
        {
            var found = ThingGroups.Find(state, arn[group.Length..]);
            return (arn, found.Policies, found);
        }

        throw AwsException.InvalidRequest($"Invalid target: {arn} is no certificate or thing group of this account and Region");
    }
}
