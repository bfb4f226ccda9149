using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Sandbox.Replay;
using static LamassuAwsConnector.Tests.Sandbox.Replay.Messages;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

public sealed class StateChangesTests
{
    private readonly LamassuState state = new();
    private readonly StateChanges changes;

    public StateChangesTests() => changes = new StateChanges(state, ConnectorId);

    [Theory]
    [InlineData("ca.create", nameof(LamassuKind.CA))]
    [InlineData("ca.import", nameof(LamassuKind.CA))]
    [InlineData("dms.create", nameof(LamassuKind.Dms))]
    [InlineData("device.create", nameof(LamassuKind.Device))]
    [InlineData("profile.issuance.create", nameof(LamassuKind.Profile))]
    public void A_bare_object_is_stored_if_unknown(string type, string kindName)
    {
        var kind = Enum.Parse<LamassuKind>(kindName);
        var change = changes.Apply(Event(type, Second(1), Json("""{"id":"x","name":"first"}""")));
        changes.Apply(Event(type, Second(2), Json("""{"id":"x","name":"second"}""")));

        Assert.Equal("first", Text(kind, "x", "name"));
        Assert.Equal([new { kind, IsUpdate = false }], change.FirstMet.Select(met => new { kind = met.Kind, met.IsUpdate }));
    }

    [Theory]
    [InlineData("ca.sign.certificate")]
    [InlineData("certificate.create")]
    [InlineData("certificate.import")]
    public void A_signed_certificate_is_stored_under_its_serial_number(string type)
    {
        changes.Apply(Event(type, Second(1), Certificate("0a")));

        Assert.NotNull(state.Find(LamassuKind.Certificate, "0a"));
    }

    [Fact]
    public void An_unknown_object_starts_as_it_was_and_then_changes()
    {
        var change = changes.Apply(Update("dms.update", Second(1), Json("""{"id":"x","name":"a","kept":1}"""), Json("""{"id":"x","name":"b","kept":1}""")));

        Assert.Equal("b", Text(LamassuKind.Dms, "x", "name"));
        var met = Assert.Single(change.FirstMet);
        Assert.True(met.IsUpdate);
        Assert.Equal("a", met.Start.Text("name"));
    }

    [Fact]
    public void Only_the_difference_is_applied_to_a_known_object()
    {
        state.Store(LamassuKind.Dms, Json("""{"id":"x","name":"a","tags":["t"],"metadata":{"lamassu.io/iot/aws.123456789012":{"ours":true,"gone":1},"other":5}}"""));

        changes.Apply(Update(
            "dms.update",
            Second(1),
            Json("""{"id":"x","name":"stale","tags":["t"],"metadata":{"lamassu.io/iot/aws.123456789012":{"gone":1}}}"""),
            Json("""{"id":"x","name":"stale","tags":["t","u"],"metadata":{"lamassu.io/iot/aws.123456789012":{"new":2}}}""")));

        Assert.True(JsonNode.DeepEquals(
            Json("""{"id":"x","name":"a","tags":["t","u"],"metadata":{"lamassu.io/iot/aws.123456789012":{"ours":true,"new":2},"other":5}}"""),
            state.Find(LamassuKind.Dms, "x")));
    }

    [Fact]
    public void An_unknown_part_starts_as_it_was_but_notes_of_another_connector_are_not_asserted()
    {
        state.Store(LamassuKind.Device, Json("""{"id":"d","status":"NO_IDENTITY","metadata":{}}"""));

        changes.Apply(Update(
            "device.metadata.update",
            Second(1),
            Json("""{"id":"d","identity":{"status":"ACTIVE","active_version":0,"versions":{"0":"0a"}},"metadata":{"lamassu.io/iot/aws.123456789012":{"actions":[],"thing_registered":true}}}"""),
            Json("""{"id":"d","identity":{"status":"REVOKED","active_version":0,"versions":{"0":"0a"}},"metadata":{"lamassu.io/iot/aws.123456789012":{"actions":["rotate"],"thing_registered":true}}}""")));

        var device = state.Find(LamassuKind.Device, "d");
        Assert.Equal("0a", Identity.CurrentSerialNumber(device));
        Assert.Equal("REVOKED", device.Object("identity").Text("status"));
        Assert.True(JsonNode.DeepEquals(Json("""{"actions":["rotate"]}"""), ConnectorNotes.Of(device, ConnectorId)));
    }

    [Theory]
    [InlineData(OwnSource)]
    [InlineData("source://lamassu.io/ctx/source/" + OwnSource)]
    public void The_connector_writes_for_itself(string source)
    {
        Assert.Equal(StateChangeEnd.Own, changes.Apply(Event("dms.create", Second(1), Json("""{"id":"x"}"""), source)).End);
        Assert.Null(state.Find(LamassuKind.Dms, "x"));
    }

