namespace LamassuAwsConnector.Api.Configuration;

/// <summary>Says at start what was written and is not obeyed.</summary>
internal sealed partial class ConfigurationNotices(WrittenSettings written, ILogger<ConfigurationNotices> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in written.Warnings)
        {
            Log.UnknownKey(logger, warning);
        }

        foreach (var notice in written.Notices)
        {
            Log.KeyWithoutEffect(logger, notice);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Warning}")]
        public static partial void UnknownKey(ILogger logger, string warning);

        [LoggerMessage(2, LogLevel.Information, "{Notice}")]
        public static partial void KeyWithoutEffect(ILogger logger, string notice);
    }
}
