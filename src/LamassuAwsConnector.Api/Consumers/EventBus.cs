using LamassuAwsConnector.Api.DeadLetters;
using LamassuAwsConnector.Api.Health;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Configuration;
using LamassuAwsConnector.Core.DeviceManufacturing;
using MassTransit;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

internal static class EventBus
{
    // What Kubernetes gives a pod to end, by default.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    // An eighth of what the queue of events takes at once.
    private const int ConcurrentFleetDeliveries = 4;

    /// <summary>The bus that the configuration names, with the one consumer on it. There is no silent default: a missing provider stops the start.</summary>
    public static IServiceCollection AddEventBus(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<EventBusOptions>(EventBusOptions.EventsSection);
        services.AddCheckedOptions<EventBusOptions>(EventBusOptions.DeadLettersSection, EventBusOptions.DeadLettersSection);
        services.AddSingleton<IValidateOptions<EventBusOptions>, EventBusOptionsValidator>();
        services.AddCheckedOptions<EventRetryOptions>(EventRetryOptions.SectionName);
        services.AddSingleton<IValidateOptions<EventRetryOptions>, EventDelaysValidator>();
        services.AddSingleton<CurrentEvent>();
        services.AddSingleton<EventTelemetry>();
        services.AddSingleton<EventPipeline>();
        services.AddSingleton<IFleetSender, FleetSender>();
        services.AddSingleton(new DeadLetterLimits());
        services.AddSingleton<DeadLetterAudit>();
        services.AddHostedService<DeadLetterCount>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = StopTimeout);
        services.Configure<MassTransitHostOptions>(options => options.StopTimeout = StopTimeout);
        if (configuration[$"{EventBusOptions.EventsSection}:provider"] == EventBusOptions.Amqp)
        {
            return services.AddRabbitMq(configuration);
        }

        services.AddSingleton<InMemoryEventBus>();
        services.AddSingleton<IEventBus>(provider => provider.GetRequiredService<InMemoryEventBus>());
        services.AddSingleton<IDeadLetterStore, InMemoryDeadLetters>();
        services.AddSingleton(provider => new EventInlet(provider.GetRequiredService<InMemoryEventBus>()));
        return services.AddMassTransit(registration =>
        {
            registration.DisableUsageTelemetry();
            registration.ConfigureHealthCheckOptions(check => check.Name = HealthServices.Bus);
            registration.AddConsumer<LamassuEventConsumer, LamassuEventConsumerDefinition>();
            registration.UsingInMemory((context, bus) =>
            {
                bus.ReceiveEndpoint(QueueName(context), endpoint => endpoint.ConfigureConsumer<LamassuEventConsumer>(context));
                bus.ReceiveEndpoint(FleetQueueName(QueueName(context)), endpoint => ConfigureFleetConsumer(endpoint, context));
            });
        });
    }

    public static string QueueName(IServiceProvider provider) => QueueName(provider.GetRequiredService<IOptions<ConnectorOptions>>().Value.ConnectorId);

    public static string QueueName(string connectorId) => $"lamassu-aws-connector.{connectorId}";

    public static string FleetQueueName(string queueName) => $"{queueName}.fan-out";

    /// <summary>The same consumer, with few deliveries at once: a campaign must leave AWS's quota to single events.</summary>
    public static void ConfigureFleetConsumer(IReceiveEndpointConfigurator endpoint, IRegistrationContext context)
    {
        endpoint.ConfigureConsumer<LamassuEventConsumer>(context);
        endpoint.ConcurrentMessageLimit = ConcurrentFleetDeliveries;
        endpoint.PrefetchCount = 2 * ConcurrentFleetDeliveries;
    }
}
