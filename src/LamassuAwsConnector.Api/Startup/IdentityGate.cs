using LamassuAwsConnector.Core;

namespace LamassuAwsConnector.Api.Startup;

/// <summary>Lets nothing be written before it is known that the AWS account is the one that the connector worked in before.</summary>
internal sealed class IdentityGate
{
    private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ConnectorException? failure;

    public bool IsOpen => open.Task.IsCompleted;

    /// <summary>Why the last question was not answered; null: it was, or none was asked yet.</summary>
    public ConnectorException? Failure => failure;

    /// <summary>The first question was asked, however it was answered.</summary>
    public Task Asked => asked.Task;

    /// <summary>What is not answered yet, in a sentence; null: all is.</summary>
    public string? Unanswered => (failure, IsOpen) switch
    {
        (null, true) => null,
        (null, false) => "AWS and Lamassu have not been asked yet who the connector is.",
        ({ } reason, false) => $"Events and requests that write wait until it is known who the connector is. {reason.Message}",
        ({ } reason, true) => reason.Message,
    };

    public void Open() => open.TrySetResult();

    /// <param name="reason">null: nothing is left to ask.</param>
    public void Answered(ConnectorException? reason)
    {
        failure = reason;
        asked.TrySetResult();
    }

    /// <summary>Returns once it is known that the connector may write. Waits for the first answer alone: what comes before a later one is tried again.</summary>
    /// <exception cref="ConnectorException"><see cref="FailureKind.Denied"/> when AWS or Lamassu refuses us, else <see cref="FailureKind.Unavailable"/>.</exception>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        if (!IsOpen)
        {
            await Task.WhenAny(open.Task, asked.Task).WaitAsync(cancellationToken);
        }

        if (!IsOpen)
        {
            var reason = failure;
            throw new ConnectorException(
                reason is { Kind: FailureKind.Denied } ? FailureKind.Denied : FailureKind.Unavailable,
                reason?.Code ?? "identity_unknown",
                reason?.FailureSource ?? FailureSource.Connector,
                Unanswered ?? "The connector stops.",
                reason);
        }
    }
}
