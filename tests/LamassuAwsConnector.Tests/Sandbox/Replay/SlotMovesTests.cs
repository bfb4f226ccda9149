using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Sandbox.Replay;
using static LamassuAwsConnector.Tests.Sandbox.Replay.Messages;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

public sealed class SlotMovesTests
{
    private readonly LamassuState state = new();
    private readonly SlotMoves moves;

    public SlotMovesTests() => moves = new SlotMoves(state, ConnectorId);

    [Theory]
    [InlineData("ACTIVE", "REVOKED", "REVOKED")]
    [InlineData("RENEWAL_PENDING", "EXPIRED", "EXPIRED")]
    [InlineData("REVOKED", "ACTIVE", "ACTIVE")]
    public void The_slot_and_the_device_take_the_status_of_the_current_certificate(string slot, string certificate, string expected)
    {
        Given(slot, certificate);

        Assert.True(moves.Apply([StatusEvent(certificate)], 0));

        var device = state.Find(LamassuKind.Device, "d");
        Assert.Equal(expected, device.Object("identity").Text("status"));
        Assert.Equal(expected, device.Text("status"));
        Assert.Equal($"Identity Slot Status updated from '{slot}' to '{expected}'", device.Object("identity").Object("events").Object(Second(1)).Text("description"));
        Assert.Equal($"Status updated from '{slot}' to '{expected}'", device.Object("events").Object(Second(1)).Text("description"));
    }

    [Theory]
    [InlineData("RENEWAL_PENDING", "ACTIVE")]
    [InlineData("REVOKED", "REVOKED")]
    [InlineData("ACTIVE", "INACTIVE")]
    public void A_status_that_is_no_news_moves_nothing(string slot, string certificate)
    {
        Given(slot, certificate);

        Assert.False(moves.Apply([StatusEvent(certificate)], 0));
        Assert.Equal(slot, state.Find(LamassuKind.Device, "d").Text("status"));
    }

    [Fact]
    public void A_decommissioned_device_stays_so()
    {
        Given("ACTIVE", "REVOKED");
        var device = Device("d", "0a");
        device["status"] = "DECOMMISSIONED";
        state.Store(LamassuKind.Device, device);

        Assert.False(moves.Apply([StatusEvent("REVOKED")], 0));
    }

    [Fact]
    public void A_certificate_that_is_not_the_active_version_or_is_attached_no_more_moves_nothing()
    {
        Given("ACTIVE", "REVOKED");
        state.Store(LamassuKind.Device, Device("d", "0b"));
        Assert.False(moves.Apply([StatusEvent("REVOKED")], 0));

        state.Store(LamassuKind.Device, Device("d", "0a"));
        state.Store(LamassuKind.Certificate, Certificate("0a", "REVOKED"));
        Assert.False(moves.Apply([StatusEvent("REVOKED")], 0));
    }

    [Fact]
    public void Where_the_recording_has_the_slot_event_it_is_left_to_it()
    {
        Given("ACTIVE", "REVOKED");
        var recorded = Update("device.identity.update", Second(2), Device("d", "0a"), Device("d", "0a", "REVOKED"));
        var own = Update("device.identity.update", Second(2), Device("d", "0a"), Device("d", "0a", "REVOKED"), OwnSource);
        var ofAnother = Update("device.identity.update", Second(2), Device("e", "0a"), Device("e", "0a", "REVOKED"));
        var otherStatus = Update("device.identity.update", Second(2), Device("d", "0a"), Device("d", "0b"));

        Assert.False(moves.Apply([StatusEvent("REVOKED"), ofAnother, recorded], 0));
        Assert.True(moves.Apply([StatusEvent("REVOKED"), own, ofAnother], 0));

        Given("ACTIVE", "REVOKED");
        Assert.True(moves.Apply([StatusEvent("REVOKED"), otherStatus, recorded], 0));

        Given("ACTIVE", "REVOKED");
        Assert.True(moves.Apply([StatusEvent("REVOKED"), StatusEvent("ACTIVE"), recorded], 0));
    }

    private void Given(string slot, string certificate)
    {
        state.Store(LamassuKind.Device, Device("d", "0a", slot));
        state.Store(LamassuKind.Certificate, Certificate("0a", certificate, "d"));
    }

    private static RecordedMessage StatusEvent(string status) => Update("certificate.status.update", Second(1), Certificate("0a", deviceId: "d"), Certificate("0a", status, "d"));
}
