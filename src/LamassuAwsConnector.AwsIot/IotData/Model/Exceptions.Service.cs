#nullable disable

using System.Net;
using Amazon.Runtime;

namespace Amazon.IotData.Model;

public partial class GatewayTimeoutException : AmazonIotDataException
{
    public GatewayTimeoutException()
    {
    }

    public GatewayTimeoutException(string message)
        : base(message)
    {
    }

    public GatewayTimeoutException(Exception innerException)
        : base(innerException)
    {
    }

    public GatewayTimeoutException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public GatewayTimeoutException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public GatewayTimeoutException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class InternalFailureException : AmazonIotDataException
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

public partial class ServiceUnavailableException : AmazonIotDataException
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

public partial class ThrottlingException : AmazonIotDataException
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
