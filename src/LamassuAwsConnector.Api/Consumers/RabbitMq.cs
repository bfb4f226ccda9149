using LamassuAwsConnector.Api.DeadLetters;
using LamassuAwsConnector.Api.Health;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Lamassu;
using MassTransit;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The bus on RabbitMQ: connections to the broker, and the queues that the consumer stands on.</summary>
internal static class RabbitMq
{
    public static IServiceCollection AddRabbitMq(this IServiceCollection services, IConfiguration configuration)
    {
        var buses = EventBuses.Of(configuration);
        services.AddSingleton<IDeadLetterStore>(provider => new RabbitMqDeadLetters(
            RabbitMqDeadLetters.Distinct(ConnectionFactoryOf(buses.Events), ConnectionFactoryOf(buses.DeadLetters)),
            provider.GetRequiredService<IOptions<ConnectorOptions>>().Value.ConnectorId,
            provider.GetRequiredService<DeadLetterLimits>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton(EventBusOptions.EventsSection, (_, _) => new RabbitMqConnection(ConnectionFactoryOf(buses.Events)));
        services.AddKeyedSingleton(EventBusOptions.DeadLettersSection, (_, _) => new RabbitMqConnection(ConnectionFactoryOf(buses.DeadLetters)));
        services.AddSingleton(provider => new RabbitMqTopology(
            provider.GetRequiredService<IOptions<ConnectorOptions>>().Value.ConnectorId,
            buses.EventsExchange,
            buses.DeadLettersExchange,
            [.. provider.GetRequiredService<EventRoutes>().Types]));
        services.AddSingleton<IEventBus, RabbitMqEventBus>();
        services.AddSingleton<ExistingConnector>();
        services.AddSingleton<RabbitMqPreparation>();
        services.AddHostedService(provider => provider.GetRequiredService<RabbitMqPreparation>());
        return services.AddMassTransit(registration =>
        {
            registration.DisableUsageTelemetry();
            registration.ConfigureHealthCheckOptions(check => check.Name = HealthServices.Bus);
            registration.AddConsumer<LamassuEventConsumer, LamassuEventConsumerDefinition>();
            registration.UsingRabbitMq((_, bus) => bus.Host(AddressOf(buses.Events), host => host.OnRefreshConnectionFactory = factory =>
            {
                Configure(factory, buses.Events);
                return Task.CompletedTask;
            }));
        });
    }

    /// <summary>The queue as we declare it ourselves. MassTransit puts an exchange of the queue's name before it, which nobody uses.</summary>
    public static void ConfigureQueue(IRabbitMqReceiveEndpointConfigurator queue, Lane lane, IServiceProvider services)
    {
        foreach (var (name, value) in services.GetRequiredService<RabbitMqTopology>().Arguments(lane))
        {
            queue.SetQueueArgument(name, value);
        }

        var preparation = services.GetRequiredService<RabbitMqPreparation>();
        queue.ConfigureChannel(channel => channel.UseFilter(preparation));
    }

    private static Uri AddressOf(EventBusOptions options) =>
        new($"{options.Protocol}://{options.Hostname}:{options.EffectivePort}/{Uri.EscapeDataString(options.EffectiveVirtualHost.TrimStart('/'))}");

    private static ConnectionFactory ConnectionFactoryOf(EventBusOptions options)
    {
        var factory = new ConnectionFactory { HostName = options.Hostname, Port = options.EffectivePort };
        Configure(factory, options);
        return factory;
    }

    // Before each connection, so that a certificate that was replaced is taken up.
    private static void Configure(ConnectionFactory factory, EventBusOptions options)
    {
        factory.ClientProvidedName = "lamassu-aws-connector";

        // An address can't tell "/plant" from "plant".
        factory.VirtualHost = options.EffectiveVirtualHost;
        if (options.BasicAuth.Enabled)
        {
            factory.UserName = options.BasicAuth.Username;
            factory.Password = options.BasicAuth.Password;
        }
        else if (options.ClientTlsAuth.Enabled)
        {
            // The first that the broker offers: without its plugin for certificates there is a user all the same.
            factory.AuthMechanisms = [new ExternalMechanismFactory(), new PlainMechanismFactory()];
        }

        factory.Ssl = SslOf(options);
    }

    private static SslOption SslOf(EventBusOptions options)
    {
        var ssl = new SslOption
        {
            Enabled = options.IsTls,
            ServerName = options.Hostname,
            CertificateValidationCallback = Tls.Trusting(options.CACertFile, options.InsecureSkipVerify),
        };
        if (options.ClientTlsAuth.Enabled)
        {
            ssl.ClientCertificateContext = Tls.ClientCertificate(options.ClientTlsAuth.CertFile, options.ClientTlsAuth.KeyFile);
        }

        return ssl;
    }
}
