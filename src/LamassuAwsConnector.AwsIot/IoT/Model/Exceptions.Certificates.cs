#nullable disable

using System.Net;
using Amazon.Runtime;

namespace Amazon.IoT.Model;

public partial class CertificateConflictException : AmazonIoTException
{
    public CertificateConflictException()
    {
    }

    public CertificateConflictException(string message)
        : base(message)
    {
    }

    public CertificateConflictException(Exception innerException)
        : base(innerException)
    {
    }

    public CertificateConflictException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public CertificateConflictException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public CertificateConflictException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class CertificateStateException : AmazonIoTException
{
    public CertificateStateException()
    {
    }

    public CertificateStateException(string message)
        : base(message)
    {
    }

    public CertificateStateException(Exception innerException)
        : base(innerException)
    {
    }

    public CertificateStateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public CertificateStateException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public CertificateStateException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class CertificateValidationException : AmazonIoTException
{
    public CertificateValidationException()
    {
    }

    public CertificateValidationException(string message)
        : base(message)
    {
    }

    public CertificateValidationException(Exception innerException)
        : base(innerException)
    {
    }

    public CertificateValidationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public CertificateValidationException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public CertificateValidationException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class RegistrationCodeValidationException : AmazonIoTException
{
    public RegistrationCodeValidationException()
    {
    }

    public RegistrationCodeValidationException(string message)
        : base(message)
    {
    }

    public RegistrationCodeValidationException(Exception innerException)
        : base(innerException)
    {
    }

    public RegistrationCodeValidationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public RegistrationCodeValidationException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public RegistrationCodeValidationException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class TransferAlreadyCompletedException : AmazonIoTException
{
    public TransferAlreadyCompletedException()
    {
    }

    public TransferAlreadyCompletedException(string message)
        : base(message)
    {
    }

    public TransferAlreadyCompletedException(Exception innerException)
        : base(innerException)
    {
    }

    public TransferAlreadyCompletedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public TransferAlreadyCompletedException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public TransferAlreadyCompletedException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}

public partial class TransferConflictException : AmazonIoTException
{
    public TransferConflictException()
    {
    }

    public TransferConflictException(string message)
        : base(message)
    {
    }

    public TransferConflictException(Exception innerException)
        : base(innerException)
    {
    }

    public TransferConflictException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public TransferConflictException(string message, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, errorType, errorCode, requestId, statusCode)
    {
    }

    public TransferConflictException(
        string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}
