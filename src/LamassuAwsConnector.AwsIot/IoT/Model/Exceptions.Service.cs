#nullable disable

using System.Net;
using Amazon.Runtime;

namespace Amazon.IoT.Model;

public partial class InternalException : AmazonIoTException
{
    public InternalException()
    {
    }

    public InternalException(string message)
        : base(message)
    {
    }

    public InternalException(Exception innerException)
        : base(innerException)
    {
    }

    public InternalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public InternalException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public InternalException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class InternalFailureException : AmazonIoTException
{
    public InternalFailureException()
    {
    }

    public InternalFailureException(string message)
        : base(message)
    {
    }

    public InternalFailureException(Exception innerException)
        : base(innerException)
    {
    }

    public InternalFailureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public InternalFailureException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public InternalFailureException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class ServiceUnavailableException : AmazonIoTException
{
    public ServiceUnavailableException()
    {
    }

    public ServiceUnavailableException(string message)
        : base(message)
    {
    }

    public ServiceUnavailableException(Exception innerException)
        : base(innerException)
    {
    }

    public ServiceUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ServiceUnavailableException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public ServiceUnavailableException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}
