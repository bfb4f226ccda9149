using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed class IdentitySlotTests : IAsyncLifetime
{
    private LamassuHarness lamassu = null!;
    private string serialNumber = "";

    public async ValueTask InitializeAsync()
    {
        lamassu = await LamassuHarness.StartAsync();
        serialNumber = await lamassu.EnrolAsync("dev");
    }

    public ValueTask DisposeAsync() => lamassu.DisposeAsync();

    [Fact]
    public async Task The_body_is_the_slot_and_replaces_it_whole()
    {
        var answer = await PutAsync("""{"status":"ACTIVE","active_version":7,"type":"x509","versions":{"10":"aa","7":"bb"},"events":{}}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            """{"status":"ACTIVE","active_version":7,"type":"x509","versions":{"10":"aa","7":"bb"},"events":{}}""", answer.Json["identity"]!.ToJsonString());
        Assert.Equal(["device.identity.update"], lamassu.EventTypes);
    }

    [Fact]
    public async Task Times_of_events_are_spelt_anew_put_in_order_and_merged()
    {
        var answer = await PutAsync(
            """
            {"status":"ACTIVE","type":"x509","versions":{},"expiration_date":"2027-01-01T00:00:00.500Z","events":{
             "2026-01-02T00:00:00.120000Z":{"type":"B","description":""},"2026-01-01T00:00:00.123456789+01:00":{"type":"A","description":""},
             "2026-01-02T00:00:00.12Z":{"type":"C","description":""}}}
            """);

        Assert.Equal(
            [("2026-01-01T00:00:00.123456789+01:00", "A"), ("2026-01-02T00:00:00.12Z", "C")],
            answer.Json["identity"]!["events"]!.AsObject().Select(entry => (entry.Key, (string)entry.Value!["type"]!)));
        Assert.Equal("2027-01-01T00:00:00.5Z", (string?)answer.Json["identity"]!["expiration_date"]);
    }

    [Theory]
    [InlineData("RENEWAL_PENDING")]
    [InlineData("EXPIRING_SOON")]
    [InlineData("EXPIRED")]
    public async Task A_changed_status_leaves_an_event_in_the_slot_and_moves_the_device(string status)
    {
        var answer = await PutAsync(SlotWith(status));

        Assert.Equal(status, (string?)answer.Json["status"]);
        Assert.Equal($"Identity Slot Status updated from 'ACTIVE' to '{status}'", LastEvent(answer.Json["identity"]!));
        Assert.Equal($"Status updated from 'ACTIVE' to '{status}'", LastEvent(answer.Json));

        // The status comes first, and both have the same id.
        Assert.Equal(["device.status.update", "device.identity.update"], lamassu.EventTypes);
        Assert.Equal(lamassu.Events[0].Id, lamassu.Events[1].Id);
        Assert.Equal(["service/devmanager", "service/devmanager"], lamassu.Events.Select(message => message.Source));
        Assert.Equal(status, (string?)lamassu.Events[0].Previous["identity"]!["status"]);
        Assert.Equal("ACTIVE", (string?)lamassu.Events[1].Previous["identity"]!["status"]);
    }

    [Fact]
    public async Task A_revoked_slot_revokes_the_stored_active_certificate_first_in_the_Device_Manager_s_name()
    {
        await PutAsync(SlotWith("REVOKED"), ("x-lms-source", "service/mine"));

        Assert.Equal(
            [("certificate.status.update", "service/devmanager"), ("device.status.update", "service/mine"), ("device.identity.update", "service/mine")],
            lamassu.Events.Take(3).Select(message => (message.Type, message.Source)));
        Assert.Equal("Unspecified", (string?)lamassu.Events[0].Updated["revocation_reason"]);
        Assert.Equal("REVOKED", (string?)lamassu.StandIn.State.Find(LamassuKind.Certificate, serialNumber)!["status"]);
    }

    [Fact]
    public async Task A_certificate_on_hold_is_revoked_already()
    {
        await lamassu.CA("PUT", $"/v1/certificates/{serialNumber}/status", LamassuBodies.Status("REVOKED", "CertificateHold"));
        await lamassu.StandIn.WhenQuietAsync();
        lamassu.Published.Clear();

        await PutAsync(SlotWith("REVOKED"));

        Assert.Equal(["device.identity.update"], lamassu.EventTypes);
        Assert.Equal("CertificateHold", (string?)lamassu.StandIn.State.Find(LamassuKind.Certificate, serialNumber)!["revocation_reason"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"events\":null")]
    public async Task Without_events_a_changed_status_closes_the_connection_every_time_after_the_certificate_was_revoked(string events)
    {
        // Else the Device Manager's own reaction to the revocation would have moved the slot by then.
        using var held = lamassu.StandIn.Faults.HoldReactions();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var answer = await PutAsync($$"""{"status":"REVOKED","type":"x509","versions":{"0":"{{serialNumber}}"}{{events}}}""");

            Assert.Equal(Answer.Dropped, answer.Status);
        }

        Assert.Equal("REVOKED", (string?)lamassu.StandIn.State.Find(LamassuKind.Certificate, serialNumber)!["status"]);
        Assert.Equal(["certificate.status.update"], lamassu.EventTypes);
        Assert.Equal("ACTIVE", (string?)lamassu.StandIn.State.Find(LamassuKind.Device, "dev")!["identity"]!["status"]);
        Assert.Null(lamassu.StandIn.Calls[^1].Status);
    }

    [Fact]
    public async Task Without_events_the_same_status_is_stored()
    {
        var answer = await PutAsync("""{"status":"ACTIVE","type":"x509"}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"status":"ACTIVE","active_version":0,"type":"x509","versions":null,"events":null}""", answer.Json["identity"]!.ToJsonString());
    }

    [Fact]
    public async Task A_first_slot_that_is_revoked_closes_the_connection_and_stores_nothing()
    {
        await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("bare"));

        var answer = await lamassu.Devices("PUT", "/v1/devices/bare/idslot", JsonNode.Parse("""{"status":"REVOKED","events":{}}"""));

        Assert.Equal(Answer.Dropped, answer.Status);
        Assert.False(lamassu.StandIn.State.Find(LamassuKind.Device, "bare")!.ContainsKey("identity"));
    }

    [Fact]
    public async Task A_first_slot_needs_no_events_and_stands_before_the_other_slots()
    {
        await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("bare"));

        var answer = await lamassu.Devices("PUT", "/v1/devices/bare/idslot", JsonNode.Parse("""{"status":"ACTIVE"}"""));

        Assert.Equal(200, answer.Status);
        Assert.Null(answer.Json["identity"]!["events"]);
        Assert.Equal(["dms_owner", "identity", "slots", "events"], answer.Json.Select(member => member.Key).TakeLast(4));
    }

    [Fact]
    public async Task An_unknown_status_is_stored_and_then_refused()
    {
        var answer = await PutAsync(SlotWith("SLEEPING"));

        Assert.Equal((500, "{}"), (answer.Status, answer.Text));
        var device = lamassu.StandIn.State.Find(LamassuKind.Device, "dev")!;
        Assert.Equal(("SLEEPING", "ACTIVE"), ((string?)device["identity"]!["status"], (string?)device["status"]));
        Assert.Empty(lamassu.Published);
    }

    [Fact]
    public async Task A_decommissioned_device_answers_200_to_everything_and_keeps_its_slot()
    {
        var decommissioned = await lamassu.Devices("DELETE", "/v1/devices/dev/decommission");
        Assert.Equal((200, "DECOMMISSIONED"), (decommissioned.Status, (string?)decommissioned.Json["status"]));
        await lamassu.StandIn.WhenQuietAsync();
        Assert.Equal("certificate.status.update", lamassu.EventTypes.First());
        Assert.Equal("CessationOfOperation", (string?)lamassu.Events[0].Updated["revocation_reason"]);
        Assert.Contains("device.status.update", lamassu.EventTypes);

        // The reaction to the revocation finds a device that does not change any more, and says so.
        var reaction = lamassu.Events.Single(message => message.Type == "device.identity.update");
        Assert.Equal("eventbus-unknown", reaction.Source);
        Assert.True(JsonNode.DeepEquals(reaction.Previous, reaction.Updated));

        var slot = await PutAsync(SlotWith("ACTIVE"));
        Assert.Equal((200, "REVOKED"), (slot.Status, (string?)slot.Json["identity"]!["status"]));
        Assert.Equal(200, (await lamassu.Devices("DELETE", "/v1/devices/dev/decommission")).Status);
        var metadata = await lamassu.Devices("PUT", "/v1/devices/dev/metadata", LamassuBodies.Patches(LamassuBodies.Patch("add", "/a", 1)));
        Assert.Equal("""{"a":1}""", metadata.Json["metadata"]!.ToJsonString());
        Assert.Equal(204, (await lamassu.Devices("DELETE", "/v1/devices/dev")).Status);
        Assert.Equal("""{"ID":"dev"}""", lamassu.Events[^1].Data.ToJsonString());
    }

    [Fact]
    public async Task Only_a_decommissioned_device_can_be_deleted()
    {
        var answer = await lamassu.Devices("DELETE", "/v1/devices/dev");

        Assert.Equal((422, "device status does not allow this operation"), (answer.Status, answer.Error));
    }

    private static string? LastEvent(JsonNode owner) => (string?)owner["events"]!.AsObject().Last().Value!["description"];

    private string SlotWith(string status)
    {
        var slot = lamassu.StandIn.State.Find(LamassuKind.Device, "dev")!["identity"]!;
        slot["status"] = status;
        return slot.ToJsonString();
    }

    private Task<Answer> PutAsync(string slot, params (string, string)[] headers) =>
        lamassu.Devices("PUT", "/v1/devices/dev/idslot", JsonNode.Parse(slot), headers);
}
