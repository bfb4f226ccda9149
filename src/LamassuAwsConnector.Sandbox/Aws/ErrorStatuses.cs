namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>The status that goes with an error code when a person asks for a failure by its code alone.</summary>
internal static class ErrorStatuses
{
    private const int Unknown = 500;

    public static int Of(string code) => code switch
    {
        "UnauthorizedException" => 401,
        "ServiceQuotaExceededException" => 402,
        "AccessDeniedException" or "ForbiddenException" or "UnrecognizedClientException" or "InvalidSignatureException" or "ExpiredTokenException" => 403,
        "ResourceNotFoundException" => 404,
        "CertificateStateException" => 406,
        "ResourceAlreadyExistsException" or "VersionsLimitExceededException" or "DeleteConflictException" or "VersionConflictException" or "ConflictException"
            or "ConflictingResourceUpdateException" or "CertificateConflictException" => 409,
        "LimitExceededException" => 410,
        "RequestEntityTooLargeException" => 413,
        "InvalidRequestException" or "CertificateValidationException" or "RegistrationCodeValidationException" or "MalformedPolicyException"
            or "ResourceRegistrationFailureException" or "ThrottlingException" => 400,
        "ServiceUnavailableException" => 503,
        _ => Unknown,
    };
}
