using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Refit;

namespace LamassuAwsConnector.Core.Lamassu;

internal static class LamassuServices
{
    public static IServiceCollection AddLamassu(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<LamassuOptions, LamassuOptionsValidator>().BindConfiguration("");
        services.AddTransient<SourceHandler>();
        services.AddConnectorMetrics();
        AddApi<ICAApi>(services, options => options.CA).AddHttpMessageHandler(LamassuCalls.Of("ca"));
        AddApi<IDeviceManagerApi>(services, options => options.DeviceManager).AddHttpMessageHandler(LamassuCalls.Of("device-manager"));
        AddApi<IDmsManagerApi>(services, options => options.DmsManager).AddHttpMessageHandler(LamassuCalls.Of("dms-manager"));
        return services.AddSingleton<LamassuClient>();
    }

    private static IHttpClientBuilder AddApi<TApi>(IServiceCollection services, Func<LamassuOptions, LamassuClientOptions> select)
        where TApi : class
    {
        LamassuClientOptions Options(IServiceProvider provider) => select(provider.GetRequiredService<IOptions<LamassuOptions>>().Value);

        var client = services.AddRefitGeneratedClient<TApi>(_ => Settings())
            .ConfigureHttpClient((provider, client) =>
            {
                client.BaseAddress = new Uri(Options(provider).BaseUrl.TrimEnd('/'));
                client.Timeout = Options(provider).Timeout;
            })
            .ConfigurePrimaryHttpMessageHandler(provider => PrimaryHandler(Options(provider)))
            .AddHttpMessageHandler<SourceHandler>();
        client.AddResilienceHandler("reads", (pipeline, context) =>
        {
            pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            pipeline.AddRetry(ReadRetries());
        });
        return client;
    }

    // Metadata keys that differ in letter case alone are two keys.
    private static RefitSettings Settings() => new(new SystemTextJsonContentSerializer(
        new JsonSerializerOptions(JsonSerializerDefaults.Web) { PropertyNameCaseInsensitive = false }))
    {
        ExceptionFactory = LamassuErrors.FromResponseAsync,
        DeserializationExceptionFactory = (response, exception) => new ValueTask<Exception?>(LamassuErrors.FromUnreadableBody(response, exception)),
        TransportExceptionFactory = LamassuErrors.FromTransport,
    };

    // Short, and for reads alone: a write that got no answer may have been done. Two more attempts within half a second; the bus has the longer ones.
    private static HttpRetryStrategyOptions ReadRetries() => new()
    {
        MaxRetryAttempts = 2,
        Delay = TimeSpan.FromMilliseconds(150),
        BackoffType = DelayBackoffType.Exponential,
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Context.GetRequestMessage()?.Method == HttpMethod.Get
            && (arguments.Outcome.Exception is HttpRequestException || (int?)arguments.Outcome.Result?.StatusCode is 502 or 503 or 504)),
    };

    private static SocketsHttpHandler PrimaryHandler(LamassuClientOptions options)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (options.InsecureSkipVerify)
        {
            // CA5359: asked for in the configuration, and said at start.
#pragma warning disable CA5359
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (options.CACertFile is { Length: > 0 } file)
        {
            var anchor = X509CertificateLoader.LoadCertificateFromFile(file);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors, anchor);
        }

        return handler;
    }

    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2 anchor)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(anchor);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(server);
    }

    /// <summary>Marks our writes, so that the events they cause can be told from those of others.</summary>
    private sealed class SourceHandler(IOptions<ConnectorOptions> options) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("x-lms-source", options.Value.SourceName);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
