using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Tests.Infrastructure;
using LamassuAwsConnector.Tests.Sandbox.Replay;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.Consumers;

/// <summary>What can't be decoded is dead-lettered with a reason, and whatever an event holds, no handler fails in a way that nobody foresaw.</summary>
public sealed class UndecodableEventsTests : IAsyncLifetime
{
    private const string ConnectorId = "aws-iot-prod";

    private readonly HandlerWatch handlers = new();
    private readonly OneDeliveryBus bus = new();
    private ReplayStage stage = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IServiceProvider Services => stage.Stage.Connector.Services;

    public async ValueTask InitializeAsync() => stage = await ReplayStage.StartAsync(ConnectorId, handlers.AddTo);

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Theory]
    [MemberData(nameof(Undecodable.Data), MemberType = typeof(Undecodable))]
    public async Task Data_that_names_no_object_are_dead_lettered_with_a_reason(string data)
    {
        foreach (var type in Services.GetRequiredService<EventRoutes>().Types)
        {
            var end = await DeliverAsync(Undecodable.Event(type, data));

            Assert.True((end.Outcome, end.Code) == ("dead_lettered", "invalid"), $"{type}: {end}");
            Assert.False(string.IsNullOrWhiteSpace(end.Reason));
        }

        AssertAllForeseen();
    }

    [Theory]
    [MemberData(nameof(Undecodable.Bodies), MemberType = typeof(Undecodable))]
    public async Task A_text_that_is_none_and_a_member_that_is_there_twice_are_dead_lettered(string body)
    {
        var end = await DeliverAsync(body);

        Assert.Equal(("dead_lettered", "invalid"), (end.Outcome, end.Code));
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_dead_lettered()
    {
        var end = await DeliverAsync(Undecodable.NoUtf8);

        Assert.Equal(("dead_lettered", "invalid"), (end.Outcome, end.Code));
    }

    [Fact]
    public async Task Whatever_member_is_missing_null_empty_or_of_another_type_nothing_unforeseen_happens()
    {
        var samples = MessageReader.Read(TestFolders.Events);
        using var player = await stage.NewPlayerAsync();
        await player.PlayAsync([.. samples.Story.Take(15)], changesFirst: false, _ => { }, Cancellation);
        var types = Services.GetRequiredService<EventRoutes>().Types.ToList();
        var originals = samples.Parts.SelectMany(part => part.Messages).Concat(MessageReader.Read(TestFolders.Recordings).Parts[0].Messages)
            .Concat(NeverRecorded(samples.Story))
            .Where(message => message.Data is not null && types.Contains(message.Type!) && !message.IsOwn(ConnectorId)).DistinctBy(message => message.Type).ToList();
        Assert.Equal(types.Order(StringComparer.Ordinal), originals.Select(message => message.Type!).Order(StringComparer.Ordinal));

        foreach (var original in originals)
        {
            foreach (var path in JsonMutation.Paths(original.Data!))
            {
                foreach (var mutation in JsonMutation.Kinds)
                {
                    var mutated = original.Event!.DeepClone().AsObject();
                    mutation.Apply(mutated["data"]!.AsObject(), path);
                    var end = await DeliverAsync(mutated.ToJsonString());
                    Assert.True(end.Code != "unexpected" && handlers.Thrown.All(IsForeseen), $"{original.Type}: {string.Join('.', path)} {mutation.Name}: {end}\n{handlers.Thrown.LastOrDefault()}");
                }
            }
        }
    }

    private static IEnumerable<RecordedMessage> NeverRecorded(IReadOnlyList<RecordedMessage> story) =>
    [
        Messages.Event("ca.delete", Messages.Second(1), new JsonObject { ["CAID"] = "ca-1", ["CascadeDelete"] = false }),
        Messages.Event("device.identity.bound", Messages.Second(1), story.First(message => message.Type == "dms.bind-device-id").Data!.DeepClone()),
    ];

    private Task<EventEnd> DeliverAsync(string body) => DeliverAsync(Encoding.UTF8.GetBytes(body));

    /// <summary>The way of a message from its bytes on, with its partition.</summary>
    private async Task<EventEnd> DeliverAsync(byte[] body)
    {
        var received = ReceivedEvent.Of(body, new Dictionary<string, string>());
        Assert.NotNull(received.PartitionKey);
        await ActivatorUtilities.CreateInstance<EventPipeline>(Services, bus).HandleAsync(received, Cancellation);
        return bus.EndOf(received);
    }

    private void AssertAllForeseen() => Assert.All(handlers.Thrown, exception => Assert.True(IsForeseen(exception), exception.ToString()));

    private static bool IsForeseen(Exception exception) => exception is ConnectorException { Kind: not FailureKind.Unexpected };
}

/// <summary>One member of a JSON object made wrong.</summary>
internal sealed record JsonMutation(string Name, Action<JsonObject, string> Change)
{
    public static IReadOnlyList<JsonMutation> Kinds { get; } =
    [
        new("dropped", (holder, member) => holder.Remove(member)),
        new("null", (holder, member) => holder[member] = null),
        new("of another type", (holder, member) => holder[member] = holder[member] is JsonObject or JsonArray ? "text" : new JsonArray(new JsonObject())),
        new("empty", (holder, member) => holder[member] = holder[member] switch { JsonObject => new JsonObject(), JsonArray => new JsonArray(), _ => "" }),
    ];

    /// <summary>The members within members, deeper where metadata are, as these are what the connector reads most of.</summary>
    public static IEnumerable<string[]> Paths(JsonObject holder, int depth = 3) => holder.SelectMany(member =>
        new[] { new[] { member.Key } }.Concat(member.Value is JsonObject inner && depth > 1
            ? Paths(inner, member.Key is "metadata" ? 3 : depth - 1).Select(path => new[] { member.Key }.Concat(path).ToArray())
            : []));

    public void Apply(JsonObject root, string[] path) => Change(path[..^1].Aggregate(root, (holder, member) => holder[member]!.AsObject()), path[^1]);
}
