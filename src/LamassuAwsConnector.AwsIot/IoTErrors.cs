using Amazon.IoT.Model;

namespace LamassuAwsConnector.AwsIot;

/// <summary>The modelled errors by their code; a code that is not here surfaces as the service's base exception.</summary>
internal static class IoTErrors
{
    public static readonly IReadOnlyDictionary<string, ErrorFactory> ByCode = new Dictionary<string, ErrorFactory>(StringComparer.Ordinal)
    {
        [nameof(CertificateConflictException)] = (message, inner, type, code, request, status) => new CertificateConflictException(message, inner, type, code, request, status),
        [nameof(CertificateStateException)] = (message, inner, type, code, request, status) => new CertificateStateException(message, inner, type, code, request, status),
        [nameof(CertificateValidationException)] = (message, inner, type, code, request, status) => new CertificateValidationException(message, inner, type, code, request, status),
        [nameof(ConflictingResourceUpdateException)] = (message, inner, type, code, request, status) => new ConflictingResourceUpdateException(message, inner, type, code, request, status),
        [nameof(DeleteConflictException)] = (message, inner, type, code, request, status) => new DeleteConflictException(message, inner, type, code, request, status),
        [nameof(InternalFailureException)] = (message, inner, type, code, request, status) => new InternalFailureException(message, inner, type, code, request, status),
        [nameof(InvalidRequestException)] = (message, inner, type, code, request, status) => new InvalidRequestException(message, inner, type, code, request, status),
        [nameof(LimitExceededException)] = (message, inner, type, code, request, status) => new LimitExceededException(message, inner, type, code, request, status),
        [nameof(MalformedPolicyException)] = (message, inner, type, code, request, status) => new MalformedPolicyException(message, inner, type, code, request, status),
        [nameof(RegistrationCodeValidationException)] = (message, inner, type, code, request, status) => new RegistrationCodeValidationException(message, inner, type, code, request, status),
        [nameof(ResourceAlreadyExistsException)] = (message, inner, type, code, request, status) => new ResourceAlreadyExistsException(message, inner, type, code, request, status),
        [nameof(ResourceNotFoundException)] = (message, inner, type, code, request, status) => new ResourceNotFoundException(message, inner, type, code, request, status),
        [nameof(ResourceRegistrationFailureException)] = (message, inner, type, code, request, status) => new ResourceRegistrationFailureException(message, inner, type, code, request, status),
        [nameof(ServiceUnavailableException)] = (message, inner, type, code, request, status) => new ServiceUnavailableException(message, inner, type, code, request, status),
        [nameof(ThrottlingException)] = (message, inner, type, code, request, status) => new ThrottlingException(message, inner, type, code, request, status),
        [nameof(UnauthorizedException)] = (message, inner, type, code, request, status) => new UnauthorizedException(message, inner, type, code, request, status),
        [nameof(VersionsLimitExceededException)] = (message, inner, type, code, request, status) => new VersionsLimitExceededException(message, inner, type, code, request, status),
    };
}
