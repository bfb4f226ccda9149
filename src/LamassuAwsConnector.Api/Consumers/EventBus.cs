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

    /// <summary>The bus that the configuration names, with the one consumer on it. There is no silent default: a missing provider stops the start.</summary>
    public static IServiceCollection AddEventBus(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<EventBusOptions>(EventBusOptions.EventsSection);
        services.AddCheckedOptions<EventBusOptions>(EventBusOptions.DeadLettersSection, EventBusOptions.DeadLettersSection);
        services.AddSingleton<IValidateOptions<EventBusOptions>, EventBusOptionsValidator>();
        services.AddOptionsWithValidateOnStart<EventRetryOptions, EventRetryOptionsValidator>().BindConfiguration(EventRetryOptions.SectionName);
        services.AddSingleton<CurrentEvent>();
        services.AddSingleton<EventTelemetry>();
        services.AddSingleton<EventPipeline>();
        services.AddSingleton<IFleetSender, FleetSender>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = StopTimeout);
        services.Configure<MassTransitHostOptions>(options => options.StopTimeout = StopTimeout);
        if (configuration[$"{EventBusOptions.EventsSection}:provider"] == EventBusOptions.Amqp)
        {
            return services.AddRabbitMq(configuration).AddHostedService<EventLanes>();
        }

        services.AddSingleton<InMemoryEventBus>();
        services.AddSingleton<IEventBus>(provider => provider.GetRequiredService<InMemoryEventBus>());
        services.AddSingleton(provider => new EventInlet(provider.GetRequiredService<InMemoryEventBus>()));
        return services.AddMassTransit(registration =>
        {
            registration.DisableUsageTelemetry();
            registration.ConfigureHealthCheckOptions(check => check.Name = HealthServices.Bus);
            registration.AddConsumer<LamassuEventConsumer, LamassuEventConsumerDefinition>();
            registration.UsingInMemory((_, _) => { });
        }).AddHostedService<EventLanes>();
    }

    public static string QueueName(string connectorId) => $"lamassu-aws-connector.{connectorId}";
}
