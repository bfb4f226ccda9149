using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Telemetry;

namespace LamassuAwsConnector.Api.DeadLetters;

/// <summary>Counts the letters now and then, so that a scrape asks nobody.</summary>
internal sealed partial class DeadLetterCount(
    IDeadLetterStore letters, ConnectorMetrics metrics, DeadLetterLimits limits, TimeProvider timeProvider, ILogger<DeadLetterCount> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(limits.CountEvery, timeProvider);
        do
        {
            try
            {
                metrics.DeadLettersWaiting(await letters.CountAsync(stoppingToken));
            }
            catch (ConnectorException exception)
            {
                // An old number would look like a true one. Whether the broker is there is the health check's to tell.
                metrics.DeadLettersWaiting(count: null);
                Log.Unknown(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "The dead letters can't be counted: {Reason}")]
        public static partial void Unknown(ILogger logger, string reason);
    }
}
