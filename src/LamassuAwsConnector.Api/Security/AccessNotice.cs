using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Security;

/// <summary>Says at start who may call, loudly where that is everybody or nobody.</summary>
internal sealed partial class AccessNotice(IOptions<AuthOptions> options, ILogger<AccessNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var auth = options.Value;
        if (auth.IsNone)
        {
            Log.Everybody(logger);
        }
        else if (!auth.IsJwt)
        {
            Log.Nobody(logger);
        }
        else
        {
            Log.ByToken(logger, auth.RequiredRole, auth.RolesClaim, auth.KeysFrom);
            if (auth.InsecureSkipVerify)
            {
                Log.IssuerUnverified(logger);
            }
            else if (auth.KeysFrom is { Scheme: "http", IsLoopback: false } url)
            {
                Log.KeysInTheClear(logger, url);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "auth.mode is none: EVERYBODY who reaches the connector may use its API, without a token")]
        public static partial void Everybody(ILogger logger);

        [LoggerMessage(2, LogLevel.Warning, "There is no auth section in the configuration: events are handled, and every call of the API is answered with 403. Set auth.mode to jwt, or to none to let everybody in")]
        public static partial void Nobody(ILogger logger);

        [LoggerMessage(3, LogLevel.Information, "The API takes bearer tokens with the role {Role} in {RolesClaim}; the issuer's keys are those of {Url}")]
        public static partial void ByToken(ILogger logger, string role, string rolesClaim, Uri url);

        [LoggerMessage(4, LogLevel.Warning, "auth.insecure_skip_verify is on: whoever sits between the connector and the token issuer can forge tokens")]
        public static partial void IssuerUnverified(ILogger logger);

        [LoggerMessage(5, LogLevel.Warning, "The token issuer's keys come over plain http from {Url}: whoever sits between can forge tokens")]
        public static partial void KeysInTheClear(ILogger logger, Uri url);
    }
}
