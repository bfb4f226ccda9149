using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>
/// AWS IoT Core's control and data plane and STS on one port. The signing scope of a request tells the service and the region;
/// state is kept per region, in memory. Under <c>/_control/</c> it is told how to behave and asked what it was called for.
/// </summary>
/// <remarks>Signatures are judged by the machine's clock, everything else by the time provider given.</remarks>
internal sealed class AwsStandIn : IAsyncDisposable
{
    private readonly WebApplication application;

    private AwsStandIn(WebApplication application, Uri url)
    {
        this.application = application;
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>Listens when it returns.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<AwsStandIn> StartAsync(AwsStandInOptions options, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        // The empty builder reads no configuration: no environment variable can move the stand-in off its port.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(options.Address, options.Port);
            });
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        var application = builder.Build();
        application.Run(new RequestPipeline(options, timeProvider).HandleAsync);
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        var addresses = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return new AwsStandIn(application, ListenAddress.FromHere(addresses.Single()));
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    /// <summary>The process that the stand-in runs in decides what SIGTERM and Ctrl+C do; the usual lifetime would take them away from it.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
