namespace LamassuAwsConnector.Tests.Infrastructure;

/// <summary>For what has no moment to be told of: it is looked at, for a bounded time.</summary>
internal static class Patience
{
    // Connections come back after growing pauses, on a machine that is busy with other tests.
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(2);

    public static Task UntilAsync(Func<bool> holds, TimeSpan? within = null) => UntilAsync(() => Task.FromResult(holds()), within);

    public static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan? within = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(within ?? Usual);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await holds())
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }
}
