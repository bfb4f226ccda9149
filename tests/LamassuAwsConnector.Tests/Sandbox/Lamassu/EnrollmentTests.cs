using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>EST and binding, in the order of events that was recorded.</summary>
public sealed class EnrollmentTests : IAsyncLifetime
{
    private LamassuHarness lamassu = null!;

    public async ValueTask InitializeAsync()
    {
        lamassu = await LamassuHarness.StartAsync();
        await lamassu.CreateCAAsync("ca");
    }

    public ValueTask DisposeAsync() => lamassu.DisposeAsync();

    [Fact]
    public async Task A_first_enrolment_creates_device_certificate_and_slot_in_the_recorded_order()
    {
        await CreateDmsAsync();

        var answer = await lamassu.EstAsync("dms", "simpleenroll", "dev-1");

        Assert.Equal((200, "application/x-pem-file"), (answer.Status, answer.ContentType));
        using var certificate = X509Certificate2.CreateFromPem(answer.Text);
        var serialNumber = lamassu.SerialNumberOf("dev-1");
        Assert.EndsWith(serialNumber, certificate.SerialNumber, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(RecordedTypes("21-bind-est-enroll-new", own: false), lamassu.Published.Select(message => message.Type));
        Assert.All(lamassu.Published, message => Assert.Equal("service/ra", message.Source));
        Assert.Single(lamassu.Published.Select(message => message.TraceId).Distinct());
        AssertSameIdsAsRecorded("21-bind-est-enroll-new");
        var metadata = lamassu.StandIn.State.Find(LamassuKind.Certificate, serialNumber)!["metadata"]!;
        Assert.Equal(
            """[{"delta":"4w2d","name":"Preventive","triggered":false},{"delta":"1w","name":"Critical","triggered":false}]""",
            metadata["lamassu.io/ca/expiration-deltas"]!.ToJsonString());
        Assert.Equal("""{"authorized_by":{"ra_id":"dms"},"device_id":"dev-1"}""", metadata["lamassu.io/ra/attached-to"]!.ToJsonString());
        var device = lamassu.StandIn.State.Find(LamassuKind.Device, "dev-1")!;
        Assert.Equal(("ACTIVE", "dms"), ((string?)device["status"], (string?)device["dms_owner"]));
        Assert.Equal($$"""{"0":"{{serialNumber}}"}""", device["identity"]!["versions"]!.ToJsonString());

        // The bind event shows the device as it was before.
        var bound = lamassu.Events.Single(message => message.Type == "dms.bind-device-id");
        Assert.Equal("NO_IDENTITY", (string?)bound.Data["device"]!["status"]);
        Assert.False(bound.Data["device"]!.AsObject().ContainsKey("identity"));
        Assert.Equal(2, bound.Data["certificate"]!["metadata"]!.AsObject().Count);
    }

    [Fact]
    public async Task A_renewal_detaches_and_revokes_the_old_certificate_before_the_new_one_is_bound()
    {
        await CreateDmsAsync();
        await lamassu.EstAsync("dms", "simpleenroll", "dev-1");
        var former = lamassu.SerialNumberOf("dev-1");
        lamassu.Published.Clear();

        await lamassu.EstAsync("dms", "simplereenroll", "dev-1");

        Assert.Equal(RecordedTypes("30-rotate-reenroll", own: false), lamassu.Published.Select(message => message.Type));
        AssertSameIdsAsRecorded("30-rotate-reenroll");
        Assert.Equal("{}", lamassu.StandIn.State.Find(LamassuKind.Certificate, former)!["metadata"]!.ToJsonString());
        Assert.Equal("Superseded", (string?)lamassu.StandIn.State.Find(LamassuKind.Certificate, former)!["revocation_reason"]);
        var slot = lamassu.StandIn.State.Find(LamassuKind.Device, "dev-1")!["identity"]!;
        Assert.Equal("1", slot["active_version"]!.ToString());
        Assert.Equal("RENEWED", (string?)slot["events"]!.AsObject().Last().Value!["type"]);
        Assert.Equal("New Active Version set to 1", (string?)slot["events"]!.AsObject().Last().Value!["description"]);

        // Here the slot in the bind event is new.
        Assert.Equal("1", lamassu.Events.Single(message => message.Type == "dms.bind-device-id").Data["device"]!["identity"]!["active_version"]!.ToString());
        await lamassu.StandIn.WhenQuietAsync();
        Assert.Equal("ACTIVE", (string?)lamassu.StandIn.State.Find(LamassuKind.Device, "dev-1")!["status"]);
    }

    [Fact]
    public async Task A_renewal_revokes_only_if_the_DMS_says_so()
    {
        await CreateDmsAsync(new JsonObject { ["revoke_on_reenrollment"] = false });
        await lamassu.EstAsync("dms", "simpleenroll", "dev-1");
        var former = lamassu.SerialNumberOf("dev-1");

        await lamassu.EstAsync("dms", "simplereenroll", "dev-1");

        Assert.Equal("ACTIVE", (string?)lamassu.StandIn.State.Find(LamassuKind.Certificate, former)!["status"]);
        Assert.DoesNotContain("certificate.status.update", lamassu.EventTypes);
    }

    [Fact]
    public async Task An_enrolment_that_replaces_an_identity_revokes_the_old_certificate_after_the_bind_and_leaves_it_attached()
    {
        await CreateDmsAsync();
        await lamassu.EstAsync("dms", "simpleenroll", "dev-1");
        var former = lamassu.SerialNumberOf("dev-1");
        lamassu.Published.Clear();

        await lamassu.EstAsync("dms", "simpleenroll", "dev-1");

        Assert.Equal(
            ["ca.sign.certificate", "certificate.metadata.update", "device.identity.update", "dms.bind-device-id", "certificate.status.update", "dms.enroll"],
            lamassu.EventTypes);
        Assert.Equal(2, lamassu.StandIn.State.Find(LamassuKind.Certificate, former)!["metadata"]!.AsObject().Count);
        var slot = lamassu.StandIn.State.Find(LamassuKind.Device, "dev-1")!["identity"]!;
        Assert.Equal("RE-PROVISIONED", (string?)slot["events"]!.AsObject().Last().Value!["type"]);
    }

    [Fact]
    public async Task A_device_that_waits_for_renewal_becomes_active_with_it()
    {
        await CreateDmsAsync();
        await lamassu.EstAsync("dms", "simpleenroll", "dev-1");
        await lamassu.StandIn.RunExpiryMonitorAsync(lamassu.Time.GetUtcNow().AddDays(340), TestContext.Current.CancellationToken);
        await lamassu.StandIn.WhenQuietAsync();
        lamassu.Published.Clear();

        await lamassu.EstAsync("dms", "simplereenroll", "dev-1");

        Assert.Equal(["device.status.update", "device.identity.update", "dms.bind-device-id", "dms.reenroll"], lamassu.EventTypes.TakeLast(4));
        Assert.Equal("ACTIVE", (string?)lamassu.StandIn.State.Find(LamassuKind.Device, "dev-1")!["status"]);
    }

    [Theory]
    [InlineData("simplereenroll", "{}", "{}", "device has no identity")]
    [InlineData("simpleenroll", "{}", """{"registration_mode":"PRE_REGISTRATION"}""", "device is not registered")]
    public async Task Who_may_not_enrol_is_refused_and_nothing_is_signed(string operation, string reenrollment, string enrollment, string error)
    {
        await lamassu.Dms(
            "POST",
            "/v1/dms",
            LamassuBodies.Dms("dms", "ca", lamassu.ProfileId, JsonNode.Parse(reenrollment)!.AsObject(), JsonNode.Parse(enrollment)!.AsObject()));
        lamassu.Published.Clear();

        var answer = await lamassu.EstAsync("dms", operation, "dev-1");

        Assert.Equal((403, error), (answer.Status, answer.Error));
        Assert.Empty(lamassu.Published);
    }

    [Fact]
    public async Task A_renewal_is_refused_before_its_window_and_for_a_revoked_certificate()
    {
        await CreateDmsAsync(new JsonObject { ["reenrollment_delta"] = "30d" });
        await lamassu.EstAsync("dms", "simpleenroll", "dev-1");
        Assert.Equal("it is too early to renew", (await lamassu.EstAsync("dms", "simplereenroll", "dev-1")).Error);
        lamassu.Time.Advance(TimeSpan.FromDays(336));
        await lamassu.CA("PUT", $"/v1/certificates/{lamassu.SerialNumberOf("dev-1")}/status", LamassuBodies.Status("REVOKED"));

        Assert.Equal("certificate is revoked", (await lamassu.EstAsync("dms", "simplereenroll", "dev-1")).Error);
    }

    [Fact]
    public async Task Without_the_PEM_type_the_answer_is_a_PKCS7_bag()
    {
        await CreateDmsAsync();

        var answer = await lamassu.EstAsync("dms", "simpleenroll", "dev-1", accept: "*/*");

        Assert.Equal("application/pkcs7-mime; smime-type=certs-only", answer.ContentType);
        var bag = Convert.FromBase64String(answer.Text);
        Assert.Equal("1.2.840.113549.1.7.2", new AsnReader(bag, AsnEncodingRules.BER).ReadSequence().ReadObjectIdentifier());
        using var certificate = LamassuBodies.Certificate(
            lamassu.StandIn.State.Find(LamassuKind.Certificate, lamassu.SerialNumberOf("dev-1"))!["certificate"]!);
        Assert.True(bag.AsSpan().IndexOf(certificate.RawData) > 0);
    }

    [Fact]
    public async Task A_bind_over_HTTP_publishes_no_enrolment_and_a_second_one_appends_a_version()
    {
        await CreateDmsAsync();
        await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("dev-1"));
        var serialNumber = await lamassu.SignAsync("ca", "dev-1");
        lamassu.Published.Clear();

        var first = await lamassu.Dms("POST", "/v1/dms/bind-identity", LamassuBodies.Bind("dev-1", serialNumber), ("x-lms-source", "service/mine"));

        Assert.Equal(200, first.Status);
        Assert.False(first.Json["device"]!.AsObject().ContainsKey("identity"));
        Assert.Equal(
            [
                ("certificate.metadata.update", "service/ra"), ("device.status.update", "service/ra"), ("device.identity.update", "service/ra"),
                ("dms.bind-device-id", "service/mine"),
            ],
            lamassu.Events.Select(message => (message.Type, message.Source)));

        // Not idempotent.
        await lamassu.Dms("POST", "/v1/dms/bind-identity", LamassuBodies.Bind("dev-1", serialNumber, "RENEWED"));
        var slot = lamassu.StandIn.State.Find(LamassuKind.Device, "dev-1")!["identity"]!;
        Assert.Equal($$"""{"0":"{{serialNumber}}","1":"{{serialNumber}}"}""", slot["versions"]!.ToJsonString());
    }

