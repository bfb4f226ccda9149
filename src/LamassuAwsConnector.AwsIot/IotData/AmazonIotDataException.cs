#nullable disable

using System.Net;
using Amazon.Runtime;

namespace Amazon.IotData;

public partial class AmazonIotDataException : AmazonServiceException
{
    public AmazonIotDataException()
    {
    }

    public AmazonIotDataException(string message)
        : base(message)
    {
    }

    public AmazonIotDataException(Exception innerException)
        : base(innerException)
    {
    }

    public AmazonIotDataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public AmazonIotDataException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public AmazonIotDataException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}
