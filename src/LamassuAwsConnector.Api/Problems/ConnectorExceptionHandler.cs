using System.Diagnostics;
using LamassuAwsConnector.Core;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace LamassuAwsConnector.Api.Problems;

/// <summary>Failures as RFC 9457 problems, with the <c>err</c> member in which Lamassu's user interfaces look for the sentence to show.</summary>
internal sealed partial class ConnectorExceptionHandler(IProblemDetailsService problems, ILogger<ConnectorExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer any more; 499 is what proxies log for it.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        exception = InvalidParameter.Of(exception) ?? exception;
        var failure = exception switch
        {
            ConnectorException connector => connector,
            InvalidRequestException invalid => new ConnectorException(FailureKind.Invalid, "invalid_request", FailureSource.Connector, invalid.Message, exception),
            BadHttpRequestException unreadable => Describe(unreadable),
            _ => new ConnectorException(FailureKind.Unexpected, "unexpected", FailureSource.Connector, "Something unforeseen went wrong; the log has more under the trace id.", exception),
        };
        var status = exception is BadHttpRequestException { StatusCode: var own and >= 400 and < 500 } ? own : Status(failure.Kind);
        Say(httpContext, status, failure, exception);

        httpContext.Response.StatusCode = status;
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

    private static ConnectorException Describe(BadHttpRequestException exception)
    {
        var (code, reason) = exception.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => ("body_too_large", "The body is larger than the limit of 64 KiB."),
            StatusCodes.Status415UnsupportedMediaType => ("unsupported_media_type", exception.Message),
            _ => ("bad_request", "The request can't be read."),
        };
        return new ConnectorException(FailureKind.Invalid, code, FailureSource.Connector, reason, exception);
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
