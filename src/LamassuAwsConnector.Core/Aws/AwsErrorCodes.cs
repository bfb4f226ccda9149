namespace LamassuAwsConnector.Core.Aws;

/// <summary>The AWS error codes that the services tell apart, as AWS spells them.</summary>
internal static class AwsErrorCodes
{
    public const string ResourceAlreadyExists = "ResourceAlreadyExistsException";
    public const string ResourceRegistrationFailure = "ResourceRegistrationFailureException";
    public const string CertificateValidation = "CertificateValidationException";
    public const string CertificateConflict = "CertificateConflictException";
    public const string CertificateState = "CertificateStateException";
    public const string RegistrationCodeValidation = "RegistrationCodeValidationException";
    public const string InvalidRequest = "InvalidRequestException";
    public const string Conflict = "ConflictException";
    public const string ResourceNotFound = "ResourceNotFoundException";
    public const string DeleteConflict = "DeleteConflictException";
    public const string VersionsLimitExceeded = "VersionsLimitExceededException";
    public const string AccessDenied = "AccessDeniedException";
}