    [Fact]
    public async Task The_common_name_decides_which_device_gets_the_slot()
    {
        await CreateDmsAsync();
        await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("asked"));
        await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("named"));
        var serialNumber = await lamassu.SignAsync("ca", "named");

        await lamassu.Dms("POST", "/v1/dms/bind-identity", LamassuBodies.Bind("asked", serialNumber));

        Assert.Equal(serialNumber, lamassu.SerialNumberOf("named"));
        Assert.False(lamassu.StandIn.State.Find(LamassuKind.Device, "asked")!.ContainsKey("identity"));
        Assert.Equal("device/asked", lamassu.Events[^1].Subject);
    }

    [Fact]
    public async Task A_bind_that_fails_late_leaves_the_earlier_steps_done()
    {
        await CreateDmsAsync();
        await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("asked"));
        var serialNumber = await lamassu.SignAsync("ca", "nobody");

        var answer = await lamassu.Dms("POST", "/v1/dms/bind-identity", LamassuBodies.Bind("asked", serialNumber));

        Assert.Equal((500, "{}"), (answer.Status, answer.Text));
        Assert.Equal(2, lamassu.StandIn.State.Find(LamassuKind.Certificate, serialNumber)!["metadata"]!.AsObject().Count);
        Assert.DoesNotContain("dms.bind-device-id", lamassu.EventTypes);
    }

    private static List<JsonObject> Recorded(string scenario, bool own) =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "TestData", "recordings", scenario, "events.jsonl"))
            .Select(line => JsonNode.Parse((string)JsonNode.Parse(line)!["raw"]!)!.AsObject())
            .Where(message => !((string)message["type"]!).Contains("kms.", StringComparison.Ordinal))
            .Where(message => own || !((string)message["source"]!).Contains("connector", StringComparison.Ordinal)),
    ];

    private static IEnumerable<string> RecordedTypes(string scenario, bool own) => Recorded(scenario, own).Select(message => (string)message["type"]!);

    /// <summary>Which events share an id.</summary>
    private static int[] Pattern(IEnumerable<string> ids)
    {
        var known = ids.ToList();
        return [.. known.Select(id => known.IndexOf(id))];
    }

    private void AssertSameIdsAsRecorded(string scenario) => Assert.Equal(
        Pattern(Recorded(scenario, own: false).Select(message => (string)message["id"]!)), Pattern(lamassu.Published.Select(message => message.Id)));

    private async Task CreateDmsAsync(JsonObject? reenrollment = null)
    {
        Assert.Equal(201, (await lamassu.Dms("POST", "/v1/dms", LamassuBodies.Dms("dms", "ca", lamassu.ProfileId, reenrollment))).Status);
        lamassu.Published.Clear();
    }
}
