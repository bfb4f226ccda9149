using System.Diagnostics;
using LamassuAwsConnector.Core;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace LamassuAwsConnector.Api.Problems;

/// <summary>Failures as RFC 9457 problems, with the <c>err</c> member in which Lamassu's user interfaces look for the sentence to show.</summary>
internal sealed partial class ConnectorExceptionHandler(IProblemDetailsService problems, ILogger<ConnectorExceptionHandler> logger) : IExceptionHandler
{
    // Our limits and the connections to AWS and Lamassu recover within seconds; see the retries of the AWS SDK and of LamassuServices.
    private const string RetryAfterSeconds = "5";
    private const string BodyTooLarge = "body_too_large";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer any more; 499 is what proxies log for it.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var failure = exception switch
        {
            ConnectorException connector => connector,
            InvalidRequestException invalid => new ConnectorException(FailureKind.Invalid, "invalid_request", FailureSource.Connector, invalid.Message, exception),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                new ConnectorException(FailureKind.Invalid, BodyTooLarge, FailureSource.Connector, "The body is larger than the limit of 64 KiB.", exception),
            BadHttpRequestException => new ConnectorException(FailureKind.Invalid, "bad_request", FailureSource.Connector, "The request can't be read.", exception),
            _ => new ConnectorException(FailureKind.Unexpected, "unexpected", FailureSource.Connector, "Something unforeseen went wrong; the log has more under the trace id.", exception),
        };
        var status = failure.Code == BodyTooLarge ? StatusCodes.Status413PayloadTooLarge : Status(failure.Kind);
        Say(httpContext, status, failure, exception);

        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = Describe(failure, status, (exception as InvalidRequestException)?.Errors),
        });
    }

    private static ProblemDetails Describe(ConnectorException failure, int status, IReadOnlyDictionary<string, string[]>? errors)
    {
        var problem = ProblemMembers.Of(
            failure.Kind.ToString().ToLowerInvariant(), Title(failure.Kind), status, failure.Code, failure.FailureSource, failure.Message);
        if (errors is not null)
        {
            problem.Extensions["errors"] = errors;
        }

        return problem;
    }

    private static int Status(FailureKind kind) => kind switch
    {
        FailureKind.Invalid => StatusCodes.Status400BadRequest,
        FailureKind.NotFound => StatusCodes.Status404NotFound,
        FailureKind.Conflict => StatusCodes.Status409Conflict,
        FailureKind.Denied => StatusCodes.Status502BadGateway,
        FailureKind.Throttled or FailureKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static string Title(FailureKind kind) => kind switch
    {
        FailureKind.Invalid => "The request is not valid",
        FailureKind.NotFound => "Not found",
        FailureKind.Conflict => "The present state does not allow it",
        FailureKind.Denied => "Access denied by a service behind the connector",
        FailureKind.Throttled => "Too many calls",
        FailureKind.Unavailable => "A service behind the connector is not available",
        _ => "Unexpected failure",
    };

    private void Say(HttpContext httpContext, int status, ConnectorException failure, Exception exception)
    {
        var (method, path, traceId) = (httpContext.Request.Method, httpContext.Request.Path, Activity.Current?.TraceId.ToString());
        if (status == StatusCodes.Status500InternalServerError)
        {
            Log.Unexpected(logger, method, path, traceId, exception);
        }
        else
        {
            Log.Failed(logger, method, path, status, failure.Code, failure.Message, failure.RequestId, traceId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed (trace {TraceId})")]
        public static partial void Unexpected(ILogger logger, string method, string path, string? traceId, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "{Method} {Path} answered {Status} {Code}: {Reason} (AWS request id {RequestId}, trace {TraceId})")]
        public static partial void Failed(
            ILogger logger, string method, string path, int status, string code, string reason, string? requestId, string? traceId);
    }
}
