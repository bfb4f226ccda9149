using LamassuAwsConnector.Core.Aws;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LamassuAwsConnector.Api.Endpoints;

internal static class IamEndpoints
{
    public static void MapIamPolicy(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/v1/iam").WithTags("IAM").MapGet("/policy", GetIamPolicy);

    /// <summary>The IAM policies that the connector needs: its own, and the role in which AWS provisions devices at their first connection</summary>
    /// <remarks>
    /// Made from the list of operations that the connector calls and what these do in its name, with the account of its credentials and its region. Where
    /// AWS does not tell the account, `account` is null and `ACCOUNT_ID` stands in its place. The policies themselves are as IAM takes them.
    /// </remarks>
    private static async Task<Ok<IamPolicySet>> GetIamPolicy(IamPolicies policies, CancellationToken cancellationToken) =>
        TypedResults.Ok(await policies.DescribeAsync(cancellationToken));
}
