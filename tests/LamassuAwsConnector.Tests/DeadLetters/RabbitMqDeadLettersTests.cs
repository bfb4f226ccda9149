using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api.DeadLetters;
using LamassuAwsConnector.Tests.Broker;
using RabbitMQ.Client;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.DeadLetters;

/// <summary>What only a broker can do: hold letters, forget connections, give up messages itself, serve several replicas.</summary>
public sealed class RabbitMqDeadLettersTests(RabbitMqNode node)
{
    private static readonly JsonObject Everything = new() { ["all"] = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_consumer_finds_the_bytes_the_properties_and_headers_that_are_all_strings()
    {
        await using var stage = await DeadLetterStage.StartAsync(node);
        await stage.Broker.ExchangeDeclareAsync(stage.LettersExchange, ExchangeType.Topic, durable: true, cancellationToken: Cancellation);
        var others = await stage.Broker.QueueDeclareAsync(cancellationToken: Cancellation);
        await stage.Broker.QueueBindAsync(others.QueueName, stage.LettersExchange, "lamassu-dlq.*", cancellationToken: Cancellation);
        var body = DeadLetterStage.EventOf("ca/one");
        var properties = new BasicProperties
        {
            MessageId = "message-1",
            CorrelationId = "correlation-1",
            ContentType = "application/cloudevents+json",
            ContentEncoding = "utf-8",
            Type = "event",
            AppId = "ca",
            Timestamp = new AmqpTimestamp(1_795_000_000),
            Priority = 3,
            Expiration = "60000",
            ReplyTo = "somebody",
            Headers = new Dictionary<string, object?>
            {
                ["_watermill_message_uuid"] = "unknown",
                ["number"] = 7,
                ["table"] = new Dictionary<string, object?> { ["a"] = "b" },
                ["x-first-death-reason"] = "expired",
            },
        };

        await stage.PublishAsync(body, properties);

        BasicGetResult? letter = null;
        await UntilAsync(async () => (letter = await stage.Broker.BasicGetAsync(others.QueueName, autoAck: true, Cancellation)) is not null);
        Assert.Equal(body, letter!.Body.ToArray());
        Assert.Equal($"lamassu-dlq.{stage.ConnectorId}", letter.RoutingKey);

        // AMQP's type S arrives as bytes, and no other one does.
        var headers = letter.BasicProperties.Headers!.ToDictionary(
            header => header.Key, header => Encoding.UTF8.GetString(Assert.IsType<byte[]>(header.Value)));
        Assert.Equal(
            [
                "_watermill_message_uuid", "handler_poisoned", "lamassu_aws_connector_code", "lamassu_aws_connector_deliveries",
                "lamassu_aws_connector_first_time", "lamassu_aws_connector_kind", "lamassu_aws_connector_routing_key", "lamassu_aws_connector_time",
                "lamassu_aws_connector_version", "reason_poisoned", "subscriber_poisoned", "topic_poisoned",
            ],
            headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("ca.create", "lamassu-aws-connector"), (headers["topic_poisoned"], headers["handler_poisoned"]));
        Assert.Equal(stage.Queue, headers["subscriber_poisoned"]);
        Assert.Equal("The test wants ca/one to fail.", headers["reason_poisoned"]);
        Assert.Equal("ca.create", headers["lamassu_aws_connector_routing_key"]);
        Assert.NotEmpty(headers["lamassu_aws_connector_version"]);
        var kept = letter.BasicProperties;
        Assert.Equal(
            ("message-1", "correlation-1", "application/cloudevents+json", "utf-8", "event", "ca", 1_795_000_000, (byte)3, true),
            (kept.MessageId, kept.CorrelationId, kept.ContentType, kept.ContentEncoding, kept.Type, kept.AppId, kept.Timestamp.UnixTime, kept.Priority,
                kept.Persistent));
        Assert.False(kept.IsExpirationPresent() || kept.IsReplyToPresent() || kept.IsUserIdPresent());
    }

    [Fact]
    public async Task A_letter_that_the_broker_gave_up_is_listed_and_replayed_like_the_others()
    {
        await using var stage = await DeadLetterStage.StartAsync(node);
        await stage.DieAsync("ca/one");
        await GiveUpAsync(stage, DeadLetterStage.EventOf("ca/two"));
        await stage.UntilCountAsync(2);

        var letter = (await stage.ListAsync())["list"]!.AsArray().Single(letter => DeadLetterStage.Subject(letter) == "ca/two")!;
        Assert.Equal(("delivery_limit", "delivery_limit"), (letter["cause"]!["kind"]!.GetValue<string>(), letter["cause"]!["code"]!.GetValue<string>()));
        Assert.Equal(("ca.create", "ca.create"), (letter["type"]!.GetValue<string>(), letter["routing_key"]!.GetValue<string>()));
        Assert.Null(letter["attempts"]);
        Assert.InRange(letter["age_seconds"]!.GetValue<long>(), 0, 60);

        var answer = await stage.ReplayAsync(new JsonObject { ["ids"] = new JsonArray(letter["id"]!.GetValue<string>()) });

        Assert.Equal((1, 1), (answer["replayed"]!.GetValue<int>(), answer["left"]!.GetValue<int>()));
        await stage.UntilCountAsync(2);
        var again = (await stage.ListAsync())["list"]!.AsArray().Single(letter => DeadLetterStage.Subject(letter) == "ca/two")!;
        Assert.Equal(("told_to_fail", "ca.create"), (again["cause"]!["code"]!.GetValue<string>(), again["routing_key"]!.GetValue<string>()));
        Assert.Equal(1, again["replays"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_somebody_put_there_by_hand_is_listed_and_can_be_deleted()
    {
        await using var stage = await DeadLetterStage.StartAsync(node);
        await stage.DieAsync("ca/one");
        await stage.Broker.BasicPublishAsync("", stage.LetterQueue, "by hand"u8.ToArray(), Cancellation);
        await stage.UntilCountAsync(2);

        var letter = (await stage.ListAsync())["list"]!.AsArray()[0]!;
        Assert.Equal("unknown", letter["cause"]!["kind"]!.GetValue<string>());
        Assert.Null(letter["dead_letter_time"]);

        using var deleted = await stage.Client.DeleteAsync($"/v1/dead-letters/{letter["id"]}", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(["ca/one"], await stage.SubjectsAsync());
    }

    [Fact]
    public async Task Looking_again_and_again_loses_none()
    {
        await using var stage = await DeadLetterStage.StartAsync(node);
        await stage.DieAsync("ca/one", "ca/two", "ca/three");

        // RabbitMQ 4 gives a message up after 20 deliveries where a queue says nothing else.
        for (var look = 0; look < 25; look++)
        {
            var list = await stage.ListAsync();
            Assert.Equal((3, true, 3), (list["list"]!.AsArray().Count, list["complete"]!.GetValue<bool>(), list["total"]!.GetValue<int>()));
        }
    }

    [Fact]
    public async Task A_list_that_is_not_the_whole_says_so_and_so_does_a_replay()
    {
        await using var stage = await DeadLetterStage.StartAsync(node, limits: new DeadLetterLimits() with { MaxLetters = 5 });
        var subjects = Enumerable.Range(0, 7).Select(number => $"ca/{number}").ToArray();
        foreach (var subject in subjects)
        {
            await stage.DieAsync(subject);
        }

        // The same five each time: those that were looked at go back to the front.
        for (var look = 0; look < 2; look++)
        {
            var list = await stage.ListAsync();
            Assert.Equal(subjects[..5], list["list"]!.AsArray().Select(DeadLetterStage.Subject));
            Assert.Equal((false, 7), (list["complete"]!.GetValue<bool>(), list["total"]!.GetValue<int>()));
            Assert.Equal("Only the oldest 5 letters were looked at; 2 more are in the queue.", list["incomplete_because"]!.GetValue<string>());
        }

        stage.Fails = _ => null;
        var answer = await stage.ReplayAsync(Everything);
        Assert.Equal((5, 2, false), (answer["replayed"]!.GetValue<int>(), answer["left"]!.GetValue<int>(), answer["complete"]!.GetValue<bool>()));
        answer = await stage.ReplayAsync(Everything);
        Assert.Equal((2, 0, true), (answer["replayed"]!.GetValue<int>(), answer["left"]!.GetValue<int>(), answer["complete"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task A_letter_of_a_mebibyte_is_listed_and_few_of_them_fill_a_look()
    {
        await using var stage = await DeadLetterStage.StartAsync(node, limits: new DeadLetterLimits() with { MaxBytes = 2 * 1024 * 1024 });
        var body = new byte[1024 * 1024];
        for (var number = 0; number < 3; number++)
        {
            body[0] = (byte)number;
            await stage.PublishAsync(body.ToArray());
        }

        await stage.UntilCountAsync(3);

        var list = await stage.ListAsync();
        Assert.Equal([1024 * 1024, 1024 * 1024], list["list"]!.AsArray().Select(letter => letter!["size"]!.GetValue<int>()));
        Assert.Equal((false, 3), (list["complete"]!.GetValue<bool>(), list["total"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Replicas_that_look_at_once_find_all_letters_or_say_that_they_did_not()
    {
        await using var stage = await DeadLetterStage.StartAsync(node);
        await stage.DieAsync([.. Enumerable.Range(0, 30).Select(number => $"ca/{number}")]);
        await using var one = stage.OtherReplica(new DeadLetterLimits() with { LockPatience = TimeSpan.Zero });
        await using var two = stage.OtherReplica(new DeadLetterLimits() with { LockPatience = TimeSpan.Zero });

        var lists = new List<DeadLetterList>();
        for (var round = 0; round < 10; round++)
        {
            lists.AddRange(await Task.WhenAll(one.ListAsync(Cancellation), two.ListAsync(Cancellation)));
        }

        Assert.All(lists, list => Assert.Equal(list.Incomplete is null ? 30 : 0, list.Letters.Count));
        Assert.Contains(lists, list => list.Incomplete is null);
        Assert.Contains(lists, list => list.Incomplete is not null);
        Assert.Equal(30, await stage.CountAsync());
    }

    [Fact]
    public async Task While_another_replica_has_the_letters_a_list_is_said_to_be_partial_and_a_replay_is_to_come_later()
    {
        await using var stage = await DeadLetterStage.StartAsync(node, limits: new DeadLetterLimits() with { LockPatience = TimeSpan.FromMilliseconds(300) });
        await stage.DieAsync("ca/one");
        var broker = new ConnectionFactory { HostName = "127.0.0.1", Port = node.Port };
        await using (await RabbitMqDeadLetterQueue.OpenAsync(broker, stage.LetterQueue, TimeSpan.Zero, TimeProvider.System, Cancellation))
        {
            var list = await stage.ListAsync();
            Assert.Equal((0, false, true), (list["list"]!.AsArray().Count, list["complete"]!.GetValue<bool>(), list["total"] is null));
            Assert.Contains("Another call", list["incomplete_because"]!.GetValue<string>(), StringComparison.Ordinal);
            await AssertUnavailableAsync(stage, "dead_letters_locked");
        }

        Assert.Equal(["ca/one"], await stage.SubjectsAsync());
    }

    [Fact]
    public async Task Letters_that_die_again_during_a_replay_are_not_replayed_by_it()
    {
        await using var stage = await DeadLetterStage.StartAsync(node);
        var subjects = Enumerable.Range(0, 40).Select(number => $"ca/{number}").ToArray();
        await stage.DieAsync(subjects);

        var answer = await stage.ReplayAsync(Everything);

        Assert.Equal(40, answer["replayed"]!.GetValue<int>());
        await UntilAsync(() => stage.Handled.Count == 80);
        await stage.UntilCountAsync(40);
        Assert.All((await stage.ListAsync())["list"]!.AsArray(), letter => Assert.Equal(1, letter!["replays"]!.GetValue<int>()));
        Assert.All(subjects, subject => Assert.Equal(2, stage.HandledOf(subject)));
    }

    [Fact]
    public async Task A_replay_reaches_nobody_but_the_connector()
    {
        await using var stage = await DeadLetterStage.StartAsync(node);
        var others = await stage.Broker.QueueDeclareAsync(cancellationToken: Cancellation);
        foreach (var exchange in new[] { stage.EventsExchange, stage.LettersExchange })
        {
            await stage.Broker.QueueBindAsync(others.QueueName, exchange, "#", cancellationToken: Cancellation);
        }

        await stage.DieAsync("ca/one", "ca/two");
        stage.Fails = _ => null;

        Assert.Equal(2, (await stage.ReplayAsync(Everything))["replayed"]!.GetValue<int>());

        await UntilAsync(() => stage.Handled.Count == 4);
        Assert.Equal(4u, await stage.Broker.MessageCountAsync(others.QueueName, Cancellation));
    }

    [Fact]
    public async Task A_replay_that_is_cut_off_before_the_copy_is_sent_loses_none()
    {
        await using var stand = new ProxiedStage(node);
        var stage = await stand.StartAsync();
        await stage.DieAsync("ca/one", "ca/two", "ca/three");
        stage.Fails = _ => null;
        stand.Proxy.CutBefore(AmqpProxy.Publish);

        await AssertUnavailableAsync(stage, "broker_unavailable");

        Assert.True(stand.Proxy.HasCut);
        await stage.UntilCountAsync(3);
        Assert.Equal(3, stage.Handled.Count);
        await UntilAsync(async () => (await stage.ListAsync())["complete"]!.GetValue<bool>());
        Assert.Equal(3, (await stage.ReplayAsync(Everything))["replayed"]!.GetValue<int>());
        await UntilAsync(() => stage.Handled.Count == 6);
        Assert.Equal(0, await stage.CountAsync());
    }

    [Fact]
    public async Task A_replay_that_is_cut_off_between_copy_and_acknowledgement_loses_none_and_one_is_handled_twice()
    {
        await using var stand = new ProxiedStage(node);
        var stage = await stand.StartAsync();
        await stage.DieAsync("ca/one", "ca/two", "ca/three");
        stage.Fails = _ => null;
        stand.Proxy.CutBefore(AmqpProxy.Acknowledge, afterGet: true);

        await AssertUnavailableAsync(stage, "broker_unavailable");

        Assert.True(stand.Proxy.HasCut);
        await UntilAsync(() => stage.Handled.Count == 4);
        await stage.UntilCountAsync(3);
        await UntilAsync(async () => (await stage.ListAsync())["complete"]!.GetValue<bool>());
        Assert.Equal(3, (await stage.ReplayAsync(Everything))["replayed"]!.GetValue<int>());
        await UntilAsync(() => stage.Handled.Count == 7);
        Assert.Equal([2, 2, 3], new[] { "ca/one", "ca/two", "ca/three" }.Select(stage.HandledOf).Order());
        Assert.Equal(0, await stage.CountAsync());
    }

    [Fact]
    public async Task Without_a_broker_every_call_is_to_come_later()
    {
        await using var stand = new ProxiedStage(node);
        var stage = await stand.StartAsync();
        await stage.DieAsync("ca/one");
        await stand.Proxy.DisposeAsync();

        await AssertUnavailableAsync(stage, "broker_unavailable");
        using var list = await stage.Client.GetAsync("/v1/dead-letters", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, list.StatusCode);
        using var deleted = await stage.Client.DeleteAsync("/v1/dead-letters?all=true", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, deleted.StatusCode);
        Assert.Equal(1, await stage.CountAsync());
    }

    [Fact]
    public async Task Without_letters_there_is_nothing_to_see_nor_to_do()
    {
        await using var stage = await DeadLetterStage.StartAsync(node);

        var list = await stage.ListAsync();
        Assert.Equal((0, true, 0), (list["list"]!.AsArray().Count, list["complete"]!.GetValue<bool>(), list["total"]!.GetValue<int>()));
        Assert.Equal(0, (await stage.ReplayAsync(Everything))["replayed"]!.GetValue<int>());
    }

    private static async Task AssertUnavailableAsync(DeadLetterStage stage, string code)
    {
        using var response = await stage.Client.PostAsJsonAsync("/v1/dead-letters/replay", Everything, Cancellation);
        var problem = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, code), (response.StatusCode, problem["code"]!.GetValue<string>()));
        Assert.NotNull(response.Headers.RetryAfter);
    }

    // A queue as the connector's own, on the same exchange, whose consumer breaks each time.
    private static async Task GiveUpAsync(DeadLetterStage stage, byte[] body)
    {
        var queue = $"{stage.ConnectorId}.broken";
        var arguments = new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = 1,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = stage.LetterQueue,
        };
        await stage.Broker.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: Cancellation);
        await stage.Broker.ExchangeDeclareAsync($"{queue}.exchange", ExchangeType.Topic, cancellationToken: Cancellation);
        await stage.Broker.QueueBindAsync(queue, $"{queue}.exchange", "#", cancellationToken: Cancellation);
        await stage.Broker.BasicPublishAsync($"{queue}.exchange", DeadLetterStage.Type, mandatory: true, body, Cancellation);
        for (var delivery = 0; delivery < 2; delivery++)
        {
            BasicGetResult? message = null;
            await UntilAsync(async () => (message = await stage.Broker.BasicGetAsync(queue, autoAck: false, Cancellation)) is not null);
            await stage.Broker.BasicNackAsync(message!.DeliveryTag, multiple: false, requeue: true, Cancellation);
        }
    }

    private sealed class ProxiedStage(RabbitMqNode node) : IAsyncDisposable
    {
        private DeadLetterStage? stage;

        public AmqpProxy Proxy { get; private set; } = null!;

        public async Task<DeadLetterStage> StartAsync()
        {
            await node.ConnectionAsync(Cancellation);
            Proxy = new AmqpProxy(node.Port);
            return stage = await DeadLetterStage.StartAsync(node, Proxy.Port);
        }

        public async ValueTask DisposeAsync()
        {
            if (stage is not null)
            {
                await stage.DisposeAsync();
            }

            await Proxy.DisposeAsync();
        }
    }
}
