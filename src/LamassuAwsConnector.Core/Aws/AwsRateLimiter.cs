using System.Collections.Concurrent;
using Amazon.Runtime;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>
/// Spaces the calls, so that AWS has none to refuse: each quota is used up to a share of it, an operation that AWS throttles all the same is slowed down,
/// and a part of what shutting out needs is kept for that. Whoever has to wait, waits here, in the order of coming.
/// </summary>
internal sealed class AwsRateLimiter
{
    // Of the quotas that shutting somebody out needs: a campaign of registrations may use the rest.
    private const double Reserve = 0.25;

    private static readonly HashSet<string> Reserved = ["UpdateCertificate", "DescribeCertificate", "DeleteConnection", "DetachThingPrincipal"];

    private readonly ConcurrentDictionary<string, PacedQuota> quotas = new(StringComparer.Ordinal);
    private readonly AwsOptions options;
    private readonly ConnectorMetrics metrics;
    private readonly TimeProvider timeProvider;

    public AwsRateLimiter(IOptions<AwsOptions> options, ConnectorMetrics metrics, TimeProvider timeProvider)
    {
        this.options = options.Value;
        this.metrics = metrics;
        this.timeProvider = timeProvider;
        metrics.ObserveAwsRates(() => quotas.ToDictionary(quota => quota.Key, quota => quota.Value.Rate));
    }

    /// <summary>Returns when the call may be made.</summary>
    /// <exception cref="OperationCanceledException">The place in the queue is lost.</exception>
    public async Task WaitAsync(string operation, AmazonWebServiceRequest request, CancellationToken cancellationToken)
    {
        if (!options.LimitCalls)
        {
            return;
        }

        var wait = TimeSpan.Zero;
        foreach (var (quota, tokens) in AwsQuotas.UsedBy(operation, request))
        {
            var needed = Quota(quota).Take(tokens, UrgentCalls.IsUrgent);
            wait = needed > wait ? needed : wait;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, timeProvider, cancellationToken);
        }

        metrics.AwsWaited(operation, wait);
    }

    /// <summary>AWS refused the call as too many: others use the quota too, or it is smaller than we think.</summary>
    public void Throttled(string operation)
    {
        if (options.LimitCalls)
        {
            Quota(operation).SlowDown();
        }
    }

    private double CallsPerSecond(string quota) => options.Quotas?.Select(AwsQuotas.Read)
        .FirstOrDefault(own => string.Equals(own?.Quota, quota, StringComparison.OrdinalIgnoreCase))?.CallsPerSecond ?? AwsQuotas.Of(quota);

    private PacedQuota Quota(string name) => quotas.GetOrAdd(name, _ => new PacedQuota(
        CallsPerSecond(name) * options.QuotaShare / options.Replicas, Reserved.Contains(name) ? Reserve : 0, timeProvider));
}
