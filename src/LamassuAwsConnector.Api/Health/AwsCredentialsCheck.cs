using LamassuAwsConnector.Core.Aws;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LamassuAwsConnector.Api.Health;

/// <summary>AWS knows who we are.</summary>
internal sealed class AwsCredentialsCheck(AwsCredentialsProbe probe) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await probe.CheckAsync(cancellationToken) is { } failure ? HealthCheckResult.Degraded(failure.Message) : HealthCheckResult.Healthy();
}
