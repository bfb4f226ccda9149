using MassTransit;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The one consumer: everything is decided in the pipeline and the services.</summary>
internal sealed class LamassuEventConsumer(EventPipeline pipeline) : IConsumer<ReceivedEvent>
{
    public Task Consume(ConsumeContext<ReceivedEvent> context)
    {
        var received = context.Message;
        if (context.RoutingKey() is { Length: > 0 } routingKey)
        {
            received = received.WithRoutingKey(routingKey);
        }

        return pipeline.HandleAsync(received, context.CancellationToken);
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
