using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>What a recording takes for granted is put into AWS before its message is delivered. No connector runs here.</summary>
public sealed class AwsPreparationTests : IAsyncLifetime
{
    private readonly ReplayHistory history = new();
    private readonly List<DateTimeOffset?> clocks = [];
    private StandIns standIns = null!;
    private AwsPreparation preparation = null!;
    private StateChanges changes = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LamassuState State => standIns.Lamassu.State;

    public async ValueTask InitializeAsync()
    {
        standIns = await StandIns.StartAsync(
            new StandInSettings { ConnectorId = Messages.ConnectorId, SignsForRecordedCAs = true }, (_, _, _, _) => Task.CompletedTask, TimeProvider.System, Cancellation);
        changes = new StateChanges(State, Messages.ConnectorId);
        preparation = new AwsPreparation(standIns, Messages.ConnectorId, history, async (time, cancellation) =>
        {
            clocks.Add(time);
            await standIns.AwsControl.SendAsync(HttpMethod.Put, "clock", new JsonObject { ["now"] = time?.ToString("O") }, cancellation);
        });
    }

    public async ValueTask DisposeAsync()
    {
        preparation.Dispose();
        await standIns.DisposeAsync();
    }

    [Fact]
    public async Task A_certificate_first_met_with_an_ARN_is_registered_and_attached_with_what_its_DMS_names()
    {
        await PlayAsync("03-", "13-", "41-");

        var aws = await ReadAsync();
        var certificate = Assert.Single(aws.Certificates);
        Assert.Equal("9915e0cba0d4087894dbc369d1654d5b6889f8b2b9c032fc64f062474159b6f4", certificate.Key);
        Assert.Equal("ACTIVE", certificate.Value.Status);
        Assert.Equal(["lms-pol-a"], certificate.Value.Policies);
        Assert.Equal([certificate.Key], aws.Things["dev-hold"].CertificateIds);
        Assert.Equal(["LMS-GRP-A", "LMS-GRP-B"], aws.Things["dev-hold"].Groups.Order(StringComparer.Ordinal));
        Assert.Equal(["ACTIVE"], aws.CAs.Values.Select(ca => ca.Status));
        Assert.True(history.IsPrepared("dev-hold"));
    }

    [Fact]
    public async Task A_certificate_first_met_on_hold_is_not_active()
    {
        await PlayAsync("03-", "13-", "42-");

        Assert.Equal("INACTIVE", Assert.Single((await ReadAsync()).Certificates).Value.Status);
    }

    [Fact]
    public async Task A_certificate_that_comes_to_light_after_its_CA_was_shut_out_is_registered_all_the_same_and_the_CA_stays_out()
    {
        await PlayAsync("03-", "13-", "41-");
        var caId = Assert.Single((await ReadAsync()).CAs).Key;
        await standIns.IoT.UpdateCACertificateAsync(new UpdateCACertificateRequest { CertificateId = caId, NewStatus = CACertificateStatus.INACTIVE }, Cancellation);

        await PlayAsync("40-");

        var aws = await ReadAsync();
        Assert.Equal("INACTIVE", aws.CAs[caId].Status);
        Assert.Equal(2, aws.Certificates.Count);
        Assert.Single(aws.Things["dev-pre"].CertificateIds);
    }

    [Fact]
    public async Task What_is_in_AWS_already_is_left_as_it_is()
    {
        await PlayAsync("03-", "13-", "41-");
        var id = Assert.Single((await ReadAsync()).Certificates).Key;
        await standIns.IoT.UpdateCertificateAsync(new UpdateCertificateRequest { CertificateId = id, NewStatus = CertificateStatus.INACTIVE }, Cancellation);

        State.Clear();
        changes = new StateChanges(State, Messages.ConnectorId);
        await PlayAsync("03-", "13-", "41-");

        Assert.Equal("INACTIVE", (await ReadAsync()).Certificates[id].Status);
    }

