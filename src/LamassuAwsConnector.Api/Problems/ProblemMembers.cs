using System.Diagnostics;
using System.Text.Json;

namespace LamassuAwsConnector.Api.Problems;

/// <summary>The members that every problem has, those among them that routing answers by itself.</summary>
internal static class ProblemMembers
{
    private const string Code = "code";
    private const string Err = "err";

    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var members = problem.Extensions;

        // The framework has spelled it by the naming policy of bodies.
        members.Remove(JsonNamingPolicy.SnakeCaseLower.ConvertName("traceId"));
        members["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        if (members.ContainsKey(Code))
        {
            return;
        }

        var (code, detail) = problem.Status switch
        {
            StatusCodes.Status404NotFound => ("route_not_found", $"There is no route {context.HttpContext.Request.Path}; see /swagger."),
            StatusCodes.Status405MethodNotAllowed => ("method_not_allowed", $"{context.HttpContext.Request.Path} has no method {context.HttpContext.Request.Method}; see /swagger."),
            _ => ("http_error", problem.Title ?? "The request could not be answered."),
        };
        problem.Type = "urn:lamassu-aws-connector:problem:request";
        problem.Detail = detail;
        members[Code] = code;
        members["source"] = "connector";
        members[Err] = detail;
    }
}
