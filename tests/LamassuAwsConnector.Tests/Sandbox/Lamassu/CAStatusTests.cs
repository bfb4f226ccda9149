using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed class CAStatusTests : IAsyncLifetime
{
    private LamassuHarness lamassu = null!;

    public async ValueTask InitializeAsync() => lamassu = await LamassuHarness.StartAsync();

    public ValueTask DisposeAsync() => lamassu.DisposeAsync();

    [Fact]
    public async Task Revoking_a_CA_revokes_child_CAs_then_certificates_then_itself()
    {
        var root = await lamassu.CreateCAAsync("root");
        var child = await lamassu.CreateCAAsync("sub", "root");
        var childLeaf = await lamassu.SignAsync("sub", "below");
        var revoked = await lamassu.SignAsync("root", "revoked");
        await lamassu.CA("PUT", $"/v1/certificates/{revoked}/status", LamassuBodies.Status("REVOKED", "Superseded"));
        var leaf = await lamassu.SignAsync("root", "leaf");
        lamassu.Published.Clear();

        var answer = await lamassu.CA("POST", "/v1/cas/root/status", LamassuBodies.Status("REVOKED", "KeyCompromise"), ("x-lms-source", "service/mine"));

        Assert.Equal((201, "KeyCompromise"), (answer.Status, (string?)answer.Json["certificate"]!["revocation_reason"]));
        var ofRoot = new[] { (string)root["serial_number"]!, (string)child["serial_number"]!, revoked, leaf }.Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                $"certificate.status.update certificate/{childLeaf}",
                "ca.status.update ca/sub",
                .. ofRoot.Select(serial => serial == leaf ? $"certificate.status.update certificate/{serial}" : "certificate.status.update.error ca/root"),
                "ca.status.update ca/root",
            ],
            lamassu.Events.Select(message => $"{message.Type} {message.Subject}"));
        Assert.All(lamassu.Published, message => Assert.Equal("service/mine", message.Source));
        Assert.Equal("CessationOfOperation", ReasonOf(leaf));
        Assert.Equal("Superseded", ReasonOf(revoked));
        Assert.Equal("KeyCompromise", ReasonOf((string)root["serial_number"]!));

        // What the cascade does shares one id, and its audit records say within which operation they were made.
        var cascade = lamassu.Published.Where(message => message.Subject is not null && message.Type.Contains(".error", StringComparison.Ordinal)).ToList();
        Assert.Single(cascade.Select(message => message.Id).Distinct());
        Assert.NotEqual(cascade[0].Id, lamassu.Events[^1].Id);
        Assert.Equal("ca/root", lamassu.Published.Single(message => message.Type == "audit.ca.status.update" && message.Id == cascade[0].Id).Subject);
        Assert.Single(lamassu.Published.Select(message => message.TraceId).Distinct());
    }

    [Fact]
    public async Task A_root_on_hold_is_revoked_for_good_by_its_own_cascade()
    {
        await lamassu.CreateCAAsync("root");

        var answer = await lamassu.CA("POST", "/v1/cas/root/status", LamassuBodies.Status("REVOKED", "CertificateHold"));

        Assert.Equal("CertificateHold", (string?)answer.Json["certificate"]!["revocation_reason"]);
        var ca = (await lamassu.CA("GET", "/v1/cas/root")).Json;
        Assert.Equal("CessationOfOperation", (string?)ca["certificate"]!["revocation_reason"]);
        var back = await lamassu.CA("POST", "/v1/cas/root/status", LamassuBodies.Status("ACTIVE"));
        Assert.Equal((400, "new status transition not allowed for certificate"), (back.Status, back.Error));
    }

    [Fact]
    public async Task A_child_CA_that_comes_back_from_hold_keeps_reason_and_time()
    {
        await lamassu.CreateCAAsync("root");
        await lamassu.CreateCAAsync("sub", "root");
        var held = await lamassu.CA("POST", "/v1/cas/sub/status", LamassuBodies.Status("REVOKED", "CertificateHold"));

        var back = await lamassu.CA("POST", "/v1/cas/sub/status", LamassuBodies.Status("ACTIVE"));

        Assert.Equal(201, back.Status);
        Assert.Equal(("ACTIVE", "CertificateHold"), ((string?)back.Json["certificate"]!["status"], (string?)back.Json["certificate"]!["revocation_reason"]));
        Assert.StartsWith(
            ((string)back.Json["certificate"]!["revocation_timestamp"]!).TrimEnd('Z'),
            (string)held.Json["certificate"]!["revocation_timestamp"]!,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reissue_keeps_id_and_key_and_replaces_serial_number_and_metadata_without_an_event_id()
    {
        var before = await lamassu.CreateCAAsync("root", changes: new JsonObject { ["metadata"] = new JsonObject { ["lamassu.io/iot/aws.1"] = 1 } });
        lamassu.Published.Clear();
        lamassu.Time.Advance(TimeSpan.FromDays(1));

        var after = (await lamassu.CA("POST", "/v1/cas/root/reissue", new JsonObject())).Json;

        var serialNumber = (string)before["serial_number"]!;
        Assert.NotEqual(serialNumber, (string?)after["serial_number"]);
        Assert.Equal((string?)before["certificate"]!["subject_key_id"], (string?)after["certificate"]!["subject_key_id"]);
        Assert.Equal("2036-02-28T12:00:00Z", (string?)after["certificate"]!["valid_to"]);
        var links = $$"""{"lamassu.io/ca/reissue-reason":"certificate-reissuance","lamassu.io/ca/reissued-from":"{{serialNumber}}"}""";
        Assert.Equal((links, links), (after["metadata"]!.ToJsonString(), after["certificate"]!["metadata"]!.ToJsonString()));
        Assert.Equal(serialNumber, (string?)after["certificate"]!["issuer_metadata"]!["serial_number"]);
        Assert.Equal(["ca.reissue", "audit.ca.reissue"], lamassu.Published.Select(message => message.Type));
        Assert.All(lamassu.Published, message => Assert.Equal(("unknown", "unknown"), (message.Id, message.Headers["_watermill_message_uuid"])));
        Assert.All(lamassu.Published, message => Assert.Null(message.TraceId));

        // The former certificate is still there, among the CA's own, and the new one signs.
        Assert.Contains(serialNumber, (await lamassu.CA("GET", "/v1/cas/root/certificates")).Ids);
        var former = lamassu.StandIn.State.Find(LamassuKind.Certificate, serialNumber)!;
        Assert.Equal((string?)after["serial_number"], (string?)former["metadata"]!["lamassu.io/ca/reissued-as"]);
        await lamassu.SignAsync("root", "leaf");
    }

    [Fact]
    public async Task A_revoked_CA_is_not_reissued()
    {
        await lamassu.CreateCAAsync("root");
        await lamassu.CA("POST", "/v1/cas/root/status", LamassuBodies.Status("REVOKED"));

        var answer = await lamassu.CA("POST", "/v1/cas/root/reissue", new JsonObject());

        Assert.Equal((400, "CA already revoked"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task Only_a_CA_that_cannot_sign_is_deleted_and_never_with_cascade()
    {
        await lamassu.CreateCAAsync("root");
        var active = await lamassu.CA("DELETE", "/v1/cas/root");
        Assert.Equal((400, "CA Status inconsistent"), (active.Status, active.Error));
        await lamassu.CA("POST", "/v1/cas/root/status", LamassuBodies.Status("REVOKED"));
        var cascade = await lamassu.CA("DELETE", "/v1/cas/root?cascade_delete=true");
        Assert.Equal((403, "cascade delete operations are not allowed by configuration"), (cascade.Status, cascade.Error));

        var deleted = await lamassu.CA("DELETE", "/v1/cas/root");

        Assert.Equal((200, "{}"), (deleted.Status, deleted.Text));
        Assert.Equal(404, (await lamassu.CA("GET", "/v1/cas/root")).Status);
        Assert.Equal("""{"CAID":"root","CascadeDelete":false}""", lamassu.Events[^1].Data.ToJsonString());
    }

    [Fact]
    public async Task A_CA_created_without_id_is_announced_without_one()
    {
        var profile = await lamassu.CreateProfileAsync();

        var answer = await lamassu.CA("POST", "/v1/cas", LamassuBodies.CA("", profile));

        var created = lamassu.Events[^1];
        Assert.Equal(("ca.create", "ca/"), (created.Type, created.Subject));
        Assert.True(Guid.TryParse((string?)created.Data["id"], out _));
        Assert.Equal((string?)answer.Json["id"], (string?)created.Data["id"]);
    }

    [Fact]
    public async Task An_imported_certificate_is_announced_by_its_decimal_number()
    {
        var import = LamassuBodies.Import("x", "", withKey: false);

        var answer = await lamassu.CA("POST", "/v1/certificates/import", new JsonObject { ["certificate"] = import["ca"]!.DeepClone() });

        var number = System.Numerics.BigInteger.Parse("0" + answer.Json["serial_number"], System.Globalization.NumberStyles.HexNumber, null);
        Assert.Equal(["certificate.import", "audit.ca.certificate.import"], lamassu.Published.Select(message => message.Type));
        Assert.Equal($"certificate/{number}", lamassu.Events[^1].Subject);
        Assert.Equal("""{"serial_number":"-","id":"-","level":-1}""", answer.Json["issuer_metadata"]!.ToJsonString());
    }

    private string? ReasonOf(string serialNumber) => (string?)lamassu.StandIn.State.Find(LamassuKind.Certificate, serialNumber)!["revocation_reason"];
}
