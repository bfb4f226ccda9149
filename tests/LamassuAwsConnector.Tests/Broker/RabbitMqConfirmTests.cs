using System.Text.Json.Nodes;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Tests.Consumers;
using LamassuAwsConnector.Tests.Infrastructure;
using RabbitMQ.Client;
using static LamassuAwsConnector.Tests.Broker.BrokerStage;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>A message that goes into another queue leaves its own when the broker has it there, and not before.</summary>
[Collection(Collection)]
public sealed class RabbitMqConfirmTests(RabbitMqNode node)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dead_letter_that_does_not_reach_the_broker_is_not_lost()
    {
        await using var broker = await ConnectAsync(node);
        await using var proxy = new AmqpProxy(node.Port);
        await using var stage = await TestStage.StartAsync(Door.Http);
        await broker.StartAsync(stage, ("subscriber_event_bus:port", $"{proxy.Port}"));
        proxy.CutBefore(AmqpProxy.Publish);

        await broker.PublishAsync("ca.create", "{not json"u8.ToArray());

        await UntilAsync(() => proxy.HasCut);
        await UntilAsync(async () => await broker.MessagesAsync(DeadLetterQueue) == 1);
    }

    [Fact]
    public async Task A_delayed_retry_that_does_not_reach_the_broker_is_not_lost()
    {
        await using var broker = await ConnectAsync(node);
        await using var proxy = new AmqpProxy(node.Port);
        await using var stage = await TestStage.StartAsync(Door.Http);
        var (watch, isWell, handled) = (new HandlerWatch(), false, 0);
        watch.Replace("ca.create", _ =>
        {
            if (!Volatile.Read(ref isWell))
            {
                throw new ConnectorException(FailureKind.Throttled, "some_code", FailureSource.Aws, "Too many calls.");
            }

            Interlocked.Increment(ref handled);
            return Task.FromResult(EventOutcome.Handled);
        });
        await broker.StartAsync(stage, watch.AddTo, ("event_retries:attempts", "1"), ("subscriber_event_bus:port", $"{proxy.Port}"));
        proxy.CutBefore(AmqpProxy.Publish);

        await broker.PublishAsync("ca.create", EventOf("ca.create", "ca/1", new JsonObject { ["id"] = "ca-1" }));

        await UntilAsync(() => proxy.HasCut);
        Volatile.Write(ref isWell, true);
        await UntilAsync(() => Volatile.Read(ref handled) == 1);
    }

    [Fact]
    public async Task A_dead_letter_whose_queue_somebody_deleted_a_moment_ago_is_not_lost()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        await broker.StartAsync(stage);
        for (var letter = 0; letter < 3; letter++)
        {
            await broker.PublishAsync("ca.create", "{not json"u8.ToArray());
            await UntilAsync(async () => await broker.MessagesAsync(DeadLetterQueue) == 1);
            await broker.Channel.QueueDeleteAsync(DeadLetterQueue, cancellationToken: Cancellation);
        }
    }
}
