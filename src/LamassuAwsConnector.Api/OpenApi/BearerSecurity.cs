using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace LamassuAwsConnector.Api.OpenApi;

/// <summary>Says of each operation that it needs a token, and how it is refused without a good one. The exception is the health of the process.</summary>
internal sealed class BearerSecurity : IOperationFilter
{
    public const string Scheme = "bearer";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.RelativePath?.StartsWith("health", StringComparison.Ordinal) == true)
        {
            return;
        }

        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        operation.Responses ??= [];
        operation.Responses.TryAdd("401", Response("There is no bearer token, or it is not valid (`code` says why).", context));
        operation.Responses.TryAdd("403", Response("The token has not the role that this needs, or the connector's API is closed.", context));
        operation.Responses.TryAdd("503", Response(
            "The token can't be checked at present, or a service behind the connector is not available; Retry-After says when to come back.", context));
    }

    private static OpenApiResponse Response(string description, OperationFilterContext context) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            ["application/problem+json"] = new OpenApiMediaType
            {
                Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemResponse), context.SchemaRepository),
            },
        },
    };
}

/// <summary>Why a request was not done (RFC 9457).</summary>
/// <param name="Type" example="urn:lamassu-aws-connector:problem:unauthorized">A stable name of the kind of problem.</param>
/// <param name="Title" example="Who calls is not known">The kind in words.</param>
/// <param name="Status" example="401">The HTTP status.</param>
/// <param name="Detail" example="The token has expired.">One sentence for a person.</param>
/// <param name="Code" example="token_expired">A stable word for the failure: ours, or the AWS error code.</param>
/// <param name="Source" example="connector">Whose failure it is: <c>connector</c>, <c>lamassu</c> or <c>aws</c>.</param>
/// <param name="TraceId" example="0af7651916cd43dd8448eb211c80319c">Finds the request in log and traces.</param>
/// <param name="Err" example="The token has expired.">The same as <c>detail</c>, where Lamassu's user interfaces look for it.</param>
internal sealed record ProblemResponse(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string Source,
    [property: System.Text.Json.Serialization.JsonPropertyName("traceId")] string TraceId,
    string Err);
