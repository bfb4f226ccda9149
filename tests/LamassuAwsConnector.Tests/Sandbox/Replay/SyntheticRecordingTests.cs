using LamassuAwsConnector.Sandbox.Replay;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>Constellations that no recording holds: in their order, after an outage, and in orders of chance.</summary>
public sealed class SyntheticRecordingTests : IAsyncLifetime
{
    private const int Seeds = 8;
    private const string Dms = "dms-made";
    private const string Device = "device-made";

    private readonly SyntheticRecording recording = new();
    private ReplayStage stage = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => stage = await ReplayStage.StartAsync(Messages.ConnectorId);

    public async ValueTask DisposeAsync()
    {
        recording.Dispose();
        await stage.DisposeAsync();
    }

    [Fact]
    public async Task Of_a_device_that_was_renewed_twice_the_third_certificate_alone_works_however_late_the_others_are_superseded()
    {
        recording.AddDms(Dms);
        var first = recording.Enrol(Dms, Device);
        var second = recording.Enrol(Dms, Device);
        var third = recording.Enrol(Dms, Device);
        recording.SetStatus(first, "REVOKED", "Superseded");
        recording.SetStatus(second, "REVOKED", "Superseded");

        await AssertEndsAsync(inOrder: [(first, "REVOKED"), (second, "REVOKED"), (third, "ACTIVE")], afterOutage: [(first, null), (second, null), (third, "ACTIVE")]);
    }

    [Fact]
    public async Task A_hold_that_is_lifted_after_a_renewal_lets_the_former_certificate_in_no_more()
    {
        recording.AddDms(Dms);
        var first = recording.Enrol(Dms, Device);
        recording.SetStatus(first, "REVOKED", "CertificateHold");
        var second = recording.Enrol(Dms, Device);
        recording.SetStatus(first, "ACTIVE", "CertificateHold");

        await AssertEndsAsync(inOrder: [(first, "INACTIVE"), (second, "ACTIVE")], afterOutage: [(first, null), (second, "ACTIVE")]);
    }

    [Fact]
    public async Task A_hold_that_is_lifted_after_a_renewal_lets_the_former_certificate_in_where_the_DMS_keeps_it()
    {
        recording.AddDms(Dms, revokeOnReenrollment: false);
        var first = recording.Enrol(Dms, Device);
        recording.SetStatus(first, "REVOKED", "CertificateHold");
        var second = recording.Enrol(Dms, Device);
        recording.SetStatus(first, "ACTIVE", "CertificateHold");

        await AssertEndsAsync(inOrder: [(first, "ACTIVE"), (second, "ACTIVE")], afterOutage: [(first, null), (second, "ACTIVE")]);
    }

    [Fact]
    public async Task A_certificate_that_was_revoked_before_its_device_was_bound_is_never_let_in()
    {
        recording.AddDms(Dms);
        var first = recording.Issue(Dms, Device);
        recording.SetStatus(first, "REVOKED", "KeyCompromise");
        recording.Bind(Device, first);
        var second = recording.Enrol(Dms, Device);

        await AssertEndsAsync(inOrder: [(first, null), (second, "ACTIVE")], afterOutage: [(first, null), (second, "ACTIVE")]);
    }

    [Fact]
    public async Task A_device_that_has_no_certificate_but_a_revoked_one_is_never_let_in()
    {
        recording.AddDms(Dms);
        var first = recording.Issue(Dms, Device);
        recording.SetStatus(first, "REVOKED", "KeyCompromise");
        recording.Bind(Device, first);

        await AssertEndsAsync(inOrder: [(first, null)], afterOutage: [(first, null)]);
    }

    [Fact]
    public async Task An_expired_certificate_is_let_in_by_no_bind()
    {
        recording.AddDms(Dms);
        var first = recording.Issue(Dms, Device);
        var bind = recording.Bind(Device, first);
        recording.SetStatus(first, "EXPIRED");
        recording.Repeat(bind);

        await AssertEndsAsync(inOrder: [(first, "INACTIVE")], afterOutage: [(first, null)]);
    }

    [Fact]
    public async Task A_certificate_that_is_on_hold_again_is_let_in_by_no_late_event_of_its_lifted_hold()
    {
        recording.AddDms(Dms);
        var first = recording.Enrol(Dms, Device);
        var seen = recording.Recorded.Count;
        recording.SetStatus(first, "REVOKED", "CertificateHold");
        recording.SetStatus(first, "ACTIVE", "CertificateHold");
        recording.SetStatus(first, "REVOKED", "CertificateHold");

        await AssertEndsAsync(inOrder: [(first, "INACTIVE")], afterOutage: [(first, null)], seen);
    }