    [Fact]
    public void A_change_that_is_older_than_the_last_one_of_that_object_is_not_applied()
    {
        changes.Apply(Update("dms.update", Second(5), Json("""{"id":"x","name":"a"}"""), Json("""{"id":"x","name":"b"}""")));

        var older = changes.Apply(Update("dms.update", Second(4), Json("""{"id":"x","name":"a"}"""), Json("""{"id":"x","name":"old"}""")));
        var other = changes.Apply(Update("dms.update", Second(4), Json("""{"id":"y","name":"a"}"""), Json("""{"id":"y","name":"b"}""")));
        var again = changes.Apply(Update("dms.update", Second(5), Json("""{"id":"x","name":"a"}"""), Json("""{"id":"x","name":"again"}""")));

        Assert.Equal([StateChangeEnd.Older, StateChangeEnd.Applied, StateChangeEnd.Applied], [older.End, other.End, again.End]);
        Assert.Equal("again", Text(LamassuKind.Dms, "x", "name"));
    }

    [Theory]
    [InlineData("ca.delete", nameof(LamassuKind.CA), """{"CAID":"x","CascadeDelete":false}""")]
    [InlineData("dms.delete", nameof(LamassuKind.Dms), """{"ID":"x"}""")]
    [InlineData("device.delete", nameof(LamassuKind.Device), """{"ID":"x"}""")]
    [InlineData("profile.issuance.delete", nameof(LamassuKind.Profile), """{"ProfileID":"x"}""")]
    [InlineData("certificate.delete", nameof(LamassuKind.Certificate), """{"SerialNumber":"x"}""")]
    public void A_delete_event_removes_the_object_and_an_older_event_does_not_bring_it_back(string type, string kindName, string data)
    {
        var kind = Enum.Parse<LamassuKind>(kindName);
        var create = kind switch
        {
            LamassuKind.CA => "ca.create",
            LamassuKind.Certificate => "certificate.create",
            LamassuKind.Profile => "profile.issuance.create",
            LamassuKind.Dms => "dms.create",
            _ => "device.create",
        };
        var item = Json(kind == LamassuKind.Certificate ? """{"serial_number":"x"}""" : """{"id":"x"}""");
        changes.Apply(Event(create, Second(1), item));
        Assert.NotNull(state.Find(kind, "x"));

        changes.Apply(Event(type, Second(3), Json(data)));
        Assert.Null(state.Find(kind, "x"));

        changes.Apply(Event(create, Second(2), item.DeepClone()));
        Assert.Null(state.Find(kind, "x"));
    }

    [Fact]
    public void A_CA_deleted_with_all_that_it_issued_takes_its_certificates_along()
    {
        state.Store(LamassuKind.CA, Json("""{"id":"ca"}"""));
        state.Store(LamassuKind.Certificate, Json("""{"serial_number":"0a","issuer_metadata":{"id":"ca"}}"""));
        state.Store(LamassuKind.Certificate, Json("""{"serial_number":"0b","issuer_metadata":{"id":"other"}}"""));

        changes.Apply(Event("ca.delete", Second(1), Json("""{"CAID":"ca","CascadeDelete":true}""")));

        Assert.Null(state.Find(LamassuKind.Certificate, "0a"));
        Assert.NotNull(state.Find(LamassuKind.Certificate, "0b"));
    }

    [Fact]
    public void A_bind_adds_its_certificate_to_the_slot_and_takes_nothing_else_of_the_device()
    {
        state.Store(LamassuKind.Device, Device("d", "0a"));

        var change = changes.Apply(Bind(Second(1), "d", Certificate("0b", deviceId: "d")));

        var device = state.Find(LamassuKind.Device, "d");
        Assert.Equal("0b", Identity.CurrentSerialNumber(device));
        Assert.Equal(["0a", "0b"], Identity.SerialNumbers(device));
        Assert.Equal("ACTIVE", device.Text("status"));
        Assert.Equal([LamassuKind.Dms, LamassuKind.Certificate], change.FirstMet.Select(met => met.Kind));
        Assert.Equal("as bound", Text(LamassuKind.Dms, "dms", "name"));
    }

    [Fact]
    public void A_first_bind_makes_the_slot_and_an_unknown_device_stays_unknown()
    {
        state.Store(LamassuKind.Device, Device("d"));

        changes.Apply(Bind(Second(1), "d", Certificate("0a", deviceId: "d")));
        changes.Apply(Bind(Second(1), "e", Certificate("0b", deviceId: "e")));

        Assert.Equal("0a", Identity.CurrentSerialNumber(state.Find(LamassuKind.Device, "d")));
        Assert.Equal("ACTIVE", Text(LamassuKind.Device, "d", "status"));
        Assert.Null(state.Find(LamassuKind.Device, "e"));
    }

