using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal static class PolicyVersions
{
    // https://docs.aws.amazon.com/general/latest/gr/iot-core.html: versions of a named policy.
    private const int VersionsOfOnePolicy = 5;

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control("CreatePolicyVersion", "POST /policies/{policyName}/version", Create, "setAsDefault", "policyDocument"),
        Operation.Control("ListPolicyVersions", "GET /policies/{policyName}/version", List),
        Operation.Control("GetPolicyVersion", "GET /policies/{policyName}/version/{policyVersionId}", Get),
        Operation.Control("SetDefaultPolicyVersion", "PATCH /policies/{policyName}/version/{policyVersionId}", SetDefault),
        Operation.Control("DeletePolicyVersion", "DELETE /policies/{policyName}/version/{policyVersionId}", Delete),
    ];

    private static AwsAnswer Create(AwsCall call)
    {
        var policy = Policies.Find(call.State, call.Label("policyName"));
        var document = call.Body.RequiredText("policyDocument");
        var setAsDefault = call.Flag("setAsDefault");
        PolicyDocument.Check(document);
        if (policy.Versions.Count >= VersionsOfOnePolicy)
        {
            throw AwsException.VersionsLimitExceeded($"The policy {policy.Name} already has the maximum number of versions ({VersionsOfOnePolicy})");
        }

        var version = policy.AddVersion(document, call.Now);
        if (setAsDefault)
        {
            policy.Default = version;
        }

        return AwsAnswer.Of(
            new()
            {
                ["policyArn"] = policy.Arn(call.State),
                ["policyDocument"] = document,
                ["policyVersionId"] = version.Id,
                ["isDefaultVersion"] = setAsDefault,
            }
        );
    }

    private static AwsAnswer List(AwsCall call)
    {
        var policy = Policies.Find(call.State, call.Label("policyName"));
        return AwsAnswer.Of(
            new()
            {
                ["policyVersions"] = Json.List(
                    policy
                        .Versions.AsEnumerable()
                        .Reverse()
                        .Select(version => new JsonObject
                        {
                            ["versionId"] = version.Id,
                            ["isDefaultVersion"] = version == policy.Default,
                            ["createDate"] = Json.Seconds(version.Created),
                        })
                ),
            }
        );
    }

    private static AwsAnswer Get(AwsCall call)
    {
        var (policy, version) = Find(call);
        return AwsAnswer.Of(
            new()
            {
                ["policyArn"] = policy.Arn(call.State),
                ["policyName"] = policy.Name,
                ["policyDocument"] = version.Document,
                ["policyVersionId"] = version.Id,
                ["isDefaultVersion"] = version == policy.Default,
                ["creationDate"] = Json.Seconds(version.Created),
                ["lastModifiedDate"] = Json.Seconds(version.Created),
                ["generationId"] = policy.GenerationId,
            }
        );
    }

    private static AwsAnswer SetDefault(AwsCall call)
    {
        var (policy, version) = Find(call);
        policy.Default = version;
        policy.Modified = call.Now;
        return AwsAnswer.None;
    }

    private static AwsAnswer Delete(AwsCall call)
    {
        var (policy, version) = Find(call);
        if (version == policy.Default)
        {
            throw AwsException.DeleteConflict($"Cannot delete the default version of a policy (name={policy.Name})");
        }

        policy.Versions.Remove(version);
        return AwsAnswer.None;
    }

    private static (Policy Policy, PolicyVersion Version) Find(AwsCall call)
    {
        var policy = Policies.Find(call.State, call.Label("policyName"));
        var id = call.Label("policyVersionId");
        return (
            policy,
            policy.Versions.Find(version => version.Id == id)
                ?? throw AwsException.NotFound($"Policy version not found. Policy name: {policy.Name}, version: {id}")
        );
    }
}