    [Fact]
    public async Task A_certificate_that_is_revoked_after_its_hold_was_lifted_stays_so()
    {
        recording.AddDms(Dms);
        var first = recording.Enrol(Dms, Device);
        recording.SetStatus(first, "REVOKED", "CertificateHold");
        var seen = recording.Recorded.Count;
        recording.SetStatus(first, "ACTIVE", "CertificateHold");
        recording.SetStatus(first, "REVOKED", "KeyCompromise");

        await AssertEndsAsync(inOrder: [(first, "REVOKED")], afterOutage: [(first, null)], seen);
    }

    [Fact]
    public async Task A_note_that_can_not_be_read_does_not_stop_a_revocation()
    {
        recording.AddDms(Dms);
        var first = recording.Enrol(Dms, Device);
        recording.SetStatus(first, "REVOKED", "KeyCompromise", note: "no object");

        await AssertEndsAsync(inOrder: [(first, "REVOKED")], afterOutage: [(first, null)]);
    }

    [Fact]
    public async Task Two_DMSs_that_name_one_policy_get_it_for_their_devices_and_neither_changes_it()
    {
        recording.AddDms(Dms, topic: "one");
        recording.AddDms("dms-other", topic: "other");
        var first = recording.Enrol(Dms, Device);
        var second = recording.Enrol("dms-other", "device-other");
        recording.SetStatus(first, "REVOKED", "CertificateHold");
        recording.SetStatus(first, "ACTIVE", "CertificateHold");

        await AssertEndsAsync(inOrder: [(first, "ACTIVE"), (second, "ACTIVE")], afterOutage: [(first, "ACTIVE"), (second, "ACTIVE")]);
    }

    /// <param name="inOrder">Serial number and status in AWS; null: not there.</param>
    /// <param name="afterOutage">The same, where Lamassu had changed before the first message came.</param>
    /// <param name="seen">So many messages the connector has seen before an outage in the midst, which ends as in order.</param>
    private async Task AssertEndsAsync((string SerialNumber, string? Status)[] inOrder, (string SerialNumber, string? Status)[] afterOutage, int seen = 0)
    {
        using (var player = await stage.NewPlayerAsync())
        {
            stage.WatchActive();
            var delivered = await player.PlayAsync(recording.Recorded, changesFirst: false, _ => { }, Cancellation);
            await AssertRightAsync(player, delivered, "in order", inOrder);
        }

        using (var player = await stage.NewPlayerAsync())
        {
            stage.WatchActive();
            var delivered = await player.PlayAsync(recording.Recorded, changesFirst: true, _ => { }, Cancellation);
            await AssertRightAsync(player, delivered, "after an outage", afterOutage);
        }

        for (var seed = 0; seed < Seeds; seed++)
        {
            using var player = await stage.NewPlayerAsync();
            var delivered = await stage.DeliverShuffledAsync(player, recording.Recorded, seed);
            await AssertRightAsync(player, delivered, $"seed {seed}", afterOutage);
        }

        for (var seed = 0; seen > 0 && seed < Seeds; seed++)
        {
            using var player = await stage.NewPlayerAsync();
            var delivered = await stage.DeliverShuffledAsync(player, recording.Recorded, seed, seen);
            await AssertRightAsync(player, delivered, $"outage in the midst, seed {seed}", inOrder);
        }
    }

    private async Task AssertRightAsync(ReplayPlayer player, IReadOnlyList<Delivered> delivered, string order, (string SerialNumber, string? Status)[] expected)
    {
        Assert.All(delivered, message => Assert.True(message.IsRight, $"{order}: {message.Message.Type} {message.End}"));
        var aws = await player.ReadAwsAsync(Cancellation);
        Assert.All(player.Check(aws), fact => Assert.True(fact.IsRight, $"{order}: {fact}"));
        Assert.True(stage.Active.Wrong.Count == 0, $"{order}: became ACTIVE in AWS: {string.Join(", ", stage.Active.Wrong)}");
        Assert.Equal(
            expected.Select(certificate => $"{order}: {certificate.SerialNumber} {certificate.Status}"),
            expected.Select(certificate => $"{order}: {certificate.SerialNumber} {aws.Certificates.GetValueOrDefault(recording.AwsId(certificate.SerialNumber))?.Status}"));
    }
}
