using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>What Lamassu has after all changes of the recordings and of the samples' story.</summary>
public sealed class RecordedStateTests
{
    private readonly LamassuState state = new();

    [Fact]
    public void After_the_recordings_each_device_has_the_certificate_and_the_status_that_it_had()
    {
        Play(MessageReader.Read(TestFolders.Recordings).Parts[0].Messages, Messages.ConnectorId);

        Assert.Equal(
            [
                // Versions and bindings between 30 and 50 are not recorded, so dev-1 keeps the certificate of 30.
                "dev-1 RENEWAL_PENDING 3e74d0fb521b0b61f6e2db2b159bdd5b",
                "dev-api ACTIVE c220db96bc9eceecf4345616372f0216",
                "dev-exp EXPIRED b1ce38e769268200c206fc3f41de9ca5",
                "dev-f1 ACTIVE 3905fd5c62acec1ecea01fbbcab336da",
                "dev-f2 ACTIVE 2b9adcd3db7038723fb86e1438027bdd",
                "dev-hold ACTIVE 8a54a24c508342d954fdc6b7d29170ab",
                "dev-jitp ACTIVE 4699bdb8221fb5200992bd6b9d34fe26",
                "dev-life ACTIVE 4b6d433b47d33af91f332df6be2388b0",
                "dev-none REVOKED 15a3a4340e147e20a197d6f88bae8a1c",
                "dev-pre REVOKED 45e2516f5d47bb6d2a6e73585d65e4de",
                "dev-prev ACTIVE baaa3c52416518d0d66fa24b151cf858",
                "dev-t1 REVOKED 9ff007d53eaeb98ec13272c1eb76ad66",
            ],
            state.All(LamassuKind.Device).Select(device => $"{device.Text("id")} {device.Text("status")} {Identity.CurrentSerialNumber(device)}").Order(StringComparer.Ordinal));
        Assert.All(
            state.All(LamassuKind.Device),
            device => Assert.Equal(device.Text("status"), device.Object("identity").Text("status")));
    }

    [Theory]
    [InlineData("1000ff1beaa3600bc42b04814930c2c4", "REVOKED", "Superseded", "REVOKED")]
    [InlineData("8a54a24c508342d954fdc6b7d29170ab", "ACTIVE", "CertificateHold", "ACTIVE")]
    [InlineData("45e2516f5d47bb6d2a6e73585d65e4de", "REVOKED", "KeyCompromise", "REVOKED")]
    [InlineData("b1ce38e769268200c206fc3f41de9ca5", "EXPIRED", "Unspecified", "INACTIVE")]
    [InlineData("7431429b970324829eb97b4ac3988f01", "REVOKED", "CessationOfOperation", "REVOKED")]
    [InlineData("cf42f3348324ee19709155c01ecff918", "REVOKED", "CessationOfOperation", "REVOKED")]
    [InlineData("4b6d433b47d33af91f332df6be2388b0", "ACTIVE", "Unspecified", "ACTIVE")]
    public void After_the_recordings_each_certificate_has_its_last_status(string serialNumber, string status, string reason, string aws)
    {
        Play(MessageReader.Read(TestFolders.Recordings).Parts[0].Messages, Messages.ConnectorId);

        var certificate = state.Find(LamassuKind.Certificate, serialNumber);
        Assert.Equal((status, reason, aws), (certificate.Text("status"), certificate.Text("revocation_reason"), LamassuCertificate.AwsStatus(certificate)));
    }

