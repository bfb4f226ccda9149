using System.Collections.Concurrent;
using LamassuAwsConnector.Api;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace LamassuAwsConnector.Sandbox;

/// <summary>The real connector in this process, with its bus in memory, against the stand-ins. Known by its entry point, its configuration and its inlet alone.</summary>
internal sealed class RunningConnector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<Task, byte> deliveries = new();

    private RunningConnector(WebApplication app, Uri url)
    {
        this.app = app;
        Url = url;
    }

    public Uri Url { get; }

    public IServiceProvider Services => app.Services;

    /// <param name="settings">Configuration keys as in the YAML file, parts joined by ':'.</param>
    /// <param name="configure">For tests: what differs from the real thing.</param>
    public static async Task<RunningConnector> StartAsync(
        int port, IEnumerable<KeyValuePair<string, string?>> settings, CancellationToken cancellationToken, Action<IServiceCollection>? configure = null)
    {
        var app = ConnectorApplication.Build(["--urls", $"http://127.0.0.1:{port}"], settings, configure);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new RunningConnector(app, new Uri(address));
    }

    /// <returns>How the message ended, when it has, after all delayed deliveries.</returns>
    public async Task<EventEnd> PublishAsync(
        ReadOnlyMemory<byte> body, string routingKey, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        var delivery = app.Services.GetRequiredService<EventInlet>().PublishAsync(body, routingKey, headers, cancellationToken);
        deliveries[delivery] = 0;
        try
        {
            return await delivery;
        }
        finally
        {
            deliveries.TryRemove(delivery, out _);
        }
    }

    /// <summary>Messages that have not ended yet.</summary>
    public int InFlight => deliveries.Count;

    public async Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        while (deliveries.Keys.FirstOrDefault() is { } delivery)
        {
            await delivery.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            deliveries.TryRemove(delivery, out _);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
