using System.Threading.Channels;
using LamassuAwsConnector.Core;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Tells a failure of one call from AWS or Lamassu being away as a whole: then a cheap call fails too.</summary>
/// <param name="lookAt">Such a call, whose answer is remembered for some seconds. null: AWS or Lamassu has answered.</param>
internal sealed class Outages(Func<FailureSource, CancellationToken, Task<ConnectorException?>> lookAt)
{
    // Whoever pauses asks again himself; one word waits for him while he does.
    private readonly Channel<FailureSource> found = Channel.CreateBounded<FailureSource>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>What is found to be away, again and again while somebody stumbles over it.</summary>
    public IAsyncEnumerable<FailureSource> FoundAsync(CancellationToken cancellationToken) => found.Reader.ReadAllAsync(cancellationToken);

    /// <summary>To be asked about each failure.</summary>
    public async Task<bool> IsCauseOfAsync(ConnectorException failure, CancellationToken cancellationToken)
    {
        if (failure is not { Kind: FailureKind.Unavailable, FailureSource: FailureSource.Aws or FailureSource.Lamassu }
            || await WhyAwayAsync(failure.FailureSource, cancellationToken) is null)
        {
            return false;
        }

        found.Writer.TryWrite(failure.FailureSource);
        return true;
    }

    /// <returns>null: it is there.</returns>
    public async Task<ConnectorException?> WhyAwayAsync(FailureSource source, CancellationToken cancellationToken) =>
        await lookAt(source, cancellationToken) is { Kind: FailureKind.Unavailable } failure ? failure : null;
}
