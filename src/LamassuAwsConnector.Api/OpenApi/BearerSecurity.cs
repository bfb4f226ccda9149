using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace LamassuAwsConnector.Api.OpenApi;

/// <summary>Says of each operation that it needs a token. The exception is the health of the process.</summary>
internal sealed class BearerSecurity : IOperationFilter
{
    public const string Scheme = "bearer";

    public static bool IsNeeded(OperationFilterContext context) =>
        context.ApiDescription.RelativePath?.StartsWith("health", StringComparison.Ordinal) != true;

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (IsNeeded(context))
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        }
    }
}
