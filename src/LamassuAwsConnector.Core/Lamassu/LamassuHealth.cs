using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>Whether Lamassu's services answer.</summary>
public sealed class LamassuHealth
{
    private readonly LamassuClient lamassu;
    private readonly TimeProvider timeProvider;
    private readonly TimeSpan timeout;
    private readonly Remembered<IReadOnlyDictionary<string, ConnectorException?>> answers;

    internal LamassuHealth(LamassuClient lamassu, IOptions<HealthOptions> options, TimeProvider timeProvider)
    {
        this.lamassu = lamassu;
        this.timeProvider = timeProvider;
        timeout = options.Value.Timeout;
        answers = new(timeProvider, options.Value.RememberFor);
    }

    /// <returns>By the service's name (<c>ca</c>, <c>device-manager</c>, <c>dms-manager</c>) what is wrong; null: it answers.</returns>
    public Task<IReadOnlyDictionary<string, ConnectorException?>> CheckAsync(CancellationToken cancellationToken) =>
        answers.GetAsync("", ReadAsync, cancellationToken);

    private async Task<IReadOnlyDictionary<string, ConnectorException?>> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await lamassu.GetHealthAsync(timeout, either.Token);
    }
}
