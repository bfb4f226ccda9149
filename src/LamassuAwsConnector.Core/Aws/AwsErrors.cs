using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using LamassuAwsConnector.Core.Telemetry;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>AWS's failures as ours: one line for each code, by AWS's spelling.</summary>
internal static class AwsErrors
{
    private const string Unreachable = "aws_unreachable";

    /// <param name="exception">What the SDK threw, after its own retries.</param>
    /// <param name="operation">The operation as AWS names it.</param>
    /// <param name="subject">Names the object, e.g. <c>thing meter-1</c>.</param>
    public static ConnectorException Translate(Exception exception, string operation, string subject)
    {
        // Of a call that this one needed: the data plane's endpoint is asked for first.
        if (exception is ConnectorException translated)
        {
            return translated;
        }

        if (exception is not AmazonServiceException { ErrorCode.Length: > 0 } service)
        {
            return WithoutResponse(exception, operation, subject);
        }

        return new ConnectorException(
            KindOf(service), service.ErrorCode, FailureSource.Aws, $"AWS answered {service.ErrorCode} to {operation} for {subject}.", Cause(exception))
        {
            RequestId = service.RequestId,
        };
    }

    /// <summary>How an attempt ended that failed, in one word of a few.</summary>
    public static string Result(Exception exception) => exception switch
    {
        AmazonServiceException { ErrorCode: AwsErrorCodes.ResourceNotFound } => ConnectorTelemetry.NotFound,
        AmazonServiceException { ErrorCode.Length: > 0 } service => ConnectorMetrics.Word(KindOf(service)),
        OperationCanceledException => ConnectorTelemetry.Cancelled,
        _ => ConnectorMetrics.Word(WithoutResponse(exception, "", "").Kind),
    };

    private static FailureKind KindOf(AmazonServiceException exception) => exception.ErrorCode switch
    {
        // The request as such is wrong, and stays wrong.
        "InvalidRequestException" or "MalformedPolicyException" or "CertificateValidationException" or "RegistrationCodeValidationException"
            or "RequestEntityTooLargeException" or "UnsupportedDocumentEncodingException" or "MethodNotAllowedException" => FailureKind.Invalid,

        // What is in AWS stands against it; a person decides.
        "ResourceAlreadyExistsException" or "ResourceRegistrationFailureException" or "CertificateStateException" or "CertificateConflictException"
            or "DeleteConflictException" or "TransferConflictException" or "TransferAlreadyCompletedException" => FailureKind.Conflict,

        // Limits that no waiting lifts.
        "LimitExceededException" or "VersionsLimitExceededException" or "ServiceQuotaExceededException" => FailureKind.Conflict,

        // Somebody else changed it at the same moment, or what was there at our look is gone: the next attempt looks again.
        "ConflictingResourceUpdateException" or "VersionConflictException" or "ConflictException" or "ResourceNotFoundException" => FailureKind.Unavailable,

        "ThrottlingException" or "TooManyRequestsException" or "RequestLimitExceeded" or "Throttling" => FailureKind.Throttled,

        // Credentials, permissions, clock: a fault of the surroundings.
        "AccessDeniedException" or "AccessDenied" or "UnauthorizedException" or "ForbiddenException" or "UnrecognizedClientException" or "InvalidClientTokenId"
            or "InvalidSignatureException" or "SignatureDoesNotMatch" or "MissingAuthenticationTokenException" or "IncompleteSignatureException"
            or "ExpiredTokenException" or "ExpiredToken" or "OptInRequired" => FailureKind.Denied,

        "InternalFailureException" or "InternalException" or "ServiceUnavailableException" or "RequestTimeoutException" => FailureKind.Unavailable,

        _ => (int)exception.StatusCode switch
        {
            429 => FailureKind.Throttled,
            401 or 403 => FailureKind.Denied,
            >= 500 or 0 => FailureKind.Unavailable,
            _ => FailureKind.Unexpected,
        },
    };

    // One walk over the chain: the SDK wraps refused connections, resets and time-outs in several ways.
    private static ConnectorException WithoutResponse(Exception exception, string operation, string subject)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException or HttpRequestException or IOException or TimeoutException or TaskCanceledException:
                case AmazonServiceException { StatusCode: 0 or >= HttpStatusCode.InternalServerError }:
                    return new ConnectorException(
                        FailureKind.Unavailable, Unreachable, FailureSource.Aws, $"AWS did not answer to {operation} for {subject}; it is tried again.", Cause(exception));
                case AmazonClientException when cause.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase):
                    return new ConnectorException(
                        FailureKind.Denied,
                        "aws_credentials_missing",
                        FailureSource.Aws,
                        $"There are no usable AWS credentials for {operation}; check aws_config (auth_method, access keys, role) and the environment of the process.",
                        Cause(exception));
            }
        }

        return new ConnectorException(
            FailureKind.Unexpected, "aws_unexpected", FailureSource.Aws, $"The call {operation} to AWS for {subject} failed in an unforeseen way.", Cause(exception));
    }

    // For the log. The SDK's exceptions repeat what AWS says, up to whole bodies, and that can repeat what we sent: a refused signature comes with the
    // session token.
    private static Exception Cause(Exception exception) => exception is AmazonServiceException or AmazonClientException
        ? new InvalidOperationException(
            $"{exception.GetType().Name}: {ForeignText.Of(exception.Message)}", exception.InnerException is { } inner ? Cause(inner) : null)
        : exception;
}
