using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api.Endpoints;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace LamassuAwsConnector.Api.OpenApi;

internal static class OpenApiServices
{
    private const string Description = """
        Keeps one AWS IoT Core account and region in step with a Lamassu PKI.

        **Token**: every operation but health needs one; press *Authorize* and paste it. The sandbox prints one that is good for its connector when it starts;
        elsewhere ask the configured issuer for an access token with the role `pki-admin` (or what `auth.required_role` says).

        **Examples** are objects of the sandbox's story: CA `metering-root`, DMS `smart-meters`, device `meter-000042`, connector `aws-iot-prod`.

        **Failures** are RFC 9457 problems: `code` is stable, `detail` is for people, `source` says whose failure it is, `traceId` finds it in the log.
        Repeating a call is always safe.

        **Lists** come in pages, `{"next": …, "list": […]}`; hand `next` back as `bookmark` until it is null.
        """;

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        return services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo { Title = "Lamassu AWS connector", Version = "v1", Description = Description });
            options.IncludeXmlComments(Path.ChangeExtension(typeof(OpenApiServices).Assembly.Location, ".xml"));
            options.CustomOperationIds(OperationId);
            options.SupportNonNullableReferenceTypes();
            options.UseAllOfToExtendReferenceSchemas();
            options.MapType<JsonNode>(() => new OpenApiSchema { Description = "The document as AWS has it." });
            options.SchemaFilter<ModelSchemas>();
            options.ParameterFilter<ModelSchemas>();
            options.AddSecurityDefinition(BearerSecurity.Scheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "An access token of the configured issuer, with the role that the configuration asks for "
                    + "(default `pki-admin` in `realm_access.roles`). The sandbox prints one when it starts.",
            });
            options.OperationFilter<JsonBodyOnly>();
            options.OperationFilter<BearerSecurity>();
            options.OperationFilter<ProblemResponses>();
            options.DocumentFilter<ProblemResponses>();
            options.DocumentFilter<Tags>();
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
            options.DocExpansion(DocExpansion.List);
            options.DefaultModelsExpandDepth(-1);
            options.DefaultModelExpandDepth(2);
            options.EnableTryItOutByDefault();
            options.EnablePersistAuthorization();
            options.EnableDeepLinking();
            options.DisplayRequestDuration();
        });
    }

    // The name of the method behind the route: registerDeviceWithAws.
    private static string? OperationId(ApiDescription description)
    {
        var name = description.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().FirstOrDefault()?.Name;
        return name is null ? null : JsonNamingPolicy.CamelCase.ConvertName(name.EndsWith("Async", StringComparison.Ordinal) ? name[..^"Async".Length] : name);
    }

    /// <summary>Bodies are JSON; that other content types are read as JSON is no promise.</summary>
    private sealed class JsonBodyOnly : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context) =>
            (operation.RequestBody as OpenApiRequestBody)?.Content?.Remove(RequestBody<object>.AnyContentType);
    }
}
