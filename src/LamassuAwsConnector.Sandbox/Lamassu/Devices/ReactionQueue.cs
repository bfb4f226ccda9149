using System.Threading.Channels;
using LamassuAwsConnector.Sandbox.Lamassu.Events;

namespace LamassuAwsConnector.Sandbox.Lamassu.Devices;

/// <summary>The Device Manager's queue of certificate events: one at a time, a moment after the request that caused them.</summary>
internal sealed class ReactionQueue : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Channel<CertificateEvent> events = Channel.CreateUnbounded<CertificateEvent>();
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<CertificateEvent, CancellationToken, Task<IReadOnlyCollection<CertificateEvent>>> react;
    private readonly LamassuFaults faults;
    private readonly Task loop;
    private int open;
    private TaskCompletionSource quiet = new();

    public ReactionQueue(Func<CertificateEvent, CancellationToken, Task<IReadOnlyCollection<CertificateEvent>>> react, LamassuFaults faults)
    {
        this.react = react;
        this.faults = faults;
        quiet.SetResult();
        loop = RunAsync();
    }

    public void Take(IReadOnlyCollection<CertificateEvent> announced)
    {
        lock (gate)
        {
            if (open == 0 && announced.Count > 0)
            {
                quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            open += announced.Count;
        }

        foreach (var announcement in announced)
        {
            events.Writer.TryWrite(announcement);
        }
    }

    /// <summary>Ends when every event that was taken so far, and every one that followed from it, was reacted to.</summary>
    public Task WhenQuietAsync()
    {
        lock (gate)
        {
            return quiet.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        events.Writer.TryComplete();
        await stopping.CancelAsync();
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var announcement in events.Reader.ReadAllAsync(stopping.Token))
        {
            try
            {
                await faults.ReactionsAllowedAsync().WaitAsync(stopping.Token);
                Take(await react(announcement, stopping.Token));
                Close(failure: null);
            }
            catch (Exception e)
            {
                // Whoever waits for quiet is told; the loop goes on.
                Close(e);
            }
        }
    }

    private void Close(Exception? failure)
    {
        lock (gate)
        {
            open--;
            if (failure is not null)
            {
                quiet.TrySetException(failure);
            }
            else if (open == 0)
            {
                quiet.TrySetResult();
            }
        }
    }
}