    [Fact]
    public async Task Objects_without_ARN_are_not_put_into_AWS()
    {
        await PlayAsync("03-", "13-", "21-", "30-");

        var aws = await ReadAsync();
        Assert.Empty(aws.CAs);
        Assert.Empty(aws.Certificates);
        Assert.Empty(aws.Things);
        Assert.False(history.IsPrepared("dev-1"));
    }

    [Fact]
    public async Task A_DMS_that_a_change_finds_in_mode_auto_has_its_policies_as_they_were()
    {
        await PlayAsync("63-");

        var settings = ConnectorNotes.Dms(State.Find(LamassuKind.Dms, "dms-auto"), Messages.ConnectorId);
        Assert.Equal(["lms-pol-a", "lms-pol-new"], settings.Policies.Select(policy => policy.Name));
        Assert.Equal(["lms-pol-a"], (await ReadAsync()).Policies.Keys);
    }

    [Fact]
    public async Task A_DMS_that_is_new_or_in_another_mode_has_nothing_yet()
    {
        await PlayAsync("13-", "68-");

        Assert.Empty((await ReadAsync()).Policies);
    }

    [Fact]
    public async Task What_AWS_refuses_was_never_there_and_stops_no_replay()
    {
        JsonObject Dms(string name) => Messages.Json($$"""
            {"id":"dms","name":"{{name}}","metadata":{"{{Messages.Key}}":{"registration_mode":"auto","groups":["no good name!","g"],
             "policies":[{"policy_name":"no good name!","policy_document":"{}"},{"policy_name":"p","policy_document":"no document"}]} } }
            """);

        await preparation.PrepareAsync(changes.Apply(Messages.Update("dms.update", Messages.Second(1), Dms("a"), Dms("b"))).FirstMet, Cancellation);

        Assert.Empty((await ReadAsync()).Policies);
        Assert.Equal("g", (await standIns.IoT.DescribeThingGroupAsync(new DescribeThingGroupRequest { ThingGroupName = "g" }, Cancellation)).ThingGroupName);
    }

    [Fact]
    public async Task The_CA_is_registered_in_the_mode_of_its_note()
    {
        await PlayAsync("03-", "08-");
        await preparation.RegisterCAAsync(State.Find(LamassuKind.CA, "ca-prim")!, Cancellation);
        await preparation.RegisterCAAsync(State.Find(LamassuKind.CA, "ca-sub")!, Cancellation);

        Assert.Equal("DEFAULT", await ModeAsync("ca-prim"));
        Assert.Equal("SNI_ONLY", await ModeAsync("ca-sub"));
    }

    [Fact]
    public async Task Certificates_are_judged_when_they_were_valid()
    {
        await PlayAsync("03-", "13-", "57-");

        // Valid for five minutes in November 2026.
        Assert.Contains(clocks, time => time is { Year: 2026, Month: 11, Day: 23, Hour: 14, Minute: 38 });
        Assert.Equal(["ACTIVE", "ACTIVE"], (await ReadAsync()).Certificates.Values.Select(certificate => certificate.Status));
    }

    private async Task PlayAsync(params string[] folders)
    {
        var messages = MessageReader.Read(TestFolders.Recordings).Parts[0].Messages;
        foreach (var message in messages.Where(message => folders.Any(folder => message.Origin.StartsWith(folder, StringComparison.Ordinal))))
        {
            await preparation.PrepareAsync(changes.Apply(message).FirstMet, Cancellation);
        }
    }

    private Task<AwsSnapshot> ReadAsync() => new AwsSnapshotReader(standIns.IoT).ReadAsync(LamassuView.Of(State, Messages.ConnectorId), Cancellation);

    private async Task<string> ModeAsync(string caId)
    {
        var id = LamassuCertificate.AwsId(State.Find(LamassuKind.CA, caId).Object("certificate"), Messages.ConnectorId);
        return (await standIns.IoT.DescribeCACertificateAsync(new DescribeCACertificateRequest { CertificateId = id }, Cancellation)).CertificateDescription.CertificateMode.Value;
    }
}
