using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>Says at start, loudly, which of Lamassu's services are talked to without knowing who they are.</summary>
internal sealed partial class UnverifiedServersNotice(IOptions<LamassuOptions> options, ILogger<UnverifiedServersNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, client) in options.Value.Clients)
        {
            if (client.InsecureSkipVerify)
            {
                Log.Unverified(logger, key, client.BaseUrl);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Client}.insecure_skip_verify is on: the certificate of {Url} is NOT checked, and whoever sits between can read and change everything")]
        public static partial void Unverified(ILogger logger, string client, string url);
    }
}