    [Fact]
    public void A_bind_whose_certificate_is_in_the_slot_already_changes_no_device()
    {
        state.Store(LamassuKind.Device, Device("d", "0a", "RENEWAL_PENDING"));
        var before = state.Find(LamassuKind.Device, "d");

        changes.Apply(Bind(Second(1), "d", Certificate("0a", deviceId: "d")));

        Assert.True(JsonNode.DeepEquals(before, state.Find(LamassuKind.Device, "d")));
    }

    [Fact]
    public void A_bind_that_is_older_than_the_device_changes_nothing()
    {
        changes.Apply(Update("device.identity.update", Second(5), Device("d"), Device("d", "0b")));

        changes.Apply(Bind(Second(4), "d", Certificate("0a", deviceId: "d")));

        Assert.Equal(["0b"], Identity.SerialNumbers(state.Find(LamassuKind.Device, "d")));
    }

    [Fact]
    public void A_bind_that_only_shows_its_DMS_does_not_hold_up_an_earlier_change_of_it()
    {
        state.Store(LamassuKind.Dms, Json("""{"id":"dms","name":"a"}"""));
        changes.Apply(Bind(Second(5), "d", Certificate("0a", deviceId: "d")));

        changes.Apply(Update("dms.update", Second(4), Json("""{"id":"dms","name":"a"}"""), Json("""{"id":"dms","name":"b"}""")));

        Assert.Equal("b", Text(LamassuKind.Dms, "dms", "name"));
    }

    [Fact]
    public void The_slot_of_the_device_that_the_CN_names_is_bound()
    {
        state.Store(LamassuKind.Device, Device("asked"));
        state.Store(LamassuKind.Device, Device("named"));
        var certificate = Certificate("0a", deviceId: "asked");
        certificate["subject"]!["common_name"] = "named";

        changes.Apply(Bind(Second(1), "asked", certificate));

        Assert.Null(Identity.CurrentSerialNumber(state.Find(LamassuKind.Device, "asked")));
        Assert.Equal("0a", Identity.CurrentSerialNumber(state.Find(LamassuKind.Device, "named")));
    }

    [Fact]
    public void A_status_event_counts_even_where_the_event_before_it_is_missing()
    {
        state.Store(LamassuKind.CA, new JsonObject { ["id"] = "ca", ["certificate"] = Certificate("0a") });
        JsonObject Revoked(string reason) => new() { ["id"] = "ca", ["certificate"] = Certificate("0a", "REVOKED", reason: reason) };

        changes.Apply(Update("ca.status.update", Second(1), Revoked("CertificateHold"), Revoked("CessationOfOperation")));

        Assert.Equal("REVOKED", Text(LamassuKind.Certificate, "0a", "status"));
        Assert.Equal("CessationOfOperation", Text(LamassuKind.Certificate, "0a", "revocation_reason"));
    }

    [Fact]
    public void A_reissued_CAs_former_certificate_stays()
    {
        JsonObject CA(string serialNumber) => new() { ["id"] = "ca", ["serial_number"] = serialNumber, ["certificate"] = Certificate(serialNumber), ["metadata"] = new JsonObject() };
        changes.Apply(Event("ca.create", Second(1), CA("0a")));

        changes.Apply(Update("ca.reissue", Second(2), CA("0a"), CA("0b")));

        Assert.Equal("0b", state.Find(LamassuKind.CA, "ca").Object("certificate").Text("serial_number"));
        Assert.Equal("0a", Text(LamassuKind.Certificate, "0a", "serial_number"));
        Assert.Equal("0b", Text(LamassuKind.Certificate, "0b", "serial_number"));
    }

    [Theory]
    [InlineData("audit.ca.create", """{"id":"x"}""")]
    [InlineData("certificate.status.update.error", """{"serial_number":"x"}""")]
    [InlineData("kms.create", """{"id":"x"}""")]
    [InlineData("dms.create", """{"id":42,"metadata":"none"}""")]
    [InlineData("dms.create", """{}""")]
    [InlineData("dms.create", "\"text\"")]
    [InlineData("dms.create", "null")]
    [InlineData("ca.create", """{"id":"x","certificate":{"serial_number":42}}""")]
    public void Other_types_and_malformed_data_change_nothing(string type, string data)
    {
        Assert.Equal(StateChangeEnd.NoChange, changes.Apply(Event(type, Second(1), JsonNode.Parse(data))).End);
        Assert.All(Enum.GetValues<LamassuKind>(), kind => Assert.Empty(state.All(kind)));
    }

    private string? Text(LamassuKind kind, string id, string name) => state.Find(kind, id).Text(name);
}
