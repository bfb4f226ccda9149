#nullable disable

using System.Net;
using Amazon.Runtime;

namespace Amazon.IoT.Model;

public partial class ConflictException : AmazonIoTException
{
    public ConflictException()
    {
    }

    public ConflictException(string message)
        : base(message)
    {
    }

    public ConflictException(Exception innerException)
        : base(innerException)
    {
    }

    public ConflictException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ConflictException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public ConflictException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class ConflictingResourceUpdateException : AmazonIoTException
{
    public ConflictingResourceUpdateException()
    {
    }

    public ConflictingResourceUpdateException(string message)
        : base(message)
    {
    }

    public ConflictingResourceUpdateException(Exception innerException)
        : base(innerException)
    {
    }

    public ConflictingResourceUpdateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ConflictingResourceUpdateException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public ConflictingResourceUpdateException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class DeleteConflictException : AmazonIoTException
{
    public DeleteConflictException()
    {
    }

    public DeleteConflictException(string message)
        : base(message)
    {
    }

    public DeleteConflictException(Exception innerException)
        : base(innerException)
    {
    }

    public DeleteConflictException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public DeleteConflictException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public DeleteConflictException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class ResourceAlreadyExistsException : AmazonIoTException
{
    public ResourceAlreadyExistsException()
    {
    }

    public ResourceAlreadyExistsException(string message)
        : base(message)
    {
    }

    public ResourceAlreadyExistsException(Exception innerException)
        : base(innerException)
    {
    }

    public ResourceAlreadyExistsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ResourceAlreadyExistsException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public ResourceAlreadyExistsException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }

    public string ResourceArn { get; set; }

    public string ResourceId { get; set; }
}

public partial class VersionConflictException : AmazonIoTException
{
    public VersionConflictException()
    {
    }

    public VersionConflictException(string message)
        : base(message)
    {
    }

    public VersionConflictException(Exception innerException)
        : base(innerException)
    {
    }

    public VersionConflictException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public VersionConflictException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public VersionConflictException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}
