namespace LamassuAwsConnector.Tests.Infrastructure;

/// <summary>For what has no moment to be told of: it is looked at, for a bounded time.</summary>
internal static class Patience
{
    public static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await holds())
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }
}
