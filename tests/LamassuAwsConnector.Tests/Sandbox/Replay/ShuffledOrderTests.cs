using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>
/// Order and repetition do not matter: Lamassu's changes are all made, then each message is delivered twice, in an order of chance. Each second seed delivers one
/// message after the other, the others all at once.
/// </summary>
public sealed class ShuffledOrderTests
{
    private const string ConnectorId = "aws-iot-prod";
    private const int BeforeHold = 15;
    private const int Renewal = 22;

    private static readonly IReadOnlyList<RecordedMessage> Story = MessageReader.Read(TestFolders.Events).Story;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>In the end both certificates are revoked, so none may ever be ACTIVE.</summary>
    [Fact]
    public Task The_story_ends_the_same_in_every_order() => AssertEveryOrderAsync(Story, seeds: 200, activations: 0);

    /// <summary>Up to the renewal: the second certificate is ACTIVE in the end, the first one, which was on hold and had its hold lifted, is superseded.</summary>
    [Fact]
    public Task The_story_up_to_its_renewal_ends_the_same_in_every_order() => AssertEveryOrderAsync([.. Story.Take(Renewal)], seeds: 60, activations: 1);

    /// <summary>The first certificate is ACTIVE in AWS when the connector goes away; all that happens to it and to the second one comes in every order.</summary>
    [Fact]
    public Task The_story_ends_the_same_in_every_order_after_an_outage_in_its_midst() => AssertEveryOrderAsync(Story, seeds: 20, activations: 0, seen: BeforeHold);

    private static async Task AssertEveryOrderAsync(IReadOnlyList<RecordedMessage> messages, int seeds, int activations, int seen = 0)
    {
        await using var stage = await ReplayStage.StartAsync(ConnectorId);
        var inOrder = await InOrderAsync(stage, messages);
        var documents = new HashSet<string>(StringComparer.Ordinal) { inOrder };
        for (var seed = 0; seed < seeds; seed++)
        {
            var (wrong, activated, written) = await InOrderOfChanceAsync(stage, messages, seed, seen);
            Assert.True(wrong.Count == 0, $"seed {seed}: {string.Join("; ", wrong)}");
            Assert.True(activations == activated, $"seed {seed}: {activated} certificates became ACTIVE, not {activations}");
            documents.Add(written);
            Assert.True(documents.Count == 1, $"seed {seed}: other documents than before: {string.Join('\n', documents)}");
        }
    }

    private static async Task<string> InOrderAsync(ReplayStage stage, IReadOnlyList<RecordedMessage> messages)
    {
        using var player = await stage.NewPlayerAsync();
        await player.PlayAsync(messages, changesFirst: false, _ => { }, Cancellation);
        Assert.All(await player.CheckAsync(Cancellation), fact => Assert.True(fact.IsRight, fact.ToString()));
        return Documents(await player.ReadAwsAsync(Cancellation));
    }

    private static async Task<(IReadOnlyList<string> Wrong, int Activations, string Documents)> InOrderOfChanceAsync(
        ReplayStage stage, IReadOnlyList<RecordedMessage> messages, int seed, int seen)
    {
        using var player = await stage.NewPlayerAsync();
        var delivered = await stage.DeliverShuffledAsync(player, messages, seed, seen);
        var aws = await player.ReadAwsAsync(Cancellation);
        List<string> wrong =
        [
            .. delivered.Where(message => !message.IsRight).Select(message => $"{message.Message.Origin} ended as {message.End}"),
            .. player.Check(aws).Where(fact => !fact.IsRight).Select(fact => fact.ToString()),
            .. stage.Active.Wrong.Select(certificate => $"became ACTIVE in AWS: {certificate}"),
        ];
        return (wrong, stage.Active.Seen, Documents(aws));
    }

    private static string Documents(AwsSnapshot aws) => string.Join(
        '\n',
        aws.Policies.Select(policy => $"policy {policy.Key}: {policy.Value}").Concat(aws.Templates.Select(template => $"template {template.Key}: {template.Value.Body}"))
            .Order(StringComparer.Ordinal));
}
