using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LamassuAwsConnector.Api.Endpoints;

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes) => routes.MapGet("/health", GetHealth).WithTags("Health");

    /// <summary>Says that the process runs, in the shape of Lamassu's own services</summary>
    private static Ok<HealthResponse> GetHealth() => TypedResults.Ok(new HealthResponse(
        true,
        typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"));
}

internal sealed record HealthResponse(bool Health, [property: JsonPropertyName("version")] string Version);
