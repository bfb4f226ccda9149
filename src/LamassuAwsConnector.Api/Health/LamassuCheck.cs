using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Lamassu;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LamassuAwsConnector.Api.Health;

/// <summary>Lamassu's three services answer.</summary>
internal sealed class LamassuCheck(LamassuHealth lamassu) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failures = (await lamassu.CheckAsync(cancellationToken)).Where(service => service.Value is not null).ToList();
        if (failures.Count == 0)
        {
            return HealthCheckResult.Healthy();
        }

        var reason = string.Join(" ", failures.Select(service => $"{service.Key}: {service.Value!.Message}"));

        // A gateway may guard the health route and still let our calls through.
        return failures.All(service => service.Value!.Kind == FailureKind.Denied) ? HealthCheckResult.Degraded(reason) : HealthCheckResult.Unhealthy(reason);
    }
}
