using System.Globalization;
using System.Reflection;
using LamassuAwsConnector.Api.Health;
using LamassuAwsConnector.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LamassuAwsConnector.Api.Endpoints;

internal static class HealthEndpoints
{
    private static readonly HealthResponse Build = ReadBuild(typeof(HealthEndpoints).Assembly);

    public static IEndpointConventionBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/health").WithTags("Health");
        group.MapGet("", GetHealth);
        group.MapGet("/live", GetLive);
        group.MapGet("/ready", GetReadyAsync).Produces<ReadyResponse>(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    /// <summary>Says that the process runs, and its version, in the shape of Lamassu's own services</summary>
    private static Ok<HealthResponse> GetHealth() => TypedResults.Ok(Build);

    /// <summary>Says that the process runs. For the liveness probe: nothing around it is looked at</summary>
    private static Ok<LiveResponse> GetLive() => TypedResults.Ok(new LiveResponse(true));

    /// <summary>Says whether the connector can work: the bus is connected and Lamassu answers. AWS being away is said and does not make it unready</summary>
    private static async Task<Results<Ok<ReadyResponse>, JsonHttpResult<ReadyResponse>>> GetReadyAsync(
        HealthCheckService health, HealthHistory history, HttpResponse http, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        history.Seen(report);
        var response = new ReadyResponse(
            HealthServices.IsReady(report), report.Entries.ToDictionary(entry => entry.Key, entry => Describe(entry.Value, history.LastError(entry.Key))));
        if (!response.Ready)
        {
            http.Headers.RetryAfter = ProblemMembers.RetryAfterSeconds;
        }

        return response.Ready ? TypedResults.Ok(response) : TypedResults.Json(response, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static CheckResponse Describe(HealthReportEntry entry, HealthHistory.PastError? last) => new(
        entry.Status.ToString().ToLowerInvariant(),
        entry.Status == HealthStatus.Healthy ? null : HealthHistory.ReasonOf(entry),
        last?.Reason,
        last?.Time);

    // 0.1.0+<commit>, where the build knew the commit.
    private static HealthResponse ReadBuild(Assembly assembly)
    {
        var version = (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+', 2);
        var time = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(metadata => metadata.Key == "BuildTime")?.Value
            ?? File.GetLastWriteTimeUtc(assembly.Location).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return new HealthResponse(true, version[0], version.ElementAtOrDefault(1) ?? "unknown", time);
    }
}

/// <param name="Health">Always true: there is an answer.</param>
/// <param name="Build">The commit that it was built from.</param>
internal sealed record HealthResponse(bool Health, string Version, string Build, string BuildTime);

internal sealed record LiveResponse(bool Live);

/// <param name="Checks">By name: <c>bus</c>, <c>events</c>, <c>lamassu</c>, <c>aws_credentials</c>, <c>identity</c>.</param>
internal sealed record ReadyResponse(bool Ready, IReadOnlyDictionary<string, CheckResponse> Checks);

/// <param name="State"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Error">What is wrong now.</param>
/// <param name="LastError">What was wrong last, now or before.</param>
internal sealed record CheckResponse(string State, string? Error, string? LastError, DateTimeOffset? LastErrorTime);
