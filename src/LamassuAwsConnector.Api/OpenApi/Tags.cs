using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace LamassuAwsConnector.Api.OpenApi;

/// <summary>The groups of operations in the order in which an operator comes to them.</summary>
internal sealed class Tags : IDocumentFilter
{
    private static readonly (string Name, string Description)[] Ordered =
    [
        ("Connectors", "Which connector this is"),
        ("Certificate authorities", "Lamassu's CAs in AWS IoT Core"),
        ("Devices", "Lamassu's devices as AWS IoT things"),
        ("Device shadows", "What a device is asked to do, and what it says of itself"),
        ("JITP templates", "Devices that AWS registers at their first connection"),
        ("Dead letters", "Events that could not be handled"),
        ("IAM", "What the connector has to be allowed in AWS"),
        ("Health", "For probes; needs no token"),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var used = context.ApiDescriptions
            .SelectMany(description => description.ActionDescriptor.EndpointMetadata.OfType<Microsoft.AspNetCore.Http.Metadata.ITagsMetadata>())
            .SelectMany(metadata => metadata.Tags)
            .ToHashSet(StringComparer.Ordinal);
        swaggerDoc.Tags = Ordered
            .Where(tag => used.Remove(tag.Name))
            .Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description })
            .ToHashSet();
        swaggerDoc.Tags.UnionWith(used.Order(StringComparer.Ordinal).Select(name => new OpenApiTag { Name = name }));
    }
}
