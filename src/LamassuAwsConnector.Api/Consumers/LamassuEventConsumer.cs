using MassTransit;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The one consumer: everything is decided in the pipeline and the services.</summary>
internal sealed partial class LamassuEventConsumer(
    EventPipeline pipeline, IOptions<EventRetryOptions> retries, TimeProvider timeProvider, IHostApplicationLifetime lifetime, ILogger<LamassuEventConsumer> logger)
    : IConsumer<ReceivedEvent>
{
    // With the broker's limit of deliveries: some twenty minutes in which no message can be put anywhere.
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    public async Task Consume(ConsumeContext<ReceivedEvent> context)
    {
        var received = context.Message;
        if (context.ReceiveContext.TryGetPayload<RabbitMqBasicConsumeContext>(out var broker))
        {
            // MassTransit adds properties to what it calls headers.
            received = received with { Headers = MessageProperties.StringHeaders(broker.Properties), Properties = MessageProperties.Of(broker.Properties) };
        }

        if (context.RoutingKey() is { Length: > 0 } routingKey)
        {
            received = received.WithRoutingKey(routingKey);
        }

        try
        {
            await pipeline.HandleAsync(received, context.CancellationToken);
        }
        catch (Exception exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            // It goes back to the queue, whose broker would deliver it again at once.
            Log.PutNowhere(logger, received.Event?.Type, received.Event?.Subject, exception);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
            await Task.Delay(Pause, timeProvider, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private TimeSpan Pause => retries.Value.EffectiveDelays is { Count: > 0 } delays && delays[^1] < MaxPause ? delays[^1] : MaxPause;

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "Event {EventType} for {EventSubject} can be put into no other queue and goes back to its own after a pause",
            EventName = "return_event")]
        public static partial void PutNowhere(ILogger logger, string? eventType, string? eventSubject, Exception exception);
    }
}

/// <summary>The queue's side of the consumer, on every bus: raw messages, several at once, those of one object in their order.</summary>
internal sealed class LamassuEventConsumerDefinition : ConsumerDefinition<LamassuEventConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<LamassuEventConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.ConfigureConsumeTopology = false;
        endpointConfigurator.PublishFaults = false;
        endpointConfigurator.ClearSerialization();
        endpointConfigurator.AddSerializer(new RawEventSerialization());
        endpointConfigurator.AddDeserializer(new RawEventSerialization(), isDefault: true);

        // What the pipeline could put nowhere goes back to the queue.
        endpointConfigurator.RethrowFaultedMessages();
        consumerConfigurator.Message<ReceivedEvent>(message => message.UsePartitioner(Lanes.Concurrency(Lane.Events), received => received.Message.PartitionKey));
    }
}
