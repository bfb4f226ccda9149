using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>Malformed messages, a great many of them: each ends, none comes again for ever, and the good ones among them are not lost.</summary>
[Collection(ProcessTests.Name)]
public sealed class MalformedMessagesTests(ProcessBroker broker)
{
    private const int Malformed = 10_000;
    private const int Good = 500;
    private const int Devices = 100;
    private const int Mebibyte = 1024 * 1024;
    private const string Bind = "dms.bind-device-id";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_malformed_messages_become_as_many_dead_letters_or_are_ignored_and_the_good_ones_among_them_take_effect()
    {
        await using var stage = await ProcessStage.StartAsync(broker.Node);
        await using var letters = await LettersAsync(stage);
        await stage.StartConnectorAsync(("logs:level", "none"));
        await stage.PrepareFleetAsync();
        var before = stage.Publisher.Routed;
        BusMessage[] kinds = [.. MalformedMessages.Undecoded, .. MalformedMessages.Ignored];
        var repeated = Enumerable.Range(0, Malformed - MalformedMessages.Large.Count).Select(index => kinds[index % kinds.Length]);
        BusMessage[] malformed = [.. repeated, .. MalformedMessages.Large];

        var sent = malformed.Select(stage.Publisher.PublishAsync).ToList();
        await stage.EnrollAsync(ProcessStage.Names("good", Devices));
        Assert.All(await Task.WhenAll(sent), Assert.True);

        await stage.AssertNothingLeftAsync(malformed.Count(IsDeadLetter));
        Assert.Equal(FleetState.AsLamassuAsks(stage), await FleetState.ReadAsync(stage, Cancellation));
        await letters.AssertAreAsync([.. malformed.Where(IsDeadLetter).Select(message => message.Body)]);
        Assert.True(stage.Publisher.Routed - before - Malformed >= Good, $"only {stage.Publisher.Routed - before - Malformed} good messages");
    }

    [Fact]
    public async Task A_good_event_takes_effect_in_whatever_headers_and_properties_it_comes_and_with_a_mebibyte_of_body()
    {
        var binds = 0;
        await using var stage = await ProcessStage.StartAsync(
            broker.Node, onTheWay: message => message.RoutingKey == Bind ? Wrapped(message, Interlocked.Increment(ref binds)) : message);
        await stage.StartConnectorAsync();
        await stage.PrepareFleetAsync();

        await stage.EnrollAsync(ProcessStage.Names("odd", MalformedMessages.Wrappings.Count + 1));

        await stage.AssertAsLamassuAsksAsync();
        Assert.Equal(MalformedMessages.Wrappings.Count + 1, binds);
    }

    [Fact]
    public async Task A_key_that_nobody_handles_does_not_reach_the_connector()
    {
        await using var stage = await ProcessStage.StartAsync(broker.Node);
        await stage.StartConnectorAsync();

        foreach (var key in new[] { "ca.create.error", "audit.ca.create", "device.created", "#", "" })
        {
            Assert.False(await stage.Publisher.PublishAsync(new BusMessage("{}"u8.ToArray(), key, new Dictionary<string, object?>())));
        }
    }

    private static bool IsDeadLetter(BusMessage message) => !MalformedMessages.Ignored.Contains(message);

    private static BusMessage Wrapped(BusMessage message, int number)
    {
        if (number > MalformedMessages.Wrappings.Count)
        {
            var padded = JsonNode.Parse(message.Body.Span)!.AsObject();
            padded["data"]!["padding"] = new string('x', Mebibyte);
            return message with { Body = Encoding.UTF8.GetBytes(padded.ToJsonString()) };
        }

        var (headers, set) = MalformedMessages.Wrappings[number - 1];
        return message with { Headers = headers, Set = set };
    }

    private static async Task<Letters> LettersAsync(ProcessStage stage)
    {
        var connection = await stage.ConnectAsync();
        var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.ExchangeDeclareAsync("lamassu-dlq", ExchangeType.Topic, durable: true, cancellationToken: Cancellation);
        var queue = await channel.QueueDeclareAsync(cancellationToken: Cancellation);
        await channel.QueueBindAsync(queue.QueueName, "lamassu-dlq", stage.DeadLetterKey, cancellationToken: Cancellation);
        var letters = new Letters(connection);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, letter) => letters.TakeAsync(letter.Body);
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, Cancellation);
        return letters;
    }

    /// <summary>The dead letters as another consumer of that exchange sees them.</summary>
    private sealed class Letters(IConnection connection) : IAsyncDisposable
    {
        private const int Shown = 60;

        private readonly ConcurrentQueue<ReadOnlyMemory<byte>> bodies = new();

        public Task TakeAsync(ReadOnlyMemory<byte> body)
        {
            bodies.Enqueue(body.ToArray());
            return Task.CompletedTask;
        }

        /// <summary>Each body as often as it is expected, to the byte. The connector's own queue has them all already, so they are only on their way.</summary>
        public async Task AssertAreAsync(IReadOnlyCollection<ReadOnlyMemory<byte>> expected)
        {
            for (var look = 0; look < 50 && bodies.Count < expected.Count; look++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
            }

            var (wanted, found) = (Counted(expected), Counted(bodies));
            var wrong = wanted.Keys.Union(found.Keys)
                .Select(hash => (Body: (wanted.GetValueOrDefault(hash) ?? found[hash])[0], Wanted: wanted.GetValueOrDefault(hash)?.Count ?? 0, Found: found.GetValueOrDefault(hash)?.Count ?? 0))
                .Where(letter => letter.Wanted != letter.Found)
                .Select(letter => $"{letter.Found} instead of {letter.Wanted} dead letters '{Encoding.Latin1.GetString(letter.Body.Span[..Math.Min(Shown, letter.Body.Length)])}'");
            Assert.Empty(wrong);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private static Dictionary<string, List<ReadOnlyMemory<byte>>> Counted(IEnumerable<ReadOnlyMemory<byte>> bodies) =>
            bodies.GroupBy(body => Convert.ToHexString(SHA256.HashData(body.Span))).ToDictionary(letters => letters.Key, letters => letters.ToList());
    }
}
