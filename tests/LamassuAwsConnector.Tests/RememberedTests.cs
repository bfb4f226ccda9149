using LamassuAwsConnector.Core;
using Microsoft.Extensions.Time.Testing;

namespace LamassuAwsConnector.Tests;

public sealed class RememberedTests
{
    private readonly FakeTimeProvider time = new();
    private readonly Remembered<int> remembered;
    private int reads;

    public RememberedTests() => remembered = new Remembered<int>(time, TimeSpan.FromMinutes(1));

    [Fact]
    public async Task A_value_is_read_once_until_its_time_is_over()
    {
        Assert.Equal(1, await GetAsync());
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, await GetAsync());
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, await GetAsync());
    }

    [Fact]
    public async Task Callers_at_the_same_moment_share_one_read()
    {
        var answer = new TaskCompletionSource<int>();
        var callers = Enumerable.Range(0, 20).Select(_ => remembered.GetAsync("a", _ => { reads++; return answer.Task; }, TestContext.Current.CancellationToken)).ToList();
        answer.SetResult(7);

        Assert.All(await Task.WhenAll(callers), value => Assert.Equal(7, value));
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task A_read_that_failed_is_not_remembered()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => remembered.GetAsync("a", _ => Task.FromException<int>(new InvalidOperationException("away")), TestContext.Current.CancellationToken));

        Assert.Equal(1, await GetAsync());
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_end_the_read_of_the_others()
    {
        using var impatient = new CancellationTokenSource();
        var answer = new TaskCompletionSource<int>();
        var first = remembered.GetAsync("a", _ => answer.Task, impatient.Token);
        var second = remembered.GetAsync("a", _ => answer.Task, TestContext.Current.CancellationToken);

        await impatient.CancelAsync();
        answer.SetResult(7);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(7, await second);
    }

    [Fact]
    public async Task What_is_forgotten_is_read_again()
    {
        await GetAsync();
        remembered.Forget("a");

        Assert.Equal(2, await GetAsync());
    }

    private Task<int> GetAsync() => remembered.GetAsync("a", _ => Task.FromResult(++reads), TestContext.Current.CancellationToken);
}
