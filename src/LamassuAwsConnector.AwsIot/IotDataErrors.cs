using Amazon.IotData.Model;

namespace LamassuAwsConnector.AwsIot;

/// <summary>The modelled errors by their code; a code that is not here surfaces as the service's base exception.</summary>
internal static class IotDataErrors
{
    public static readonly IReadOnlyDictionary<string, ErrorFactory> ByCode = new Dictionary<string, ErrorFactory>(StringComparer.Ordinal)
    {
        [nameof(ConflictException)] = (message, inner, type, code, request, status) => new ConflictException(message, inner, type, code, request, status),
        [nameof(ForbiddenException)] = (message, inner, type, code, request, status) => new ForbiddenException(message, inner, type, code, request, status),
        [nameof(InternalFailureException)] = (message, inner, type, code, request, status) => new InternalFailureException(message, inner, type, code, request, status),
        [nameof(InvalidRequestException)] = (message, inner, type, code, request, status) => new InvalidRequestException(message, inner, type, code, request, status),
        [nameof(MethodNotAllowedException)] = (message, inner, type, code, request, status) => new MethodNotAllowedException(message, inner, type, code, request, status),
        [nameof(RequestEntityTooLargeException)] = (message, inner, type, code, request, status) => new RequestEntityTooLargeException(message, inner, type, code, request, status),
        [nameof(ResourceNotFoundException)] = (message, inner, type, code, request, status) => new ResourceNotFoundException(message, inner, type, code, request, status),
        [nameof(ServiceUnavailableException)] = (message, inner, type, code, request, status) => new ServiceUnavailableException(message, inner, type, code, request, status),
        [nameof(ThrottlingException)] = (message, inner, type, code, request, status) => new ThrottlingException(message, inner, type, code, request, status),
        [nameof(UnauthorizedException)] = (message, inner, type, code, request, status) => new UnauthorizedException(message, inner, type, code, request, status),
        [nameof(UnsupportedDocumentEncodingException)] = (message, inner, type, code, request, status) => new UnsupportedDocumentEncodingException(message, inner, type, code, request, status),
    };
}
