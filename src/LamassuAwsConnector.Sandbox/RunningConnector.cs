using System.Collections.Concurrent;
using LamassuAwsConnector.Api;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace LamassuAwsConnector.Sandbox;

/// <summary>
/// The real connector in this process, with its bus in memory or on a broker, against the stand-ins. Known by its entry point, its configuration and its inlet
/// alone.
/// </summary>
internal sealed class RunningConnector : IAsyncDisposable
{
    // Its queues have consumers some seconds after its start.
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly WebApplication app;
    private readonly Broker? broker;
    private readonly ConcurrentDictionary<Task, byte> deliveries = new();

    private RunningConnector(WebApplication app, Uri url, Broker? broker)
    {
        this.app = app;
        this.broker = broker;
        Url = url;
    }

    public Uri Url { get; }

    public IServiceProvider Services => app.Services;

    /// <param name="settings">Configuration keys as in the YAML file, parts joined by ':'.</param>
    /// <param name="configure">For tests: what differs from the real thing.</param>
    /// <param name="broker">The one in the configuration; null: the bus is in memory.</param>
    public static async Task<RunningConnector> StartAsync(
        int port,
        IEnumerable<KeyValuePair<string, string?>> settings,
        CancellationToken cancellationToken,
        Action<IServiceCollection>? configure = null,
        Broker? broker = null)
    {
        var app = ConnectorApplication.Build(["--urls", $"http://127.0.0.1:{port}"], settings, configure);
        try
        {
            await app.StartAsync(cancellationToken);
            var url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            if (broker is not null)
            {
                await WhenReadyAsync(app, url, cancellationToken);
            }

            return new RunningConnector(app, url, broker);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <returns>How the message ended, when it has, after all delayed deliveries.</returns>
    public async Task<EventEnd> PublishAsync(
        ReadOnlyMemory<byte> body, string routingKey, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        var inlet = app.Services.GetRequiredService<EventInlet>();
        var delivery = broker is null
            ? inlet.PublishAsync(body, routingKey, headers, cancellationToken)
            : inlet.FollowAsync(headers, followed => broker.PublishAsync(body, routingKey, followed, cancellationToken), cancellationToken);
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

    private static async Task WhenReadyAsync(WebApplication app, Uri url, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, app.Lifetime.ApplicationStopping);
        patience.CancelAfter(ReadyTimeout);
        var health = "no answer";
        try
        {
            while (true)
            {
                using var response = await client.GetAsync(new Uri(url, "/health/ready"), patience.Token);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }

                health = await response.Content.ReadAsStringAsync(patience.Token);
                await Task.Delay(Glance, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokerException($"--amqp: the connector takes no events; its log says why (--log-level warning). Its health: {health}");
        }
    }
}
