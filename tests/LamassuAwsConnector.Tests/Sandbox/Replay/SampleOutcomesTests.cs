using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Sandbox.Replay.Facts;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>Each sample event ends as the architecture has it: the story in its order, then each variant from a state of its own.</summary>
public sealed class SampleOutcomesTests(SampleReplay replay) : IClassFixture<SampleReplay>
{
    public static TheoryData<string> Files => [.. SampleOutcomes.All.Select(sample => sample.File)];

    public static TheoryData<string> LaterFiles => [.. SampleOutcomes.Later.Select(later => later.Sample.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sample_ends_as_it_should(string file) => AssertEnds(SampleOutcomes.All.Single(sample => sample.File == file), replay.Played[file]);

    [Theory]
    [MemberData(nameof(LaterFiles))]
    public void A_variant_ends_as_it_should_in_the_state_that_it_was_made_for(string file) =>
        AssertEnds(SampleOutcomes.Later.Single(later => later.Sample.File == file).Sample, replay.PlayedLater[file]);

    [Fact]
    public void The_table_has_the_samples_of_the_folder_and_no_others()
    {
        var files = Directory.EnumerateFiles(TestFolders.Events).Select(Path.GetFileName).Where(name => name != "manifest.json").Order(StringComparer.Ordinal);

        Assert.Equal(files, SampleOutcomes.All.Select(sample => sample.File).Order(StringComparer.Ordinal));
        Assert.Equal(84, SampleOutcomes.All.Count);
    }

    [Fact]
    public void After_each_part_the_facts_are_right() => Assert.All(replay.Facts, fact => Assert.True(fact.IsRight, fact.ToString()));

    private static void AssertEnds(SampleOutcome expected, PlayedSample played)
    {
        Assert.Equal((expected.Outcome, expected.Kind), (played.Message.End.Outcome, played.Message.End.Code));
        Assert.Equal(expected.Kind is not null, !string.IsNullOrEmpty(played.Message.End.Reason));
        if (expected.Writes is { } writes)
        {
            Assert.Equal(writes, string.Join(' ', played.AwsWrites));
        }
    }
}

internal sealed record PlayedSample(Delivered Message, IReadOnlyList<string> AwsWrites);

/// <summary>The samples, played once.</summary>
public sealed class SampleReplay : IAsyncLifetime
{
    private readonly Dictionary<string, PlayedSample> played = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlayedSample> playedLater = new(StringComparer.Ordinal);
    private readonly List<Fact> facts = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal IReadOnlyDictionary<string, PlayedSample> Played => played;

    internal IReadOnlyDictionary<string, PlayedSample> PlayedLater => playedLater;

    internal IReadOnlyList<Fact> Facts => facts;

    public async ValueTask InitializeAsync()
    {
        var recording = MessageReader.Read(TestFolders.Events);
        await using var stage = await ReplayStage.StartAsync("aws-iot-prod");
        foreach (var part in recording.Parts)
        {
            using var player = await stage.NewPlayerAsync();
            if (part.StartsFrom == StartingPoint.StoryCAs)
            {
                await player.StartFromStoryCAsAsync(recording.Story, Cancellation);
            }

            await PlayAsync(stage, player, part.Messages, played);
        }

        foreach (var (after, sample) in SampleOutcomes.Later)
        {
            using var player = await stage.NewPlayerAsync();
            await player.PlayAsync([.. recording.Story.Take(after)], changesFirst: false, _ => { }, Cancellation);
            await PlayAsync(stage, player, recording.Parts.Single(part => part.Name == sample.File).Messages, playedLater);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task PlayAsync(ReplayStage stage, ReplayPlayer player, IReadOnlyList<RecordedMessage> messages, Dictionary<string, PlayedSample> into)
    {
        var calls = stage.Stage.StandIns.AwsControl;
        var writes = new List<IReadOnlyList<string>>();
        var delivered = await player.PlayAsync(messages, changesFirst: false, _ => { }, Cancellation, beforeDelivery: async () =>
        {
            await KeepAsync();
            await calls.ForgetCallsAsync(Cancellation);
        });
        await KeepAsync();
        foreach (var (message, index) in delivered.Select((message, index) => (message, index)))
        {
            // The first entry is of what the replay itself puts into AWS.
            into[message.Message.Origin] = new PlayedSample(message, writes[index + 1]);
        }

        facts.AddRange(await player.CheckAsync(Cancellation));

        async Task KeepAsync() => writes.Add([.. (await calls.CallsAsync(Cancellation)).Select(call => call.Operation).Where(IsWrite)]);
    }

    private static bool IsWrite(string operation) => !operation.StartsWith("Describe", StringComparison.Ordinal)
        && !operation.StartsWith("Get", StringComparison.Ordinal) && !operation.StartsWith("List", StringComparison.Ordinal);
}
