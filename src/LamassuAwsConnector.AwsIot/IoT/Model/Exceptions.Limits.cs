#nullable disable

using System.Net;
using Amazon.Runtime;

namespace Amazon.IoT.Model;

public partial class LimitExceededException : AmazonIoTException
{
    public LimitExceededException()
    {
    }

    public LimitExceededException(string message)
        : base(message)
    {
    }

    public LimitExceededException(Exception innerException)
        : base(innerException)
    {
    }

    public LimitExceededException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public LimitExceededException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public LimitExceededException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class ServiceQuotaExceededException : AmazonIoTException
{
    public ServiceQuotaExceededException()
    {
    }

    public ServiceQuotaExceededException(string message)
        : base(message)
    {
    }

    public ServiceQuotaExceededException(Exception innerException)
        : base(innerException)
    {
    }

    public ServiceQuotaExceededException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ServiceQuotaExceededException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public ServiceQuotaExceededException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class ThrottlingException : AmazonIoTException
{
    public ThrottlingException()
    {
    }

    public ThrottlingException(string message)
        : base(message)
    {
    }

    public ThrottlingException(Exception innerException)
        : base(innerException)
    {
    }

    public ThrottlingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ThrottlingException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public ThrottlingException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class VersionsLimitExceededException : AmazonIoTException
{
    public VersionsLimitExceededException()
    {
    }

    public VersionsLimitExceededException(string message)
        : base(message)
    {
    }

    public VersionsLimitExceededException(Exception innerException)
        : base(innerException)
    {
    }

    public VersionsLimitExceededException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public VersionsLimitExceededException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public VersionsLimitExceededException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}
