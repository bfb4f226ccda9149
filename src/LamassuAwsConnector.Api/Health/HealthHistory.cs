using System.Collections.Concurrent;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LamassuAwsConnector.Api.Health;

/// <summary>Remembers the last error of each check, and says changes in log and metric, whether or not somebody probes.</summary>
internal sealed partial class HealthHistory(ConnectorMetrics metrics, TimeProvider timeProvider, ILogger<HealthHistory> logger) : IHealthCheckPublisher
{
    private readonly ConcurrentDictionary<string, HealthStatus> states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PastError> errors = new(StringComparer.Ordinal);

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        Seen(report);
        return Task.CompletedTask;
    }

    public void Seen(HealthReport report)
    {
        foreach (var (check, entry) in report.Entries)
        {
            var isWell = entry.Status == HealthStatus.Healthy;
            var reason = ReasonOf(entry);
            metrics.HealthSeen(check, isWell);
            if (!isWell)
            {
                errors[check] = new PastError(reason, timeProvider.GetUtcNow());
            }

            var before = HealthStatus.Healthy;
            states.AddOrUpdate(
                check,
                entry.Status,
                (_, present) =>
                {
                    before = present;
                    return entry.Status;
                });
            if (entry.Status != before)
            {
                Say(check, isWell, reason);
            }
        }
    }

    public PastError? LastError(string check) => errors.GetValueOrDefault(check);

    /// <summary>What the check says of itself. Of the bus the exception says more: MassTransit describes it by its endpoints alone.</summary>
    public static string ReasonOf(HealthReportEntry entry) => entry switch
    {
        { Exception: { } exception } when exception.GetBaseException() is var cause =>
            cause == exception ? exception.Message : $"{exception.Message.TrimEnd('.')}: {cause.Message}",
        { Description: { Length: > 0 } text } => text,
        _ => "no reason given",
    };

    private void Say(string check, bool isWell, string reason)
    {
        if (isWell)
        {
            Log.WellAgain(logger, check);
        }
        else
        {
            Log.NotWell(logger, check, reason);
        }
    }

    internal sealed record PastError(string Reason, DateTimeOffset Time);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Health check {Check}: {Reason}", EventName = "health_lost")]
        public static partial void NotWell(ILogger logger, string check, string reason);

        [LoggerMessage(2, LogLevel.Information, "Health check {Check} is well again", EventName = "health_regained")]
        public static partial void WellAgain(ILogger logger, string check);
    }
}
