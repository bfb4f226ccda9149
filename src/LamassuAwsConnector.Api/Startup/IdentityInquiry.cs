using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Startup;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Startup;

/// <summary>
/// Asks at start who the connector is in AWS and Lamassu, and opens the <see cref="IdentityGate"/>. Where one of them is away the service starts all the same,
/// and the question is asked again until it is answered. Another account than before ends the process.
/// </summary>
internal sealed partial class IdentityInquiry(
    IdentityService identity,
    IdentityGate gate,
    IOptions<ConnectorOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider timeProvider,
    ILogger<IdentityInquiry> logger) : IHostedLifecycleService, IDisposable
{
    // What an answer takes when all is well, several times over; a liveness probe waits longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource stop = new();
    private Task inquiry = Task.CompletedTask;
    private ConnectorException? notesUnread;
    private bool endpointIsKnown;
    private int disposed;
    private volatile bool startIsOver;
    private volatile ConnectorException? refusal;

    /// <summary>Why the connector must not run; null: nothing is known against it.</summary>
    public ConnectorException? Refusal => refusal;

    private bool IsDone => refusal is not null || (gate.IsOpen && notesUnread is null && endpointIsKnown);

    /// <summary>Before the bus and the HTTP server start, so that a connector in the wrong account does nothing at all where AWS and Lamassu answer.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        inquiry = Task.Run(() => AskUntilAnsweredAsync(stop.Token), CancellationToken.None);
        await Task.WhenAny(gate.Asked, Task.Delay(Patience, timeProvider, cancellationToken));
        startIsOver = true;
        if (refusal is { } reason)
        {
            throw reason;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await inquiry.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        // Twice, as the container has it under two services; and without a stop before, where the start failed elsewhere.
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            stop.Cancel();
            stop.Dispose();
        }
    }

    private async Task AskUntilAnsweredAsync(CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            gate.Answered(await AskAsync(pause, cancellationToken));
            if (IsDone)
            {
                return;
            }

            await Task.Delay(pause, timeProvider, cancellationToken);
        }
    }

    private async Task<ConnectorException?> AskAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            if (!gate.IsOpen || notesUnread is not null)
            {
                Decide(await identity.CompareAsync(cancellationToken));
            }

            if (refusal is null && !endpointIsKnown)
            {
                Log.Endpoint(logger, await identity.DescribeEndpointAsync(cancellationToken));
                endpointIsKnown = true;
            }

            return refusal ?? notesUnread;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = exception as ConnectorException ?? Unforeseen(exception);
            Say(failure, pause);
            return failure;
        }
    }

    private void Decide(IdentityOutcome outcome)
    {
        var before = notesUnread;
        notesUnread = (outcome as IdentityOutcome.NotesUnread)?.Failure;
        switch (outcome)
        {
            case IdentityOutcome.Differs { Differences: var differences } when !options.Value.AllowOtherAccount:
                Refuse(outcome, differences);
                return;
            case IdentityOutcome.Differs { Differences: var differences }:
                Log.Allowed(logger, string.Join(" ", differences));
                break;
            case IdentityOutcome.NotesUnread { Failure: var failure }:
                if (before?.Message != failure.Message)
                {
                    Log.NotesUnread(logger, failure.Message);
                }

                break;
            default:
                Log.Known(logger, outcome.Account, outcome.Region);
                break;
        }

        gate.Open();
    }

    private void Refuse(IdentityOutcome outcome, IReadOnlyList<string> differences)
    {
        refusal = new ConnectorException(
            FailureKind.Conflict,
            "identity_mismatch",
            FailureSource.Connector,
            $"{string.Join(" ", differences)} Check aws_config (access keys, role, region) and connector_id. To move to account {outcome.Account}, region "
            + $"{outcome.Region} on purpose, set allow_other_account to true.");
        Log.Refused(logger, refusal.Message);
        if (startIsOver)
        {
            lifetime.StopApplication();
        }
    }

    private static ConnectorException Unforeseen(Exception exception) => exception is OperationCanceledException
        ? new ConnectorException(FailureKind.Unavailable, "timeout", FailureSource.Connector, "AWS or Lamassu did not answer in time.", exception)
        : new ConnectorException(FailureKind.Unexpected, "unexpected", FailureSource.Connector, $"Something unforeseen went wrong ({exception.GetType().Name}).", exception);

    // The same reason is said once, not once a minute.
    private void Say(ConnectorException failure, TimeSpan pause)
    {
        if (gate.Failure?.Message == failure.Message)
        {
            return;
        }

        if (gate.IsOpen)
        {
            Log.EndpointUnknown(logger, failure.Message, pause);
        }
        else
        {
            Log.Unknown(logger, failure.Message, pause);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "The AWS credentials belong to account {Account}; it and region {Region} fit the connector id and the registered CAs",
            EventName = "identity_known")]
        public static partial void Known(ILogger logger, string account, string region);

        [LoggerMessage(2, LogLevel.Information, "Devices reach the account at {Endpoint}", EventName = "endpoint_known")]
        public static partial void Endpoint(ILogger logger, string endpoint);

        [LoggerMessage(
            3,
            LogLevel.Warning,
            "Who the connector is could not be found out yet: {Reason} Events and requests that write wait. It is asked again until it is known, next in {Pause}",
            EventName = "identity_unknown")]
        public static partial void Unknown(ILogger logger, string reason, TimeSpan pause);

        [LoggerMessage(
            4,
            LogLevel.Warning,
            "The account's MQTT endpoint could not be found out yet: {Reason} Shadows and registrations of CAs need it. It is asked again, next in {Pause}",
            EventName = "endpoint_unknown")]
        public static partial void EndpointUnknown(ILogger logger, string reason, TimeSpan pause);

        [LoggerMessage(
            5,
            LogLevel.Warning,
            "Lamassu does not let the connector list its CAs, so whether they are registered in this account can't be compared yet; it works all the same: {Reason}",
            EventName = "identity_not_compared")]
        public static partial void NotesUnread(ILogger logger, string reason);

        [LoggerMessage(6, LogLevel.Warning, "allow_other_account is on, so the connector starts although: {Differences}", EventName = "identity_mismatch_allowed")]
        public static partial void Allowed(ILogger logger, string differences);

        [LoggerMessage(7, LogLevel.Critical, "The connector does not run: {Reason}", EventName = "identity_mismatch")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
