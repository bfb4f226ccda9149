using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Sandbox.Replay.Facts;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>Whole replays against the real connector: an enrolment that was recorded, with something in between that was not.</summary>
public sealed class ReplayPlayerTests : IAsyncLifetime
{
    private const string Hold = "CertificateHold";

    private readonly MessageClock clock = new();
    private Stage stage = null!;
    private ReplayPlayer player = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var quick = new Dictionary<string, string?>
        {
            ["event_retries:pause"] = "00:00:00",
            ["event_retries:delays:0"] = "00:00:00.010",
            ["event_retries:delays:1"] = "00:00:00.010",
            ["event_retries:delays:2"] = "00:00:00.010",
            ["logs:level"] = "none",
        };
        stage = await Stage.StartAsync(
            new StandInSettings { ConnectorId = Messages.ConnectorId, SignsForRecordedCAs = true, PublishesEvents = false }, port: 0, quick, Cancellation, timeProvider: clock);
        player = new ReplayPlayer(stage, Messages.ConnectorId, clock);
    }

    public async ValueTask DisposeAsync()
    {
        player.Dispose();
        await stage.DisposeAsync();
    }

    [Fact]
    public async Task A_recorded_enrolment_ends_right()
    {
        var delivered = await PlayAsync(Enrolment());

        Assert.Contains(delivered, message => message.Message.Type == EventTypes.BindDeviceId && message.End.Outcome == "handled");
        Assert.All(delivered, message => Assert.True(message.IsRight));
        Assert.Contains("device dev-1: a thing dev-1", await FactsAsync(FactState.Holds));
        Assert.Empty(await FactsAsync(FactState.Fails));
    }

    [Fact]
    public async Task A_device_whose_certificate_was_on_hold_at_its_bind_may_be_absent()
    {
        await PlayAsync(Enrolment(beforeBind: Status("REVOKED", Hold, "13:56:41.3565")));

        Assert.DoesNotContain(await player.CheckAsync(Cancellation), fact => fact.Number == 1);
        Assert.Empty(await FactsAsync(FactState.Fails));
    }

    [Fact]
    public async Task Once_the_hold_is_lifted_the_device_is_to_be_there()
    {
        await PlayAsync([.. Enrolment(beforeBind: Status("REVOKED", Hold, "13:56:41.3565")), Status("ACTIVE", Hold, "13:56:50")]);

        Assert.Contains("device dev-1: a thing dev-1", await FactsAsync(FactState.Holds));
        Assert.Empty(await FactsAsync(FactState.Fails));
    }

    [Fact]
    public async Task A_lifted_hold_that_leads_to_no_registration_is_seen()
    {
        // Said to be for good, so that it is not tried until AWS takes it.
        await FailRegisterThingAsync("InvalidRequestException", 400);

        await PlayAsync([.. Enrolment(beforeBind: Status("REVOKED", Hold, "13:56:41.3565")), Status("ACTIVE", Hold, "13:56:50")]);

        Assert.Contains("device dev-1: a thing dev-1", await FactsAsync(FactState.Fails));
    }

    [Fact]
    public async Task An_enrolment_that_AWS_never_takes_ends_wrong()
    {
        await FailRegisterThingAsync();

        var delivered = await PlayAsync(Enrolment());

        Assert.Equal(EventTypes.BindDeviceId, Assert.Single(delivered, message => !message.IsRight).Message.Type);
        Assert.Contains("device dev-1: a thing dev-1", await FactsAsync(FactState.Fails));
    }

    [Fact]
    public async Task With_all_changes_made_first_the_messages_find_Lamassu_as_it_is_in_the_end()
    {
        var found = new List<string?>();
        await player.PlayAsync(
            [.. Enrolment(), Status("REVOKED", "KeyCompromise", "13:56:50")],
            changesFirst: true,
            _ => found.Add(stage.StandIns.Lamassu.State.Find(LamassuKind.Device, "dev-1").Text("status")),
            Cancellation);

        Assert.Equal(["REVOKED"], found.Distinct());
        Assert.Empty(await FactsAsync(FactState.Fails));
    }

    [Fact]
    public async Task A_variant_finds_the_CAs_of_its_story_registered()
    {
        var samples = MessageReader.Read(TestFolders.Events);
        await stage.DisposeAsync();
        stage = await Stage.StartAsync(
            new StandInSettings { SignsForRecordedCAs = true, PublishesEvents = false },
            port: 0,
            new Dictionary<string, string?> { ["logs:level"] = "none" }, Cancellation,
            timeProvider: clock);
        player = new ReplayPlayer(stage, "aws-iot-prod", clock);

        await player.StartFromStoryCAsAsync(samples.Story, Cancellation);

        var ca = Assert.Single(stage.StandIns.Lamassu.State.All(LamassuKind.CA));
        Assert.True(ConnectorNotes.RegistrationSucceeded(ca, "aws-iot-prod"));
        Assert.Contains("CA 3f6b2c1e-8d47-4a5b-9c0e-2f71d6a4b893: ACTIVE", await FactsAsync(FactState.Holds));
    }

    private Task FailRegisterThingAsync(string error = "ConflictingResourceUpdateException", int status = 409) => stage.StandIns.AwsControl.SendAsync(
        HttpMethod.Post, "failures", new JsonObject { ["operation"] = "RegisterThing", ["count"] = 1000, ["error"] = error, ["status"] = status }, Cancellation);

    private static List<RecordedMessage> Enrolment(RecordedMessage? beforeBind = null)
    {
        string[] folders = ["03-", "13-", "21-"];
        var messages = MessageReader.Read(TestFolders.Recordings).Parts[0].Messages
            .Where(message => folders.Any(folder => message.Origin.StartsWith(folder, StringComparison.Ordinal))).ToList();
        if (beforeBind is not null)
        {
            messages.Insert(messages.FindIndex(message => message.Type == EventTypes.BindDeviceId), beforeBind);
        }

        return messages;
    }

    /// <summary>The certificate of the enrolment gets another status.</summary>
    private static RecordedMessage Status(string status, string reason, string time)
    {
        var certificate = Enrolment().Single(message => message.Type == EventTypes.BindDeviceId).Data.Object("certificate")!;
        JsonObject With(string to, string because)
        {
            var copy = certificate.DeepClone().AsObject();
            copy["status"] = to;
            copy["revocation_reason"] = because;
            return copy;
        }

        return Messages.Update(
            EventTypes.CertificateStatus, $"2026-11-23T{time}Z", status == "ACTIVE" ? With("REVOKED", reason) : With("ACTIVE", "Unspecified"), With(status, reason));
    }

    private Task<IReadOnlyList<Delivered>> PlayAsync(IReadOnlyList<RecordedMessage> messages) => player.PlayAsync(messages, changesFirst: false, _ => { }, Cancellation);

    private async Task<List<string>> FactsAsync(FactState state) =>
        [.. (await player.CheckAsync(Cancellation)).Where(fact => fact.State == state).Select(fact => $"{fact.Subject}: {fact.ShouldBe}")];
}
