using System.Text.Json.Nodes;
using LamassuAwsConnector.Api.Endpoints;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace LamassuAwsConnector.Api.OpenApi;

internal static class OpenApiServices
{
    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        return services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "Lamassu AWS connector",
                Version = "v1",
                Description = "Keeps one AWS IoT Core account and region in step with a Lamassu PKI.",
            });
            options.IncludeXmlComments(Path.ChangeExtension(typeof(OpenApiServices).Assembly.Location, ".xml"));
            options.OperationFilter<JsonBodyOnly>();
            options.AddSecurityDefinition(BearerSecurity.Scheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "An access token of the configured issuer, with the role that the configuration asks for "
                    + "(default `pki-admin` in `realm_access.roles`).",
            });
            options.OperationFilter<BearerSecurity>();
            options.MapType<JsonNode>(() => new OpenApiSchema { Description = "The document as AWS has it." });
        });
    }

    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.UseSwagger(options => options.RouteTemplate = "openapi/{documentName}.json");
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "swagger";
            options.SwaggerEndpoint("/openapi/v1.json", "Lamassu AWS connector v1");
            options.DocumentTitle = "Lamassu AWS connector";
        });
    }

    /// <summary>Bodies are JSON; that other content types are not turned away is no promise.</summary>
    private sealed class JsonBodyOnly : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context) =>
            (operation.RequestBody as OpenApiRequestBody)?.Content?.Remove(RequestBody<object>.AnyContentType);
    }
}
