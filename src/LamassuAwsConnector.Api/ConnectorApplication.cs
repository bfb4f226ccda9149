using System.Text.Json;
using FluentValidation;
using LamassuAwsConnector.Api.Configuration;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Api.Endpoints;
using LamassuAwsConnector.Api.Health;
using LamassuAwsConnector.Api.Logging;
using LamassuAwsConnector.Api.OpenApi;
using LamassuAwsConnector.Api.Problems;
using LamassuAwsConnector.Api.Security;
using LamassuAwsConnector.Api.Startup;
using LamassuAwsConnector.Core;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api;

/// <summary>The connector as a web application, ready to run. The sandbox starts it in its own process through this door.</summary>
public static class ConnectorApplication
{
    // Requests are a few members long; 64 KiB leaves room for what later ones carry.
    private const long MaxBodySize = 64 * 1024;

    // Room for the longest id and the longest bookmark with every character escaped, so that what is wrong with them can be said.
    private const int MaxRequestLineSize = 32 * 1024;

    /// <param name="args">Command line; <c>--key value</c> pairs override the configuration.</param>
    /// <param name="settings">Configuration that overrides everything else; keys as in the YAML file, parts joined by ':'.</param>
    /// <param name="configure">Last word on the services, for tests.</param>
    /// <exception cref="InvalidDataException">The configuration file can't be used; says why.</exception>
    /// <exception cref="OptionsValidationException">The configuration is wrong; says everything that is.</exception>
    public static WebApplication Build(
        string[] args, IEnumerable<KeyValuePair<string, string?>>? settings = null, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        var written = builder.Configuration.AddConnectorConfiguration(args, settings);
        builder.Services.AddSingleton(written);
        builder.Services.AddHostedService<ConfigurationNotices>();
        builder.AddLogs();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxBodySize;
            kestrel.Limits.MaxRequestLineSize = MaxRequestLineSize;
        });

        builder.Services.AddConnectorCore();
        builder.Services.AddEventHandlers();
        builder.Services.AddEventBus(builder.Configuration);
        builder.Services.AddProblems();
        builder.Services.AddValidatorsFromAssembly(typeof(ConnectorApplication).Assembly, ServiceLifetime.Singleton, includeInternalTypes: true);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.AddSecurity();
        builder.Services.AddOpenApiDocument();
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.AddHealth();
        builder.Services.AddIdentityGate();

        configure?.Invoke(builder.Services);

        var app = builder.Build();
        ThrowIfMisconfigured(app.Services, written);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseCors();

        // Before the access check: the document and its page hold no data, and a person authorizes there.
        app.MapOpenApiDocument();
        app.UseAccess();
        app.MapHealth();
        app.MapMetrics();
        var api = app.MapApi().BehindIdentityGate();
        api.MapConnectors();
        api.MapCertificateAuthorities();
        api.MapDevices();
        api.MapDeviceShadows();
        api.MapJitpTemplates();
        api.MapIamPolicy();
        api.MapDeadLetters();
        return app;
    }

    // Before anything starts, and all at once: what starts first would fail for one reason alone.
    private static void ThrowIfMisconfigured(IServiceProvider services, WrittenSettings written)
    {
        IEnumerable<string> failures = [];
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException exception)
        {
            failures = exception.Failures;
        }
        catch (AggregateException exception)
        {
            failures = exception.InnerExceptions.OfType<OptionsValidationException>().SelectMany(failure => failure.Failures);
        }

        if (written.AllProblems(failures) is { Count: > 0 } problems)
        {
            throw new OptionsValidationException("", typeof(ConnectorOptions), problems);
        }
    }
}
