using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>The connector is killed in the midst of a replay, on both sides of the moment that matters for a letter.</summary>
[Collection(ProcessTests.Name)]
public sealed class ReplayKilledTests(ProcessBroker broker)
{
    private const int Devices = 200;
    private const int Unreadable = 20;
    private const int Letters = Devices + Unreadable;

    // The unreadable ones come first, so that this is a device in each case.
    private const int Midst = 60;

    private static readonly JsonObject Everything = new() { ["all"] = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replay_in_the_midst_of_which_the_connector_is_killed_loses_no_letter_and_is_finished_by_the_next_ones()
    {
        await using var stage = await ProcessStage.StartAsync(broker.Node);
        await using var connection = await stage.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        Task<uint> CountAsync() => channel.MessageCountAsync($"{stage.Queue}.dead-letters", Cancellation);
        await using var proxy = new AmqpProxy(broker.Node.Port);
        (string, string?)[] overProxy = [.. new[] { "subscriber_event_bus", "subscriber_dlq_event_bus" }.Select(bus => ($"{bus}:port", (string?)$"{proxy.Port}"))];
        var connector = await stage.StartConnectorAsync(overProxy);
        await stage.PrepareFleetAsync();
        for (var letter = 0; letter < Unreadable; letter++)
        {
            await stage.Publisher.PublishAsync(new BusMessage("{not json"u8.ToArray(), "ca.create", new Dictionary<string, object?>()));
        }

        await UntilAsync(async () => await CountAsync() == Unreadable, ProcessStage.Patient);
        await stage.StandIns.AwsControl.SendAsync(
            HttpMethod.Post, "failures", new() { ["operation"] = "RegisterThing", ["count"] = 100_000, ["error"] = "InvalidRequestException", ["status"] = 400 }, Cancellation);
        await stage.EnrollAsync(ProcessStage.Names("meter", Devices));
        await UntilAsync(async () => await CountAsync() >= Letters, ProcessStage.Patient);
        await stage.AssertNothingLeftAsync(Letters);
        await stage.StandIns.AwsControl.SendAsync(HttpMethod.Delete, "failures", body: null, Cancellation);

        // The broker has not got the copy yet.
        await KillInReplayAsync(connector, proxy, AmqpProxy.Publish);
        await UntilAsync(async () => await CountAsync() >= Letters - Midst + 1, ProcessStage.Patient);

        // The broker has the copy, and has not heard yet that the letter is done.
        connector = await stage.StartConnectorAsync(overProxy);
        await KillInReplayAsync(connector, proxy, AmqpProxy.Acknowledge);
        await UntilAsync(async () => await CountAsync() >= Letters - (2 * (Midst - 1)), ProcessStage.Patient);

        connector = await stage.StartConnectorAsync();
        using var answer = await connector.Client.PostAsJsonAsync("/v1/dead-letters/replay", Everything, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await stage.AssertAsLamassuAsksAsync(Unreadable);
        var list = (await connector.Client.GetFromJsonAsync<JsonObject>("/v1/dead-letters?page_size=100", Cancellation))!["list"]!.AsArray();
        Assert.All(list, letter => Assert.InRange(letter!["replays"]!.GetValue<int>(), 1, 2));
        Assert.Equal(Unreadable, list.Count);
    }

    private static async Task KillInReplayAsync(ConnectorProcess connector, AmqpProxy proxy, (ushort, ushort) before)
    {
        proxy.SilenceFrom(before, Midst);
        var replay = connector.Client.PostAsJsonAsync("/v1/dead-letters/replay", Everything, Cancellation);
        await UntilAsync(() => proxy.IsSilent || replay.IsCompleted, ProcessStage.Patient);
        Assert.False(replay.IsCompleted);

        await connector.KillAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => replay);
    }
}
