using System.Text.Json;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Iam;

public sealed class IamDocumentTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private static readonly IamPolicySet Set = IamPolicies.Of("aws", TestStage.Account, TestStage.Region);

    [Fact]
    public void The_documentation_has_the_generated_policies()
    {
        IamDocument.Check("connector policy", Json(Set.ConnectorPolicy));
        IamDocument.Check("trust policy", Json(Set.JitpRole.TrustPolicy));
        IamDocument.Check("role policy", Json(Set.JitpRole.Policy));
    }

    [Fact]
    public void The_documentation_says_what_AWS_does_in_the_connectors_name() => IamDocument.Check(
        "in its name",
        string.Join('\n', IamPermissions.InOurName.Select(call => $"| `{call.Key}` | {string.Join(", ", call.Value.Select(action => $"`{action}`"))} |")
            .Prepend("| --- | --- |").Prepend("| call | what AWS does for it with the connector's permissions |")));

    private static string Json(IamPolicyDocument policy) => $"```json\n{JsonSerializer.Serialize(policy, Indented)}\n```";
}
