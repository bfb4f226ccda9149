using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Tests.Consumers;
using LamassuAwsConnector.Tests.Infrastructure;
using LamassuAwsConnector.Tests.Security;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using static LamassuAwsConnector.Tests.Broker.BrokerStage;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>What the connector declares on the broker, and what becomes of messages there.</summary>
[Collection(Collection)]
public sealed class RabbitMqTopologyTests(RabbitMqNode node)
{
    private static readonly byte[] Body = "{}"u8.ToArray();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_queue_is_bound_with_the_handled_types_alone()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        await broker.StartAsync(stage);
        var handled = stage.Stage.Connector.Services.GetRequiredService<EventRoutes>().Types.ToList();
        await stage.Stage.StopConnectorAsync();
        var returned = Returned(broker);
        string[] others = ["audit.ca.create", "ca.create.error", "ca.create.x", "kms.create", "certificate.status", $"lamassu-dlq.{TestStage.ConnectorId}"];

        foreach (var type in handled.Concat(others))
        {
            await broker.PublishAsync(type, Body);
        }

        await UntilAsync(async () => await broker.MessagesAsync(StatusQueue) == 1 && await broker.MessagesAsync(Queue) == handled.Count - 1);
        await UntilAsync(() => returned.Count == others.Length);
        Assert.Equal(others.Order(StringComparer.Ordinal), returned.Order(StringComparer.Ordinal));
        Assert.Equal("certificate.status.update", (await broker.ReceiveAsync(StatusQueue)).RoutingKey);
    }

    [Fact]
    public async Task A_dead_letter_does_not_come_back_to_the_connectors_queue()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        await broker.StartAsync(stage);
        await stage.Stage.StopConnectorAsync();

        await broker.PublishAsync(BrokerStage.DeadLetters, $"lamassu-dlq.{TestStage.ConnectorId}", Body);
        await broker.PublishAsync(BrokerStage.DeadLetters, "lamassu-dlq", Body);

        await UntilAsync(async () => await broker.MessagesAsync(DeadLetterQueue) > 0);
        Assert.Equal(1, await broker.MessagesAsync(DeadLetterQueue));
        Assert.Equal(0, await broker.MessagesAsync(Queue));
        Assert.Equal(0, await broker.MessagesAsync(StatusQueue));
    }

    [Theory]
    [InlineData(Queue)]
    [InlineData($"{Queue}.fan-out")]
    public async Task What_the_broker_gives_up_lies_in_the_dead_letters_with_its_bytes(string queue)
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        await broker.StartAsync(stage);
        await stage.Stage.StopConnectorAsync();
        await broker.PublishAsync("", queue, Body);

        await GiveBackAsync(broker, queue, times: 21);

        Assert.Equal(Body, (await broker.ReceiveAsync(DeadLetterQueue)).Body.ToArray());
        Assert.Equal(0, await broker.MessagesAsync(queue));
    }

    [Fact]
    public async Task The_status_of_a_certificate_is_not_given_up_by_the_broker()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        await broker.StartAsync(stage);
        await stage.Stage.StopConnectorAsync();
        await broker.PublishAsync("certificate.status.update", Body);

        await GiveBackAsync(broker, StatusQueue, times: 25);

        Assert.Equal(Body, (await broker.ReceiveAsync(StatusQueue)).Body.ToArray());
        Assert.Equal(0, await broker.MessagesAsync(DeadLetterQueue));
    }

    [Fact]
    public async Task The_queues_have_the_form_that_is_documented()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        const string WaitQueue = $"{Queue}.wait.1234ms";
        await broker.Channel.QueueDeleteAsync(WaitQueue, cancellationToken: Cancellation);
        var watch = new HandlerWatch();
        watch.Replace("ca.create", _ => throw new ConnectorException(FailureKind.Throttled, "some_code", FailureSource.Aws, "Too many calls."));
        await broker.StartAsync(stage, watch.AddTo, ("event_retries:attempts", "1"), ("event_retries:delays:0", "00:00:01.234"));
        await broker.PublishAsync("ca.create", EventOf("ca.create", "ca/1", new JsonObject { ["id"] = "ca-1" }));
        await UntilAsync(async () => await broker.MessagesAsync(WaitQueue) >= 0);

        // The broker refuses each other form.
        await DeclareAsync(Queue, ("x-delivery-limit", 20), DeadLetterQueue);
        await DeclareAsync($"{Queue}.fan-out", ("x-delivery-limit", 20), DeadLetterQueue);
        await DeclareAsync(StatusQueue, ("x-delivery-limit", 1_000_000), DeadLetterQueue);
        await DeclareAsync(WaitQueue, ("x-message-ttl", 1234), Queue);
        await DeclareAsync(DeadLetterQueue, ("x-delivery-limit", 1_000_000_000), giveUpTo: null);

        Task DeclareAsync(string queue, (string Name, long Value) own, string? giveUpTo)
        {
            var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "quorum", [own.Name] = own.Value };
            if (giveUpTo is not null)
            {
                arguments["x-dead-letter-exchange"] = "";
                arguments["x-dead-letter-routing-key"] = giveUpTo;
                arguments["x-dead-letter-strategy"] = "at-least-once";
                arguments["x-overflow"] = "reject-publish";
            }

            return broker.Channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: Cancellation);
        }
    }

    [Fact]
    public async Task At_the_first_delivery_everything_is_declared_that_a_message_can_be_put_into()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        await broker.StartAsync(stage);
        await stage.Stage.StopConnectorAsync();
        await broker.PublishAsync("ca.create", EventOf("ca.create", "ca/1", new JsonObject { ["id"] = "ca-1" }));
        string[] others = [StatusQueue, $"{Queue}.fan-out", DeadLetterQueue];
        foreach (var queue in others)
        {
            await broker.Channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        }

        var returned = Returned(broker);
        var watch = new HandlerWatch();
        var found = new TaskCompletionSource<long[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        watch.Replace("ca.create", async _ =>
        {
            found.TrySetResult(await Task.WhenAll(others.Select(broker.MessagesAsync)));
            return EventOutcome.Handled;
        });

        await broker.StartAsync(stage, watch.AddTo);

        var atFirst = await found.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal([0, 0, 0], atFirst);
        await broker.PublishAsync(BrokerStage.DeadLetters, $"lamassu-dlq.{TestStage.ConnectorId}", Body);
        await UntilAsync(async () => await broker.MessagesAsync(DeadLetterQueue) == 1);
        Assert.Empty(returned);
    }

    [Fact]
    public async Task A_queue_of_another_form_refuses_the_start_and_says_what_to_do()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        await broker.Channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);

        var exception = await Assert.ThrowsAsync<ConnectorException>(() => broker.StartAsync(stage));

        Assert.Contains(Queue, exception.Message, StringComparison.Ordinal);
        Assert.Contains("rabbitmqctl delete_queue", exception.Message, StringComparison.Ordinal);
        await broker.Channel.QueueDeleteAsync(Queue, cancellationToken: Cancellation);
        await broker.StartAsync(stage);
    }

    [Fact]
    public async Task The_existing_connectors_queue_is_named_with_what_is_in_it()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        using var log = new LogLines();
        await broker.Channel.QueueDeclareAsync(ExistingQueue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        await broker.PublishAsync("", ExistingQueue, Body);
        await UntilAsync(async () => await broker.MessagesAsync(ExistingQueue) == 1);

        await broker.StartAsync(stage, log.Capture, LogLines.Settings);

        Assert.Contains(log.All, line => line.Contains($"The queue {ExistingQueue} of the existing AWS connector is still there, with 1 messages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_existing_connector_running_refuses_the_start_unless_it_is_allowed()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        await broker.Channel.QueueDeclareAsync(ExistingQueue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        await broker.Channel.BasicConsumeAsync(ExistingQueue, autoAck: true, new AsyncEventingBasicConsumer(broker.Channel), Cancellation);

        var exception = await Assert.ThrowsAsync<ConnectorException>(() => broker.StartAsync(stage));

        Assert.Contains("allow_existing_connector", exception.Message, StringComparison.Ordinal);
        Assert.Equal(-1, await broker.MessagesAsync(Queue));
        await broker.StartAsync(stage, ("subscriber_event_bus:allow_existing_connector", "true"));
    }

    [Fact]
    public async Task The_status_of_a_certificate_overtakes_all_other_events()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        var watch = new HandlerWatch();
        var others = new TaskCompletionSource<EventOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var status = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watch.Replace("ca.create", _ => others.Task);
        watch.Replace("certificate.status.update", _ =>
        {
            status.TrySetResult();
            return Task.FromResult(EventOutcome.Handled);
        });
        await broker.StartAsync(stage, watch.AddTo);
        for (var ca = 0; ca < 100; ca++)
        {
            await broker.PublishAsync("ca.create", EventOf("ca.create", $"ca/{ca}", new JsonObject { ["id"] = $"{ca}" }));
        }

        await broker.PublishAsync("certificate.status.update", EventOf("certificate.status.update", "certificate/1", []));

        await status.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.False(others.Task.IsCompleted);
        others.SetResult(EventOutcome.Handled);
    }

    [Fact]
    public async Task A_message_of_one_MiB_with_headers_that_are_no_strings_is_handled()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        var watch = new HandlerWatch();
        var seen = new TaskCompletionSource<CloudEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        watch.Replace("ca.create", cloudEvent =>
        {
            seen.TrySetResult(cloudEvent);
            return Task.FromResult(EventOutcome.Handled);
        });
        await broker.StartAsync(stage, watch.AddTo);
        var body = EventOf("ca.create", "ca/1", new JsonObject { ["id"] = "ca-1", ["metadata"] = new string('x', 1024 * 1024) });
        var properties = new BasicProperties
        {
            Headers = new Dictionary<string, object?> { ["number"] = 1, ["bytes"] = new byte[] { 0xff }, ["table"] = new Dictionary<string, object?> { ["a"] = true } },
        };

        await broker.Channel.BasicPublishAsync(Events, "ca.create", mandatory: true, properties, body, Cancellation);

        var cloudEvent = await seen.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal(1024 * 1024, cloudEvent.Data.GetProperty("metadata").GetString()!.Length);
        Assert.Equal(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero).AddTicks(1234567), cloudEvent.Time!.Value, TimeSpan.FromTicks(1));
        await UntilAsync(async () => await broker.MessagesAsync(Queue) == 0);
    }

    [Fact]
    public async Task What_can_be_put_into_no_other_queue_comes_back_after_a_pause_and_not_at_once()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        const string WaitQueue = $"{Queue}.wait.1000ms";
        await broker.Channel.QueueDeleteAsync(WaitQueue, cancellationToken: Cancellation);
        await broker.Channel.QueueDeclareAsync(WaitQueue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        var watch = new HandlerWatch();
        var tries = new ConcurrentQueue<string>();
        var isWell = false;
        watch.Replace("ca.create", cloudEvent =>
        {
            tries.Enqueue(cloudEvent.Id);
            return isWell
                ? Task.FromResult(EventOutcome.Handled)
                : throw new ConnectorException(FailureKind.Throttled, "some_code", FailureSource.Aws, "Too many calls.");
        });
        await broker.StartAsync(
            stage,
            watch.AddTo,
            ("event_retries:attempts", "1"),
            ("event_retries:delays:0", "00:00:01"),
            ("event_retries:delays:1", "00:00:01"),
            ("event_retries:delays:2", "00:00:01"));

        await broker.PublishAsync("ca.create", EventOf("ca.create", "ca/1", new JsonObject { ["id"] = "ca-1" }));

        await UntilAsync(() => tries.Count >= 2);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);
        Assert.InRange(tries.Count, 2, 4);
        isWell = true;
        var before = tries.Count;
        await UntilAsync(() => tries.Count > before);
        await broker.Channel.QueueDeleteAsync(WaitQueue, cancellationToken: Cancellation);
        await stage.Stage.StopConnectorAsync();
        Assert.Equal(0, await broker.MessagesAsync(Queue));
    }

    [Fact]
    public async Task A_bus_that_is_switched_off_is_not_connected()
    {
        await using var broker = await ConnectAsync(node);
        await using var stage = await TestStage.StartAsync(Door.Http);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await broker.StartAsync(
            stage,
            ("subscriber_dlq_event_bus:enabled", "false"),
            ("subscriber_dlq_event_bus:provider", "amqp"),
            ("subscriber_dlq_event_bus:hostname", "127.0.0.1"),
            ("subscriber_dlq_event_bus:port", $"{((IPEndPoint)listener.LocalEndpoint).Port}"));

        await broker.PublishAsync("ca.create", "{not json"u8.ToArray());

        await UntilAsync(async () => await broker.MessagesAsync(DeadLetterQueue) == 1);
        Assert.False(listener.Pending());
    }

    // As if the process had ended each time that it had the message.
    private static async Task GiveBackAsync(BrokerStage broker, string queue, int times)
    {
        for (var delivery = 0; delivery < times; delivery++)
        {
            await broker.Channel.BasicNackAsync((await broker.ReceiveAsync(queue, autoAck: false)).DeliveryTag, multiple: false, requeue: true, Cancellation);
        }
    }

    private static ConcurrentQueue<string> Returned(BrokerStage broker)
    {
        var keys = new ConcurrentQueue<string>();
        broker.Channel.BasicReturnAsync += (_, message) =>
        {
            keys.Enqueue(message.RoutingKey);
            return Task.CompletedTask;
        };
        return keys;
    }
}
