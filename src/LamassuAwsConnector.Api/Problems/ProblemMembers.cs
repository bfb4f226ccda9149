using System.Diagnostics;
using LamassuAwsConnector.Core;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace LamassuAwsConnector.Api.Problems;

/// <summary>The members that every problem has, those among them that routing answers by itself.</summary>
internal static class ProblemMembers
{
    // Our limits and the connections to AWS and Lamassu recover within seconds; see the retries of the AWS SDK and of LamassuServices.
    public const string RetryAfterSeconds = "5";

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
        var response = context.HttpContext.Response;
        problem.Status ??= response.StatusCode;
        members["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        if (response.StatusCode is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }

        if (members.ContainsKey(Code))
        {
            return;
        }

        var (code, detail) = problem.Status switch
        {
            StatusCodes.Status404NotFound => ("route_not_found", $"There is no route {context.HttpContext.Request.Path}; see /swagger."),
            StatusCodes.Status405MethodNotAllowed => ("method_not_allowed", $"{context.HttpContext.Request.Path} has no method {context.HttpContext.Request.Method}; see /swagger."),
            _ => ("http_error", "The request could not be answered."),
        };
        problem.Type = "urn:lamassu-aws-connector:problem:request";
        problem.Title = ReasonPhrases.GetReasonPhrase(response.StatusCode);
        problem.Detail = detail;
        members[Code] = code;
        members["source"] = "connector";
        members[Err] = detail;
    }
}
