namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>A refusal as AWS answers it.</summary>
internal sealed class AwsException(string code, int status, string message) : Exception(message)
{
    public string Code => code;

    public int Status => status;

    public string? ResourceId { get; init; }

    public string? ResourceArn { get; init; }

    public static AwsException InvalidRequest(string message) => new("InvalidRequestException", 400, message);

    /// <summary>A value of the wrong JSON type, or no JSON at all: it does not get as far as the operation.</summary>
    public static AwsException Serialization(string message) => new("SerializationException", 400, message);

    public static AwsException CertificateValidation(string message) => new("CertificateValidationException", 400, message);

    public static AwsException RegistrationCodeValidation(string message) => new("RegistrationCodeValidationException", 400, message);

    public static AwsException MalformedPolicy(string message) => new("MalformedPolicyException", 400, message);

    public static AwsException ResourceRegistrationFailure(string message) => new("ResourceRegistrationFailureException", 400, message);

    public static AwsException NotFound(string message) => new("ResourceNotFoundException", 404, message);

    public static AwsException UnknownOperation(string message) => new("UnknownOperationException", 404, message);

    public static AwsException MethodNotAllowed(string message) => new("MethodNotAllowedException", 405, message);

    public static AwsException CertificateState(string message) => new("CertificateStateException", 406, message);

    public static AwsException AlreadyExists(string message, string? resourceId = null, string? resourceArn = null) =>
        new("ResourceAlreadyExistsException", 409, message) { ResourceId = resourceId, ResourceArn = resourceArn };

    public static AwsException CertificateConflict(string message) => new("CertificateConflictException", 409, message);

    public static AwsException ConflictingResourceUpdate(string message) => new("ConflictingResourceUpdateException", 409, message);

    public static AwsException DeleteConflict(string message) => new("DeleteConflictException", 409, message);

    public static AwsException VersionConflict(string message) => new("VersionConflictException", 409, message);

    public static AwsException VersionsLimitExceeded(string message) => new("VersionsLimitExceededException", 409, message);

    public static AwsException LimitExceeded(string message) => new("LimitExceededException", 410, message);

    /// <summary>A shadow's version, data plane only.</summary>
    public static AwsException ShadowConflict() => new("ConflictException", 409, "Version conflict");

    public static AwsException RequestEntityTooLarge() => new("RequestEntityTooLargeException", 413, "The payload exceeds the maximum size allowed");

    public static AwsException UnsupportedDocumentEncoding() =>
        new("UnsupportedDocumentEncodingException", 415, "Unsupported documented encoding; supported encoding is UTF-8");

    /// <summary>The control plane throttles with 400, the data plane with 429.</summary>
    public static AwsException Throttling(AwsService service) => new("ThrottlingException", service == AwsService.IotData ? 429 : 400, "Rate exceeded");

    /// <summary>A signature or credential that is not accepted.</summary>
    public static AwsException Denied(string code, string message) => new(code, 403, message);
}
