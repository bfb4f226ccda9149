using System.Globalization;
using LamassuAwsConnector.Api.DeadLetters;
using LamassuAwsConnector.Api.Health;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Configuration;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Lamassu;
using MassTransit;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

internal static class EventBus
{
    // Of the time to end: what is in flight may use the greater part, what was not begun goes back to the queue, and the rest is for connections.
    private const double ShareOfDeliveries = 0.8;
    private const double ShareOfBus = 0.9;

    /// <summary>The bus that the configuration names, with the one consumer on it. There is no silent default: a missing provider stops the start.</summary>
    public static IServiceCollection AddEventBus(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<EventBusOptions>(EventBusOptions.EventsSection);
        services.AddCheckedOptions<EventBusOptions>(EventBusOptions.DeadLettersSection, EventBusOptions.DeadLettersSection);
        services.AddSingleton<IValidateOptions<EventBusOptions>, EventBusOptionsValidator>();
        services.AddCheckedOptions<EventRetryOptions>(EventRetryOptions.SectionName);
        services.AddSingleton<IValidateOptions<EventRetryOptions>, EventDelaysValidator>();
        services.AddSingleton<CurrentEvent>();
        services.AddSingleton<EventReceipts>();
        services.AddSingleton(provider => new EventInlet(provider.GetRequiredService<EventReceipts>(), provider.GetService<InMemoryEventBus>()));
        services.AddSingleton<EventTelemetry>();
        services.AddSingleton<EventPipeline>();
        services.AddSingleton<IFleetSender, FleetSender>();
        services.AddSingleton(new DeadLetterLimits());
        services.AddSingleton<DeadLetterAudit>();
        services.AddHostedService<DeadLetterCount>();
        services.AddSingleton(provider => new Outages((source, cancellationToken) => LookAtAsync(provider, source, cancellationToken)));
        services.AddSingleton<DeniedGates>();
        services.AddSingleton<EventLanes>();
        services.AddSingleton<ConsumptionPause>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeoutOf(configuration));
        services.AddOptions<MassTransitHostOptions>().Configure<IOptions<ConnectorOptions>>((bus, connector) =>
        {
            bus.ConsumerStopTimeout = connector.Value.ShutdownTimeout * ShareOfDeliveries;
            bus.StopTimeout = connector.Value.ShutdownTimeout * ShareOfBus;
        });
        if (configuration[$"{EventBusOptions.EventsSection}:provider"] == EventBusOptions.Amqp)
        {
            return services.AddRabbitMq(configuration).AddLanes();
        }

        services.AddSingleton<InMemoryEventBus>();
        services.AddSingleton<IEventBus>(provider => provider.GetRequiredService<InMemoryEventBus>());
        services.AddSingleton<IDeadLetterStore, InMemoryDeadLetters>();
        return services.AddMassTransit(registration =>
        {
            registration.DisableUsageTelemetry();
            registration.ConfigureHealthCheckOptions(check => check.Name = HealthServices.Bus);
            registration.AddConsumer<LamassuEventConsumer, LamassuEventConsumerDefinition>();
            registration.UsingInMemory((_, _) => { });
        }).AddLanes();
    }

    public static string QueueName(string connectorId) => $"lamassu-aws-connector.{connectorId}";

    // The host asks before the options are checked, and must not be the one that says what is wrong with them.
    private static TimeSpan ShutdownTimeoutOf(IConfiguration configuration) =>
        TimeSpan.TryParse(configuration["shutdown_timeout"], CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero
            ? timeout
            : new ConnectorOptions().ShutdownTimeout;

    // After the bus that they are connected to.
    private static IServiceCollection AddLanes(this IServiceCollection services)
    {
        services.AddHostedService(provider => provider.GetRequiredService<EventLanes>());
        services.AddHostedService(provider => provider.GetRequiredService<ConsumptionPause>());
        services.AddHealthChecks().AddCheck<ConsumptionPause>(HealthServices.Events);
        return services;
    }

    private static async Task<ConnectorException?> LookAtAsync(IServiceProvider services, FailureSource source, CancellationToken cancellationToken) =>
        source == FailureSource.Aws
            ? await services.GetRequiredService<AwsCredentialsProbe>().CheckAsync(cancellationToken)
            : (await services.GetRequiredService<LamassuHealth>().CheckAsync(cancellationToken)).Values
                .FirstOrDefault(failure => failure?.Kind == FailureKind.Unavailable);
}
