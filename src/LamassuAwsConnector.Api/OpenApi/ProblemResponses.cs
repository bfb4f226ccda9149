using System.Globalization;
using System.Net.Mime;
using LamassuAwsConnector.Api.Problems;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace LamassuAwsConnector.Api.OpenApi;

/// <summary>
/// How each operation can fail, declared once for all: what every request can meet, what comes with an id in the path or with a body, and conflicts where
/// something is written. An operation that reads and can meet one says so with <c>ProducesProblem(409)</c>.
/// </summary>
internal sealed class ProblemResponses : IOperationFilter, IDocumentFilter
{
    private static readonly Dictionary<int, (string Name, string Description)> Known = new()
    {
        [400] = ("Invalid", "The request is not valid; `errors` says what is wrong, by name."),
        [401] = ("TokenNeeded", "There is no bearer token, or it is not valid (`code` says why)."),
        [403] = ("NotAllowed", "The token has not the role that this needs, or the connector's API is closed."),
        [404] = ("NotFound", "Lamassu or AWS has no such object, or `connector_id` is another connector's."),
        [409] = ("Conflict", "The present state of Lamassu or AWS does not allow it; `detail` says what has to be changed."),
        [413] = ("BodyTooLarge", "The body is larger than 64 KiB."),
        [415] = ("NotJson", "The body has another content type than JSON."),
        [500] = ("Unexpected", "Something unforeseen went wrong; the log has more under `traceId`."),
        [502] = ("AccessDenied", "Lamassu or AWS denies the connector access; `detail` says what is missing."),
        [503] = ("Unavailable", "Lamassu, AWS or the token's issuer is not available or has had too many calls; Retry-After says when to come back."),
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        operation.Responses ??= [];
        foreach (var (status, response) in operation.Responses)
        {
            ((OpenApiResponse)response).Headers = HeadersOf(int.Parse(status, CultureInfo.InvariantCulture));
        }

        if (!BearerSecurity.IsNeeded(context))
        {
            return;
        }

        var declared = operation.Responses
            .Where(response => response.Value.Content?.ContainsKey(MediaTypeNames.Application.ProblemJson) == true)
            .Select(response => int.Parse(response.Key, CultureInfo.InvariantCulture));
        foreach (var status in declared.Concat(StatusesOf(operation, context.ApiDescription.HttpMethod!)).Distinct().Order().ToArray())
        {
            operation.Responses[$"{status}"] = new OpenApiResponseReference(Known[status].Name, context.Document);
        }

        var ordered = operation.Responses.OrderBy(response => response.Key, StringComparer.Ordinal).ToArray();
        operation.Responses = [];
        foreach (var (status, response) in ordered)
        {
            operation.Responses[status] = response;
        }
    }

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        // Where an endpoint says ProducesProblem; ours has more members.
        context.SchemaRepository.Schemas.Remove(nameof(Microsoft.AspNetCore.Mvc.ProblemDetails));
        swaggerDoc.Components ??= new OpenApiComponents();
        swaggerDoc.Components.Responses = new Dictionary<string, IOpenApiResponse>();
        foreach (var (status, (name, description)) in Known)
        {
            swaggerDoc.Components.Responses[name] = new OpenApiResponse
            {
                Description = description,
                Headers = HeadersOf(status),
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [MediaTypeNames.Application.ProblemJson] = new OpenApiMediaType
                    {
                        Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemResponse), context.SchemaRepository),
                    },
                },
            };
        }
    }

    private static IEnumerable<int> StatusesOf(OpenApiOperation operation, string method)
    {
        int[] always = [400, 401, 403, 500, 502, 503];
        var hasBody = operation.RequestBody is not null;
        return always
            .Concat(hasBody ? [404, 413, 415] : [])
            .Concat(operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true ? [404] : [])
            .Concat(HttpMethods.IsGet(method) ? [] : [409]);
    }

    private static Dictionary<string, IOpenApiHeader>? HeadersOf(int status) => status switch
    {
        201 or 202 => Header("Location", "Where it can be read.", JsonSchemaType.String),
        401 => Header("WWW-Authenticate", "What token is needed (RFC 6750).", JsonSchemaType.String),
        503 => Header("Retry-After", "So many seconds.", JsonSchemaType.Integer),
        _ => null,
    };

    private static Dictionary<string, IOpenApiHeader> Header(string name, string description, JsonSchemaType type) => new()
    {
        [name] = new OpenApiHeader { Description = description, Required = true, Schema = new OpenApiSchema { Type = type } },
    };
}
