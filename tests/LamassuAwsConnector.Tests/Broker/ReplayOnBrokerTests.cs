using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Sandbox.Replay.Facts;
using LamassuAwsConnector.Tests.Infrastructure;
using LamassuAwsConnector.Tests.Sandbox.Replay;
using LamassuAwsConnector.Tests.Telemetry;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>The messages of a real Lamassu and the sample story, byte for byte, published by a plain client on a real broker.</summary>
[Collection(ProcessTests.Name)]
public sealed class ReplayOnBrokerTests(ProcessBroker broker)
{
    // Before each part both worlds are emptied, of which the connector knows nothing.
    private static readonly (string, string?)[] RemembersNothing = [("remember_lamassu_for", "00:00:00"), ("remember_aws_for", "00:00:00")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_recordings_of_a_real_Lamassu_end_right()
    {
        var recording = MessageReader.Read(TestFolders.Recordings);
        await using var replay = await BrokerReplay.StartAsync(broker.Node, new ConnectorIdentity("aws.123456789012", "123456789012", "eu-west-1"));

        var (delivered, facts) = await replay.PlayAsync(recording, recording.Parts[0]);

        Assert.All(delivered, message => Assert.True(message.IsRight, $"{message.Message.Origin}: {message.End}"));
        Assert.Contains(delivered, message => message.End.Outcome == "handled");
        Assert.All(facts, fact => Assert.True(fact.IsRight, fact.ToString()));
        Assert.Contains(facts, fact => fact.State == FactState.Holds);
        await replay.Stage.AssertNothingLeftAsync(delivered.Count(message => message.End.Outcome == "dead_lettered"));
    }

    [Fact]
    public async Task The_sample_story_and_its_variants_end_as_in_memory()
    {
        var recording = MessageReader.Read(TestFolders.Events);
        await using var replay = await BrokerReplay.StartAsync(broker.Node, new ConnectorIdentity("aws-iot-prod", "123456789012", "eu-west-1"));
        var ends = new Dictionary<string, (string Outcome, string? Kind)>(StringComparer.Ordinal);

        foreach (var part in recording.Parts)
        {
            var (delivered, facts) = await replay.PlayAsync(recording, part);
            Assert.All(facts, fact => Assert.True(fact.IsRight, $"{part.Name}: {fact}"));
            foreach (var message in delivered)
            {
                ends[message.Message.Origin] = (message.End.Outcome, message.End.Code);
            }
        }

        Assert.Equal(SampleOutcomes.All.ToDictionary(sample => sample.File, sample => (sample.Outcome, sample.Kind), StringComparer.Ordinal), ends);
        await replay.Stage.AssertNothingLeftAsync(ends.Values.Count(end => end.Outcome == "dead_lettered"));
    }

    /// <summary>Plays parts through the broker; how a message ended is told by the connector's metrics.</summary>
    private sealed class BrokerReplay(ProcessStage stage, ConnectorProcess connector, string connectorId, MessageClock clock) : IAsyncDisposable
    {
        private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(300);
        private static readonly string[] Unfinished = ["waiting", "retried"];

        public ProcessStage Stage => stage;

        public static async Task<BrokerReplay> StartAsync(RabbitMqNode node, ConnectorIdentity identity)
        {
            var clock = new MessageClock();
            var stage = await ProcessStage.StartAsync(
                node,
                settings => settings with
                {
                    ConnectorId = identity.ConnectorId,
                    Account = identity.Account,
                    Region = identity.Region,
                    SignsForRecordedCAs = true,
                    PublishesEvents = false,
                },
                clock);
            return new BrokerReplay(stage, await stage.StartConnectorAsync(RemembersNothing), identity.ConnectorId, clock);
        }

        public async Task<(IReadOnlyList<Delivered> Delivered, IReadOnlyList<Fact> Facts)> PlayAsync(Recording recording, ReplayPart part)
        {
            stage.StandIns.Lamassu.State.Clear();
            await stage.StandIns.AwsControl.ResetAsync(Cancellation);
            clock.Now = null;
            using var player = new ReplayPlayer(stage.StandIns, DeliverAsync, connectorId, clock);
            if (part.StartsFrom == StartingPoint.StoryCAs)
            {
                await player.StartFromStoryCAsAsync(recording.Story, Cancellation);
            }

            var delivered = await player.PlayAsync(part.Messages, changesFirst: false, _ => { }, Cancellation);
            return (delivered, await player.CheckAsync(Cancellation));
        }

        public ValueTask DisposeAsync() => stage.DisposeAsync();

        private async Task<EventEnd> DeliverAsync(RecordedMessage message, CancellationToken cancellationToken)
        {
            var before = await EndsAsync(IsOfOneObject);
            var headers = message.Headers.ToDictionary(header => header.Key, header => (object?)header.Value);
            if (!await stage.Publisher.PublishAsync(new BusMessage(message.Body, message.RoutingKey, headers)))
            {
                return new EventEnd("ignored", Code: null, Reason: null, Deliveries: 0);
            }

            string? end = null;
            await UntilAsync(
                async () =>
                {
                    end = (await EndsAsync(IsOfOneObject))
                        .Where(outcome => outcome.Value > before.GetValueOrDefault(outcome.Key)).Select(outcome => outcome.Key).SingleOrDefault();
                    return end is not null;
                },
                ProcessStage.Patient);
            if (message.RoutingKey.StartsWith("dms.", StringComparison.Ordinal))
            {
                await WhenFleetIsDoneAsync();
            }

            var parts = end!.Split(' ');
            return new EventEnd(parts[0], parts.ElementAtOrDefault(1), Reason: null, Deliveries: 1);
        }

        /// <summary>How many messages ended how: <c>handled</c>, <c>dead_lettered invalid</c>.</summary>
        private async Task<Dictionary<string, double>> EndsAsync(Func<string, bool> counts)
        {
            var metrics = await PrometheusText.ReadAsync(connector.Client);
            var ended = metrics.Series.Where(series => series.StartsWith("lamassu_connector_event_duration_seconds_count{", StringComparison.Ordinal) && counts(series))
                .GroupBy(series => Label(series, "outcome"), series => metrics[series]!.Value, StringComparer.Ordinal)
                .Where(outcome => !Unfinished.Contains(outcome.Key) && outcome.Key != "dead_lettered")
                .ToDictionary(outcome => outcome.Key, outcome => outcome.Sum(), StringComparer.Ordinal);
            foreach (var series in metrics.Series.Where(series => series.StartsWith("lamassu_connector_dead_letters_total{", StringComparison.Ordinal)))
            {
                ended[$"dead_lettered {Label(series, "kind")}"] = metrics[series]!.Value;
            }

            return ended;
        }

        // What the connector sends to itself for the devices of a DMS ends later, and has no moment of its own to be told of.
        private async Task WhenFleetIsDoneAsync()
        {
            var (seen, since) = (-1d, TimeProvider.System.GetTimestamp());
            await UntilAsync(async () =>
            {
                var now = (await EndsAsync(_ => true)).Values.Sum();
                (seen, since) = now == seen ? (seen, since) : (now, TimeProvider.System.GetTimestamp());
                return TimeProvider.System.GetElapsedTime(since) > Rest;
            });
        }

        private static bool IsOfOneObject(string series) => !Label(series, "event_type").StartsWith("lamassu-aws-connector", StringComparison.Ordinal);

        private static string Label(string series, string name) => series.Split($"{name}=\"")[1].Split('"')[0];
    }
}
