using System.Text.Json;
using LamassuAwsConnector.Core.Configuration;
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
        services.AddCheckedOptions<LamassuOptions>("");
        services.AddSingleton<IValidateOptions<LamassuOptions>, LamassuCredentialsValidator>();
        services.AddHostedService<UnverifiedServersNotice>();
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

        // One for each client, as each may have credentials of its own; shared by the handlers, which come and go.
        var tokenClient = $"token of {typeof(TApi).Name}";
        services.AddHttpClient(tokenClient, (provider, client) => client.Timeout = Options(provider).Timeout)
            .ConfigurePrimaryHttpMessageHandler(provider => Tls.HandlerTrusting(Options(provider).CACertFile, Options(provider).InsecureSkipVerify));
        services.AddKeyedSingleton(tokenClient, (provider, _) => new AccessToken(
            Options(provider).JwtOptions, tokenClient, provider.GetRequiredService<IHttpClientFactory>(), provider.GetRequiredService<TimeProvider>()));

        var api = services.AddRefitGeneratedClient<TApi>(_ => Settings())
            .ConfigureHttpClient((provider, client) =>
            {
                client.BaseAddress = new Uri(Options(provider).BaseUrl.TrimEnd('/'));
                client.Timeout = Options(provider).Timeout;
            })
            .ConfigurePrimaryHttpMessageHandler(provider => PrimaryHandler(Options(provider)))
            .AddHttpMessageHandler<SourceHandler>();
        api.AddResilienceHandler("reads", (pipeline, context) =>
        {
            pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            pipeline.AddRetry(ReadRetries());
        });

        // Innermost, so that each attempt has a token that is valid then.
        api.AddHttpMessageHandler(provider => Options(provider).AuthMode switch
        {
            LamassuClientOptions.Jwt => new BearerTokenHandler(provider.GetRequiredKeyedService<AccessToken>(tokenClient)),
            LamassuClientOptions.ApiKey => new ApiKeyHandler(Options(provider).ApiKeyOptions),
            _ => new AnonymousHandler(),
        });
        return api;
    }

    private static SocketsHttpHandler PrimaryHandler(LamassuClientOptions options)
    {
        var handler = Tls.HandlerTrusting(options.CACertFile, options.InsecureSkipVerify);
        if (options.AuthMode == LamassuClientOptions.Mtls)
        {
            handler.SslOptions.ClientCertificateContext = Tls.ClientCertificate(options.MtlsOptions.CertFile, options.MtlsOptions.KeyFile);
        }

        return handler;
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

    /// <summary>For noauth, and for mtls, where the connection says who we are.</summary>
    private sealed class AnonymousHandler : DelegatingHandler;

    private sealed class ApiKeyHandler(ApiKeyClientOptions options) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Remove(options.Header);
            request.Headers.TryAddWithoutValidation(options.Header, options.Key);
            return base.SendAsync(request, cancellationToken);
        }
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
