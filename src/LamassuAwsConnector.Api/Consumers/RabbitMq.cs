using LamassuAwsConnector.Api.DeadLetters;
using LamassuAwsConnector.Api.Health;
using LamassuAwsConnector.Core;
using MassTransit;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The consumer on RabbitMQ: a quorum queue of its own on Lamassu's exchange, bound with the routing keys that are handled and no others.</summary>
internal static class RabbitMq
{
    public static IServiceCollection AddRabbitMq(this IServiceCollection services, IConfiguration configuration)
    {
        var buses = EventBuses.Of(configuration);
        var events = buses.Events;
        services.AddSingleton<IEventBus>(provider => new RabbitMqEventBus(
            new RabbitMqConnection(ConnectionFactoryOf(events)),
            new RabbitMqConnection(ConnectionFactoryOf(buses.DeadLetters)),
            buses.DeadLettersExchange,
            provider.GetRequiredService<IOptions<ConnectorOptions>>().Value.ConnectorId));
        services.AddSingleton<IDeadLetterStore>(provider => new RabbitMqDeadLetters(
            RabbitMqDeadLetters.Distinct(ConnectionFactoryOf(events), ConnectionFactoryOf(buses.DeadLetters)),
            provider.GetRequiredService<IOptions<ConnectorOptions>>().Value.ConnectorId,
            provider.GetRequiredService<DeadLetterLimits>(),
            provider.GetRequiredService<TimeProvider>()));
        return services.AddMassTransit(registration =>
        {
            registration.DisableUsageTelemetry();
            registration.ConfigureHealthCheckOptions(check => check.Name = HealthServices.Bus);
            registration.AddConsumer<LamassuEventConsumer, LamassuEventConsumerDefinition>();
            registration.UsingRabbitMq((context, bus) =>
            {
                bus.Host(AddressOf(events), host =>
                {
                    if (events.BasicAuth.Enabled)
                    {
                        host.Username(events.BasicAuth.Username);
                        host.Password(events.BasicAuth.Password);
                    }
                });
                bus.ReceiveEndpoint(EventBus.QueueName(context), endpoint =>
                {
                    endpoint.SetQuorumQueue();
                    foreach (var type in context.GetRequiredService<EventRoutes>().Types)
                    {
                        endpoint.Bind(buses.EventsExchange, exchange =>
                        {
                            exchange.ExchangeType = ExchangeType.Topic;
                            exchange.Durable = true;
                            exchange.RoutingKey = type;
                        });
                    }

                    endpoint.ConfigureConsumer<LamassuEventConsumer>(context);
                });
                bus.ReceiveEndpoint(EventBus.FleetQueueName(EventBus.QueueName(context)), endpoint =>
                {
                    endpoint.SetQuorumQueue();
                    EventBus.ConfigureFleetConsumer(endpoint, context);
                });
            });
        });
    }

    private static Uri AddressOf(EventBusOptions options) =>
        new($"{options.Protocol}://{options.Hostname}:{options.EffectivePort}/{Uri.EscapeDataString(options.VirtualHost.TrimStart('/'))}");

    private static ConnectionFactory ConnectionFactoryOf(EventBusOptions options)
    {
        var factory = new ConnectionFactory
        {
            HostName = options.Hostname,
            Port = options.EffectivePort,
            VirtualHost = options.VirtualHost,
            ClientProvidedName = "lamassu-aws-connector",
        };
        if (options.BasicAuth.Enabled)
        {
            factory.UserName = options.BasicAuth.Username;
            factory.Password = options.BasicAuth.Password;
        }

        factory.Ssl.Enabled = options.IsTls;
        factory.Ssl.ServerName = options.Hostname;
        return factory;
    }
}
