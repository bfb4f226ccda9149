using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>
/// Takes no events while AWS or Lamassu is away: they keep in the queue, and would end as dead letters one after the other. The status of certificates is
/// tried on. Also the health check that says so.
/// </summary>
internal sealed partial class ConsumptionPause(
    Outages outages,
    EventLanes lanes,
    DeniedGates gates,
    ConnectorMetrics metrics,
    IOptions<HealthOptions> health,
    TimeProvider timeProvider,
    ILogger<ConsumptionPause> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(100);

    private volatile string? reason;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var held = gates.Closed;
        return Task.FromResult((reason, held.Count) switch
        {
            (null, 0) => HealthCheckResult.Healthy(),
            ({ } why, _) => HealthCheckResult.Degraded($"Events are paused, those of the status of certificates are tried on. {why}"),
            _ => HealthCheckResult.Degraded($"Access is denied; events of these types are tried one at a time: {string.Join(", ", held)}"),
        });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var source in outages.FoundAsync(stoppingToken))
        {
            if (await outages.WhyAwayAsync(source, stoppingToken) is { } failure)
            {
                await PauseAsync(source, failure, stoppingToken);
            }
        }
    }

    private async Task PauseAsync(FailureSource source, ConnectorException failure, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        reason = failure.Message;
        metrics.EventsPaused(source, isPaused: true);
        Log.Paused(logger, failure.Message);
        await lanes.PauseAsync(cancellationToken);
        do
        {
            // Answers are remembered so long; asking more often would tell nothing new.
            await Task.Delay(health.Value.RememberFor > MinPause ? health.Value.RememberFor : MinPause, timeProvider, cancellationToken);
        }
        while (await outages.WhyAwayAsync(source, cancellationToken) is not null);

        lanes.Resume();
        reason = null;
        metrics.EventsPaused(source, isPaused: false);
        Log.Resumed(logger, timeProvider.GetElapsedTime(start));
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Warning, "No events are taken until it is back, but those of the status of certificates: {Reason}", EventName = "pause_events")]
        public static partial void Paused(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Information, "Events are taken again after {Duration}", EventName = "resume_events")]
        public static partial void Resumed(ILogger logger, TimeSpan duration);
    }
}
