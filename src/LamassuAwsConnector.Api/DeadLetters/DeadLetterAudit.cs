using System.Security.Claims;
using LamassuAwsConnector.Core.Telemetry;

namespace LamassuAwsConnector.Api.DeadLetters;

/// <summary>Who replayed or threw away how many letters: in the log, whatever the call ended with, and in the metrics.</summary>
internal sealed partial class DeadLetterAudit(ConnectorMetrics metrics, ILogger<DeadLetterAudit> logger)
{
    // https://www.rfc-editor.org/rfc/rfc7519#section-4.1.2
    private const string Subject = "sub";

    public void Replayed(ClaimsPrincipal user, DeadLetterRemoval removal)
    {
        metrics.DeadLettersReplayed(removal.Removed);
        Log.Replayed(logger, Who(user), removal.Removed, removal.NotFound.Count, removal.Interrupted is not null);
    }

    public void Deleted(ClaimsPrincipal user, DeadLetterRemoval removal)
    {
        metrics.DeadLettersDeleted(removal.Removed);
        Log.Deleted(logger, Who(user), removal.Removed, removal.NotFound.Count, removal.Interrupted is not null);
    }

    private static string Who(ClaimsPrincipal user) => user.FindFirst(Subject)?.Value ?? "nobody (no token)";

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "{User} replayed {Count} dead letters; {Missing} ids were not found (interrupted: {Interrupted})",
            EventName = "replay_dead_letters")]
        public static partial void Replayed(ILogger logger, string user, int count, int missing, bool interrupted);

        [LoggerMessage(
            2,
            LogLevel.Information,
            "{User} deleted {Count} dead letters; {Missing} ids were not found (interrupted: {Interrupted})",
            EventName = "delete_dead_letters")]
        public static partial void Deleted(ILogger logger, string user, int count, int missing, bool interrupted);
    }
}
