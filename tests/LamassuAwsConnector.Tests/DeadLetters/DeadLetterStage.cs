using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Api.DeadLetters;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Tests.Broker;
using LamassuAwsConnector.Tests.Consumers;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.DeadLetters;

/// <summary>
/// A connector whose handler for one type of event does what a test says, so that letters can be made and healed at will. On a broker it has exchanges
/// and queues of its own, away from other tests.
/// </summary>
internal sealed class DeadLetterStage : IAsyncDisposable
{
    public const string Type = "ca.create";

    private readonly HandlerWatch handlers = new();
    private readonly ConcurrentQueue<string> handled = new();
    private readonly RabbitMqNode? node;
    private IConnection? connection;

    private DeadLetterStage(RabbitMqNode? node)
    {
        this.node = node;
        handlers.Replace(Type, Handle);
    }

    /// <summary>What happens to the event of that subject; null: all is well.</summary>
    public Func<string, ConnectorException?> Fails { get; set; } = subject => Failure(FailureKind.Conflict, "told_to_fail", subject);

    /// <summary>The subjects of events that were handled, well or not.</summary>
    public IReadOnlyCollection<string> Handled => handled;

    public string ConnectorId { get; } = $"letters-{Guid.NewGuid():N}";

    public string Queue => $"lamassu-aws-connector.{ConnectorId}";

    public string LetterQueue => $"{Queue}.dead-letters";

    public string EventsExchange => $"{ConnectorId}.events";

    public string LettersExchange => $"{ConnectorId}.dlq";

    public TestStage Stage { get; private set; } = null!;

    public HttpClient Client => Stage.Connector;

    /// <summary>A plain client's channel.</summary>
    public IChannel Broker { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="node">null: the bus in memory.</param>
    /// <param name="port">Another than the node's own.</param>
    /// <param name="limits">Others than in production.</param>
    /// <param name="more">Services that differ.</param>
    /// <param name="configuration">More of it.</param>
    public static async Task<DeadLetterStage> StartAsync(
        RabbitMqNode? node,
        int? port = null,
        DeadLetterLimits? limits = null,
        Action<IServiceCollection>? more = null,
        params (string Key, string? Value)[] configuration)
    {
        var stage = new DeadLetterStage(node);
        if (node is not null)
        {
            stage.connection = await (await node.ConnectionAsync(Cancellation)).CreateConnectionAsync(Cancellation);
            stage.Broker = await stage.connection.CreateChannelAsync(cancellationToken: Cancellation);
        }

        stage.Stage = await TestStage.StartAsync(
            Door.Http,
            services =>
            {
                stage.handlers.AddTo(services);
                services.AddSingleton(limits ?? new DeadLetterLimits() with { CountEvery = TimeSpan.FromMilliseconds(100) });
                more?.Invoke(services);
            },
            [("connector_id", stage.ConnectorId), .. node is null ? [] : stage.BusSettings(port ?? node.Port), .. configuration]);
        if (node is not null)
        {
            await UntilAsync(async () => await stage.LookAsync(channel => channel.ConsumerCountAsync(stage.Queue, Cancellation)) > 0);
        }

        return stage;
    }

    public static ConnectorException Failure(FailureKind kind, string code, string subject) =>
        new(kind, code, FailureSource.Connector, $"The test wants {subject} to fail.");

    /// <summary>Makes letters of these subjects, and returns when they are there.</summary>
    public async Task DieAsync(params string[] subjects)
    {
        var before = await CountAsync();
        foreach (var subject in subjects)
        {
            await PublishAsync(EventOf(subject));
        }

        await UntilCountAsync(before + subjects.Length);
    }

    public async Task PublishAsync(ReadOnlyMemory<byte> body, BasicProperties? properties = null)
    {
        if (node is null)
        {
            await Stage.Stage.Connector.PublishAsync(body, Type, new Dictionary<string, string>(), Cancellation);
        }
        else
        {
            await Broker.BasicPublishAsync(EventsExchange, Type, mandatory: true, properties ?? new BasicProperties(), body, Cancellation);
        }
    }

    public static byte[] EventOf(string subject) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["specversion"] = "1.0",
        ["id"] = "unknown",
        ["source"] = "source://lamassu.io/ctx/source/service/ra",
        ["type"] = Type,
        ["subject"] = subject,
        ["time"] = "2026-11-26T10:00:00.123456789Z",
        ["data"] = new JsonObject { ["id"] = subject },
    }.ToJsonString());

    /// <summary>Past the API.</summary>
    public async Task<long> CountAsync() => node is null
        ? await Stage.Stage.Connector.Services.GetRequiredService<IDeadLetterStore>().CountAsync(Cancellation)
        : await LookAsync(channel => channel.MessageCountAsync(LetterQueue, Cancellation));

    public Task UntilCountAsync(long count) => UntilAsync(async () => await CountAsync() == count);

    public async Task<JsonObject> ListAsync(string query = "") => (await Client.GetFromJsonAsync<JsonObject>($"/v1/dead-letters{query}", Cancellation))!;

    public async Task<IReadOnlyList<string>> SubjectsAsync() => [.. (await ListAsync("?page_size=100"))["list"]!.AsArray().Select(Subject)];

    public static string Subject(JsonNode? letter) => letter!["subject"]!.GetValue<string>();

    public async Task<JsonObject> ReplayAsync(JsonObject body)
    {
        using var response = await Client.PostAsJsonAsync("/v1/dead-letters/replay", body, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>How often the event of that subject was handled.</summary>
    public int HandledOf(string subject) => handled.Count(name => name == subject);

    /// <summary>The letters as another replica sees them.</summary>
    public RabbitMqDeadLetters OtherReplica(DeadLetterLimits limits)
    {
        var broker = new ConnectionFactory { HostName = "127.0.0.1", Port = node!.Port };
        return new RabbitMqDeadLetters(RabbitMqDeadLetters.Distinct(broker, broker), ConnectorId, limits, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await Stage.DisposeAsync();
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private Task<EventOutcome> Handle(CloudEvent cloudEvent)
    {
        handled.Enqueue(cloudEvent.Subject!);
        return Fails(cloudEvent.Subject!) is { } failure ? throw failure : Task.FromResult(EventOutcome.Handled);
    }

    // The broker closes a channel that asks for a queue that is not there yet.
    private async Task<uint> LookAsync(Func<IChannel, Task<uint>> look)
    {
        await using var channel = await connection!.CreateChannelAsync(cancellationToken: Cancellation);
        try
        {
            return await look(channel);
        }
        catch (OperationInterruptedException)
        {
            return 0;
        }
    }

    private (string, string?)[] BusSettings(int port) =>
    [
        .. new[] { ("subscriber_event_bus", EventsExchange), ("subscriber_dlq_event_bus", LettersExchange) }.SelectMany(bus => new (string, string?)[]
        {
            ($"{bus.Item1}:provider", "amqp"), ($"{bus.Item1}:hostname", "127.0.0.1"), ($"{bus.Item1}:port", $"{port}"), ($"{bus.Item1}:exchange", bus.Item2),
        }),
    ];
}
