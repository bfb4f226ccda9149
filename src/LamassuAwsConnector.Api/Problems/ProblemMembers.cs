using System.Diagnostics;
using System.Text.Json;
using LamassuAwsConnector.Core;
using Microsoft.AspNetCore.Mvc;

namespace LamassuAwsConnector.Api.Problems;

/// <summary>The members that every problem has, those among them that routing answers by itself.</summary>
internal static class ProblemMembers
{
    private const string Code = "code";
    private const string Err = "err";

    /// <param name="kind">The last part of the problem's type.</param>
    /// <param name="title">The type in words.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">A stable word for the failure.</param>
    /// <param name="source">Whose failure it is.</param>
    /// <param name="detail">One sentence for a person.</param>
    public static ProblemDetails Of(string kind, string title, int status, string code, FailureSource source, string detail) => new()
    {
        Type = $"urn:lamassu-aws-connector:problem:{kind}",
        Title = title,
        Status = status,
        Detail = detail,
        Extensions = { [Code] = code, ["source"] = source.ToString().ToLowerInvariant(), [Err] = detail },
    };

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