    [Fact]
    public void After_the_recordings_what_was_deleted_is_gone_and_the_Go_connectors_own_notes_are_not_asserted()
    {
        Play(MessageReader.Read(TestFolders.Recordings).Parts[0].Messages, Messages.ConnectorId);

        Assert.Null(state.Find(LamassuKind.Device, "dev-odd"));
        Assert.Null(state.Find(LamassuKind.Dms, "dms-jitp2"));
        Assert.False(ConnectorNotes.RegistrationSucceeded(state.Find(LamassuKind.CA, "ca-prim"), Messages.ConnectorId));
        Assert.Null(ConnectorNotes.Arn(state.Find(LamassuKind.Certificate, "4b6d433b47d33af91f332df6be2388b0"), Messages.ConnectorId));
        Assert.Equal("23916a9c6f2195cf50ed3da1c9d796d4", state.Find(LamassuKind.CA, "ca-plain").Object("certificate").Text("serial_number"));
        Assert.Equal("REVOKED", state.Find(LamassuKind.CA, "ca-sub").Object("certificate").Text("status"));
        Assert.Equal(RegistrationMode.None, ConnectorNotes.Dms(state.Find(LamassuKind.Dms, "dms-jitp"), Messages.ConnectorId).Mode);
        Assert.Equal(["lms-pol-a", "lms-pol-new"], ConnectorNotes.Dms(state.Find(LamassuKind.Dms, "dms-auto"), Messages.ConnectorId).Policies.Select(policy => policy.Name));
    }

    [Theory]
    [InlineData("86-bind-redelivered", "a25309d3bc44badd00c4f06ad1415c20")]
    [InlineData("87-bind-renewed", "4b6d433b47d33af91f332df6be2388b0")]
    [InlineData("88-bind-stale-redelivered", "4b6d433b47d33af91f332df6be2388b0")]
    public void A_bind_that_was_delivered_again_puts_no_device_back(string lastFolder, string current)
    {
        var messages = MessageReader.Read(TestFolders.Recordings).Parts[0].Messages;
        var last = messages.Select(message => message.Origin.StartsWith(lastFolder, StringComparison.Ordinal)).ToList().LastIndexOf(true);
        Play([.. messages.Take(last + 1)], Messages.ConnectorId);

        var device = state.Find(LamassuKind.Device, "dev-life");
        Assert.Equal((current, "ACTIVE"), (Identity.CurrentSerialNumber(device), device.Text("status")));
    }

    [Fact]
    public void After_the_story_the_second_certificate_is_current_and_revoked_and_the_slot_has_moved_with_it()
    {
        Play(MessageReader.Read(TestFolders.Events).Story, "aws-iot-prod");

        var device = state.Find(LamassuKind.Device, "meter-000042");
        Assert.Equal(["71b8d2046f9a4e3c8d5507e1c4a96b2f", "0e42c7719d3b4a86bf10d85e6a237c91"], Identity.SerialNumbers(device));
        Assert.Equal("0e42c7719d3b4a86bf10d85e6a237c91", Identity.CurrentSerialNumber(device));
        Assert.Equal(("REVOKED", "REVOKED"), (device.Text("status"), device.Object("identity").Text("status")));
    }

    [Theory]
    [InlineData("16-", "REVOKED")]
    [InlineData("17-", "ACTIVE")]
    [InlineData("19-", "RENEWAL_PENDING")]
    [InlineData("21-", "RENEWAL_PENDING")]
    [InlineData("22-", "ACTIVE")]
    public void In_the_story_the_slot_follows_its_certificate_step_by_step(string step, string status)
    {
        var story = MessageReader.Read(TestFolders.Events).Story;
        Play([.. story.Take(story.Select(message => message.Origin.StartsWith(step, StringComparison.Ordinal)).ToList().IndexOf(true) + 1)], "aws-iot-prod");

        Assert.Equal(status, state.Find(LamassuKind.Device, "meter-000042").Object("identity").Text("status"));
    }

    [Fact]
    public void Every_variant_can_be_applied_to_any_state()
    {
        var parts = MessageReader.Read(TestFolders.Events).Parts;

        Play([.. parts.SelectMany(part => part.Messages)], "aws-iot-prod");

        Assert.All(
            state.All(LamassuKind.Certificate).Where(certificate => certificate.Text("serial_number") == "71b8d2046f9a4e3c8d5507e1c4a96b2f"),
            certificate => Assert.IsType<JsonObject>(certificate["metadata"]));
    }

    private void Play(IReadOnlyList<RecordedMessage> messages, string connectorId)
    {
        var changes = new StateChanges(state, connectorId);
        var moves = new SlotMoves(state, connectorId);
        for (var index = 0; index < messages.Count; index++)
        {
            changes.Apply(messages[index]);
            moves.Apply(messages, index);
        }
    }
}
