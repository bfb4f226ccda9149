using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LamassuAwsConnector.Api.Startup;

/// <summary>It is known who the connector is in AWS. Never unhealthy: another replica would know no more.</summary>
internal sealed class IdentityCheck(IdentityGate gate) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(gate.Unanswered is { } reason ? HealthCheckResult.Degraded(reason) : HealthCheckResult.Healthy());
}
