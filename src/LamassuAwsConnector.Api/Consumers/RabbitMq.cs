using LamassuAwsConnector.Api.Health;
using LamassuAwsConnector.Core;
using MassTransit;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The bus on RabbitMQ: connections to the broker, and the queues that the consumer stands on.</summary>
internal static class RabbitMq
{
    public static IServiceCollection AddRabbitMq(this IServiceCollection services, IConfiguration configuration)
    {
        var events = configuration.GetSection(EventBusOptions.EventsSection).Get<EventBusOptions>()!;
        var deadLetters = configuration.GetSection(EventBusOptions.DeadLettersSection).Get<EventBusOptions>() ?? events;
        services.AddKeyedSingleton(EventBusOptions.EventsSection, (_, _) => new RabbitMqConnection(ConnectionFactoryOf(events)));
        services.AddKeyedSingleton(EventBusOptions.DeadLettersSection, (_, _) => new RabbitMqConnection(ConnectionFactoryOf(deadLetters)));
        services.AddSingleton(provider => new RabbitMqTopology(
            provider.GetRequiredService<IOptions<ConnectorOptions>>().Value.ConnectorId,
            EventBusOptions.EventsExchange(configuration),
            EventBusOptions.DeadLettersExchange(configuration),
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
            registration.UsingRabbitMq((_, bus) => bus.Host(AddressOf(events), host => host.OnRefreshConnectionFactory = factory =>
            {
                Configure(factory, events);
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
        new($"{options.Protocol}://{options.Hostname}:{options.Port}/{Uri.EscapeDataString(options.VirtualHost.TrimStart('/'))}");

    private static ConnectionFactory ConnectionFactoryOf(EventBusOptions options)
    {
        var factory = new ConnectionFactory { HostName = options.Hostname, Port = options.Port, VirtualHost = options.VirtualHost };
        Configure(factory, options);
        return factory;
    }

    private static void Configure(ConnectionFactory factory, EventBusOptions options)
    {
        factory.ClientProvidedName = "lamassu-aws-connector";
        if (options.BasicAuth.Enabled)
        {
            factory.UserName = options.BasicAuth.Username;
            factory.Password = options.BasicAuth.Password;
        }

        factory.Ssl = new SslOption { Enabled = options.Protocol == "amqps", ServerName = options.Hostname };
    }
}
