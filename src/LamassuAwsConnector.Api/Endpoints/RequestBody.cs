using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using LamassuAwsConnector.Api.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace LamassuAwsConnector.Api.Endpoints;

/// <summary>
/// A JSON body, whatever its content type says: the published examples call with <c>curl -d</c>, which sends a form's. Everything that is wrong
/// with it is said at once, by member.
/// </summary>
internal sealed record RequestBody<T>(T Value) : IBindableFromHttpContext<RequestBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    // Four times the deepest request, so that nesting ends in an answer and not on the stack.
    private const int MaxDepth = 8;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        MaxDepth = MaxDepth,
    };

    public static async ValueTask<RequestBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var value = await ReadAsync(context.Request.Body, context.RequestAborted);
        var result = await context.RequestServices.GetRequiredService<IValidator<T>>().ValidateAsync(value, context.RequestAborted);
        return result.IsValid
            ? new RequestBody<T>(value)
            : throw new InvalidRequestException(result.ToDictionary().ToDictionary(
                error => JsonNamingPolicy.SnakeCaseLower.ConvertName(error.Key), error => error.Value));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json", AnyContentType], typeof(T), isOptional: false));

    /// <summary>Stands in the route's metadata so that routing turns no content type away; it is no part of the published document.</summary>
    public const string AnyContentType = "*/*";

    private static async Task<T> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(body, Options, cancellationToken)
                ?? throw InvalidRequestException.Of("$", "the body is null; send a JSON object");
        }
        catch (JsonException exception)
        {
            throw InvalidRequestException.Of(Member(exception.Path), Reason(exception));
        }
    }

    private static string Member(string? path) => path is null or "$" or "" ? "$" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;

    // The serializer's own words name .NET types, so only the kind of fault is told.
    private static string Reason(JsonException exception)
    {
        var text = exception.Message;
        return text.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) ? $"is no member of this request; it has {Members()}"
            : text.Contains("Duplicate", StringComparison.OrdinalIgnoreCase) ? "is there twice"
            : text.Contains("could not be converted", StringComparison.Ordinal) ? "has the wrong type"
            : text.Contains("does not contain any JSON tokens", StringComparison.Ordinal) ? "the body is empty; send a JSON object"
            : $"is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})";
    }

    private static string Members() => string.Join(", ", typeof(T).GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)));
}
