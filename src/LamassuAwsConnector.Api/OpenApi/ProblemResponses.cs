using System.Globalization;
using System.Net.Mime;
using System.Text.Json.Nodes;
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
    private static readonly Dictionary<int, ProblemKind> Known = new ProblemKind[]
    {
        new(400, "Invalid", "The request is not valid; `errors` says what is wrong, by name.", "invalid", "The request is not valid", "invalid_request", "connector",
            "The request is not valid: connector_id: is missing: send the id of this connector."),
        new(401, "TokenNeeded", "There is no bearer token, or it is not valid (`code` says why).", "unauthorized", "Who calls is not known", "token_expired", "connector",
            "The token has expired."),
        new(403, "NotAllowed", "The token has not the role that this needs, or the connector's API is closed.", "forbidden", "Not allowed", "forbidden", "connector",
            "The token has not the role pki-admin in its claim realm_access.roles."),
        new(404, "NotFound", "Lamassu or AWS has no such object, or `connector_id` is another connector's.", "notfound", "Not found", "connector_not_found", "connector",
            "There is no connector 'another' here; this one is 'aws-iot-prod'."),
        new(409, "Conflict", "The present state of Lamassu or AWS does not allow it; `detail` says what has to be changed.", "conflict",
            "The present state does not allow it", "shadow_disabled", "lamassu",
            "DMS smart-meters of device meter-000042 uses no shadows for this connector; set shadow_config.enable in its settings first."),
        new(413, "BodyTooLarge", "The body is larger than 64 KiB.", "invalid", "The request is not valid", "body_too_large", "connector",
            "The body is larger than the limit of 64 KiB."),
        new(415, "NotJson", "The body has another content type than JSON.", "invalid", "The request is not valid", "unsupported_media_type", "connector",
            "The body has to be JSON in UTF-8, with content type application/json."),
        new(500, "Unexpected", "Something unforeseen went wrong; the log has more under `traceId`.", "unexpected", "Unexpected failure", "unexpected", "connector",
            "Something unforeseen went wrong; the log has more under the trace id."),
        new(502, "AccessDenied", "Lamassu or AWS denies the connector access; `detail` says what is missing.", "denied",
            "Access denied by a service behind the connector", "AccessDeniedException", "aws", "AWS denies the connector the call RegisterThing."),
        new(503, "Unavailable", "Lamassu, AWS or the token's issuer is not available or has had too many calls; Retry-After says when to come back.", "unavailable",
            "A service behind the connector is not available", "lamassu_unreachable", "lamassu", "Lamassu's Device Manager does not answer."),
    }.ToDictionary(kind => kind.Status);

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
        foreach (var (status, kind) in Known)
        {
            swaggerDoc.Components.Responses[kind.Name] = new OpenApiResponse
            {
                Description = kind.Description,
                Headers = HeadersOf(status),
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [MediaTypeNames.Application.ProblemJson] = new OpenApiMediaType
                    {
                        Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemResponse), context.SchemaRepository),
                        Example = kind.Example(),
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

    /// <param name="Name">Of the response in the document's components.</param>
    /// <param name="Description">What the status means here.</param>
    /// <param name="Type">The last part of the problem's type, and with the rest an example of the problem.</param>
    private sealed record ProblemKind(
        int Status, string Name, string Description, string Type, string Title, string Code, string Source, string Detail)
    {
        public JsonObject Example()
        {
            var problem = new JsonObject
            {
                ["type"] = $"urn:lamassu-aws-connector:problem:{Type}",
                ["title"] = Title,
                ["status"] = Status,
                ["detail"] = Detail,
                ["code"] = Code,
                ["source"] = Source,
                ["err"] = Detail,
                ["traceId"] = "0af7651916cd43dd8448eb211c80319c",
            };
            if (Status == StatusCodes.Status400BadRequest)
            {
                problem["errors"] = new JsonObject { ["connector_id"] = new JsonArray("is missing: send the id of this connector") };
            }

            return problem;
        }
    }
}
