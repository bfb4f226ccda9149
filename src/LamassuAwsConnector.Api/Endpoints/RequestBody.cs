using System.Net.Mime;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using LamassuAwsConnector.Api.Problems;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace LamassuAwsConnector.Api.Endpoints;

/// <summary>A JSON body as it was read, for <see cref="RequestValidation"/>.</summary>
internal interface IRequestBody
{
    /// <summary>null: the body could not be read.</summary>
    object? Content { get; }

    /// <summary>Why it could not be read, by member.</summary>
    IReadOnlyDictionary<string, string[]> Errors { get; }

    /// <summary>From here on endpoints may use it.</summary>
    void Accept();
}

/// <summary>A JSON body. What is wrong with it as JSON is kept until all that is wrong with the request is known.</summary>
internal sealed class RequestBody<T> : IRequestBody, IBindableFromHttpContext<RequestBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    // Four times the deepest request, so that nesting ends in an answer and not on the stack.
    private const int MaxDepth = 8;

    /// <summary>Stands in the route's metadata so that routing turns no content type away, and we can say why; it is no part of the published document.</summary>
    public const string AnyContentType = "*/*";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        MaxDepth = MaxDepth,
    };

    private readonly T? value;
    private bool isAccepted;

    private RequestBody(T value) => this.value = value;

    private RequestBody(string member, string reason) => Errors = new Dictionary<string, string[]> { [member] = [reason] };

    public T Value => isAccepted
        ? value!
        : throw new InvalidOperationException($"The route that takes a {typeof(T).Name} was mapped outside of {nameof(ApiRoutes)}, so nothing has checked it.");

    public object? Content => value;

    public IReadOnlyDictionary<string, string[]> Errors { get; } = new Dictionary<string, string[]>();

    public void Accept() => isAccepted = true;

    public static async ValueTask<RequestBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ThrowIfOtherContent(context.Request);
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Options, context.RequestAborted) is { } value
                ? new RequestBody<T>(value)
                : new RequestBody<T>(InvalidRequestException.Body, "the body is null; send a JSON object");
        }
        catch (JsonException exception)
        {
            return new RequestBody<T>(Member(exception.Path), Reason(exception));
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata([MediaTypeNames.Application.Json, AnyContentType], typeof(T), isOptional: false));

    // A form's type is what curl -d sends, and so do the published examples. Whatever is sent as one, it is read as JSON.
    private static void ThrowIfOtherContent(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType))
        {
            return;
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !(type.MatchesMediaType(MediaTypeNames.Application.Json) || type.MatchesMediaType("application/*+json")
                || type.MatchesMediaType(MediaTypeNames.Application.FormUrlEncoded))
            || !(type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase)))
        {
            throw new BadHttpRequestException("The body has to be JSON in UTF-8, with content type application/json.", StatusCodes.Status415UnsupportedMediaType);
        }
    }

    private static string Member(string? path) =>
        path is null or "$" or "" ? InvalidRequestException.Body : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;

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
