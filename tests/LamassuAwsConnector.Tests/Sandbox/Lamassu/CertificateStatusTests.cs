using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>The status of certificates, and what the Device Manager does about it a moment later.</summary>
public sealed class CertificateStatusTests : IAsyncLifetime
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
    public async Task A_hold_that_is_lifted_leaves_its_reason_behind()
    {
        var held = await PutAsync("REVOKED", "certificatehold");
        Assert.Equal(("REVOKED", "CertificateHold"), ((string?)held.Json["status"], (string?)held.Json["revocation_reason"]));
        Assert.NotEqual("0001-01-01T00:00:00Z", (string?)held.Json["revocation_timestamp"]);
        await lamassu.StandIn.WhenQuietAsync();
        Assert.Equal("REVOKED", SlotStatus());

        var back = await PutAsync("ACTIVE");

        Assert.Equal(("ACTIVE", "CertificateHold"), ((string?)back.Json["status"], (string?)back.Json["revocation_reason"]));
        Assert.Equal("0001-01-01T00:00:00Z", (string?)back.Json["revocation_timestamp"]);
        await lamassu.StandIn.WhenQuietAsync();
        Assert.Equal("ACTIVE", SlotStatus());
    }

    [Fact]
    public async Task A_revocation_is_final_and_a_repeated_one_refused()
    {
        await PutAsync("REVOKED", "KeyCompromise");

        foreach (var status in new[] { "REVOKED", "ACTIVE", "EXPIRED" })
        {
            var answer = await PutAsync(status);
            Assert.Equal((400, "new status transition not allowed for certificate"), (answer.Status, answer.Error));
        }

        Assert.Equal(3, lamassu.Events.Count(message => message.Type == "certificate.status.update.error"));
    }

    [Fact]
    public async Task A_held_certificate_can_be_revoked_with_another_reason()
    {
        await PutAsync("REVOKED", "CertificateHold");

        Assert.Equal("Superseded", (string?)(await PutAsync("REVOKED", "Superseded")).Json["revocation_reason"]);
    }

    [Theory]
    [InlineData("FOO")]
    [InlineData("INACTIVE")]
    public async Task Unknown_words_are_stored_and_move_no_device(string status)
    {
        Assert.Equal(status, (string?)(await PutAsync(status)).Json["status"]);

        await lamassu.StandIn.WhenQuietAsync();
        Assert.Equal(["certificate.status.update"], lamassu.EventTypes);
        Assert.Equal("ACTIVE", SlotStatus());
    }

    [Fact]
    public async Task An_empty_status_is_invalid()
    {
        var answer = await PutAsync("");

        Assert.Equal((400, "struct validation error"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task An_active_certificate_can_be_made_active_which_is_published()
    {
        await PutAsync("ACTIVE");
        await lamassu.StandIn.WhenQuietAsync();

        Assert.Equal(["certificate.status.update", "device.identity.update"], lamassu.EventTypes);
        Assert.All(lamassu.Events, message => Assert.True(JsonNode.DeepEquals(message.Previous, message.Updated)));
    }

    [Fact]
    public async Task A_reaction_comes_after_the_answer_and_only_for_the_active_certificate_of_a_device()
    {
        await lamassu.EstAsync("dms", "simpleenroll", "dev");
        lamassu.Published.Clear();

        using (lamassu.StandIn.Faults.HoldReactions())
        {
            await lamassu.CA("PUT", $"/v1/certificates/{lamassu.SerialNumberOf("dev")}/status", LamassuBodies.Status("REVOKED"));
            Assert.Equal("ACTIVE", SlotStatus());
            Assert.False(lamassu.StandIn.WhenQuietAsync().IsCompleted);
        }

        await lamassu.StandIn.WhenQuietAsync();
        Assert.Equal("REVOKED", SlotStatus());
        Assert.Equal(
            ["authtype", "spanid", "traceid"], lamassu.Events[^1].Envelope.Select(member => member.Key).Skip(8));
        Assert.Equal("system", (string?)lamassu.Events[^1].Envelope["authtype"]);
        Assert.Equal(3, lamassu.Events.Count);
    }

    [Fact]
    public async Task A_slow_reaction_believes_the_event_and_revokes_for_good_what_was_only_on_hold()
    {
        using (lamassu.StandIn.Faults.HoldReactions())
        {
            await PutAsync("REVOKED", "CertificateHold");
            await PutAsync("ACTIVE");
        }

        await lamassu.StandIn.WhenQuietAsync();

        var certificate = lamassu.StandIn.State.Find(LamassuKind.Certificate, serialNumber)!;
        Assert.Equal(("REVOKED", "Unspecified"), ((string?)certificate["status"], (string?)certificate["revocation_reason"]));
        Assert.Contains(lamassu.Events, message => message is { Type: "certificate.status.update", Source: "service/devmanager" });
    }

    [Fact]
    public async Task Without_the_bus_nobody_reacts()
    {
        await using var silent = await LamassuHarness.StartAsync(new() { PublishesEvents = false });
        var serial = await silent.EnrolAsync("dev");

        await silent.CA("PUT", $"/v1/certificates/{serial}/status", LamassuBodies.Status("REVOKED"));
        await silent.StandIn.WhenQuietAsync();

        Assert.Equal("ACTIVE", (string?)silent.StandIn.State.Find(LamassuKind.Device, "dev")!["status"]);
        Assert.Empty(silent.Published);
    }

    [Theory]
    [InlineData("Preventive", "RENEWAL_PENDING")]
    [InlineData("Critical", "EXPIRING_SOON")]
    public async Task A_triggered_delta_moves_the_slot_once(string name, string status)
    {
        var path = $"/v1/certificates/{serialNumber}/metadata";
        var deltas = new JsonArray(new JsonObject { ["delta"] = "1d", ["name"] = name, ["triggered"] = true });
        var patches = LamassuBodies.Patches(LamassuBodies.Patch("add", "/lamassu.io~1ca~1expiration-deltas", deltas));

        await lamassu.CA("PUT", path, patches);
        await lamassu.CA("PUT", path, patches);
        await lamassu.StandIn.WhenQuietAsync();

        Assert.Equal(status, SlotStatus());
        Assert.Equal(1, lamassu.Events.Count(message => message.Type == "device.identity.update"));
    }

    [Fact]
    public async Task The_expiry_monitor_triggers_deltas_in_growing_order_and_expires_without_event_ids()
    {
        var end = lamassu.Time.GetUtcNow().AddDays(365);

        await lamassu.StandIn.RunExpiryMonitorAsync(end.AddDays(-31), TestContext.Current.CancellationToken);
        Assert.Empty(lamassu.Published);
        foreach (var (days, status) in new[] { (-30, "RENEWAL_PENDING"), (-7, "EXPIRING_SOON"), (0, "EXPIRED") })
        {
            await lamassu.StandIn.RunExpiryMonitorAsync(end.AddDays(days), TestContext.Current.CancellationToken);
            await lamassu.StandIn.WhenQuietAsync();
            Assert.Equal(status, SlotStatus());
        }

        Assert.Equal(
            ["certificate.metadata.update", "certificate.metadata.update", "certificate.status.update"],
            lamassu.Events.Where(message => message.Id == "unknown").Select(message => message.Type));
        Assert.Equal(
            """[{"delta":"1w","name":"Critical","triggered":false},{"delta":"4w2d","name":"Preventive","triggered":true}]""",
            lamassu.Events[0].Updated["metadata"]!["lamassu.io/ca/expiration-deltas"]!.ToJsonString());

        // The reaction goes on in the trace of the message, which has no id.
        Assert.Equal(lamassu.Events[0].Headers["traceparent"].Split('-')[1], lamassu.Events[1].TraceId);
        Assert.Equal((400, "new status transition not allowed for certificate"), ((await PutAsync("ACTIVE")) is var final ? final.Status : 0, final.Error));
    }

    [Fact]
    public async Task The_expiry_monitor_expires_CAs_too()
    {
        await lamassu.StandIn.RunExpiryMonitorAsync(lamassu.Time.GetUtcNow().AddDays(3650), TestContext.Current.CancellationToken);

        var expired = lamassu.Events.Single(message => message.Type == "ca.status.update");
        Assert.Equal(("unknown", "EXPIRED"), (expired.Id, (string?)expired.Updated["certificate"]!["status"]));
    }

    private string? SlotStatus() => (string?)lamassu.StandIn.State.Find(LamassuKind.Device, "dev")!["identity"]!["status"];

    private Task<Answer> PutAsync(string status, string? reason = null) =>
        lamassu.CA("PUT", $"/v1/certificates/{serialNumber}/status", LamassuBodies.Status(status, reason));
}
