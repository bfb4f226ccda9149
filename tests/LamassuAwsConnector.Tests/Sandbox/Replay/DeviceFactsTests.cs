using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Sandbox.Replay.Facts;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>Facts 1 to 4: each holds, and each fails where one thing differs.</summary>
public sealed class DeviceFactsTests
{
    private static readonly HashSet<string> None = [];

    private readonly FactWorld world = new();

    [Fact]
    public void All_facts_hold_and_each_was_looked_at()
    {
        var facts = world.Check();

        Assert.All(facts, fact => Assert.True(fact.State == FactState.Holds, fact.ToString()));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], facts.Select(fact => fact.Number).Distinct().Order());
    }

    [Fact]
    public void A_registered_device_has_a_thing()
    {
        world.Things.Clear();

        var fact = Assert.Single(world.Check(), fact => fact.State == FactState.Fails);
        Assert.Equal("fact 1, device device: is without thing; should be a thing device", fact.ToString());
    }

    [Fact]
    public void Its_current_certificate_is_registered()
    {
        world.Certificates.Remove("aws-0b");

        var fact = Assert.Single(world.Check(), fact => fact.State == FactState.Fails);
        Assert.Equal("fact 1, device device, certificate 0b: is not registered; should be ACTIVE", fact.ToString());
    }

    [Theory]
    [InlineData("ACTIVE", "Unspecified", "ACTIVE")]
    [InlineData("ACTIVE", "CertificateHold", "ACTIVE")]
    [InlineData("REVOKED", "KeyCompromise", "REVOKED")]
    [InlineData("REVOKED", "NobodyKnows", "REVOKED")]
    [InlineData("REVOKED", "CertificateHold", "INACTIVE")]
    [InlineData("EXPIRED", "Unspecified", "INACTIVE")]
    public void Its_status_follows_Lamassu(string status, string reason, string expected)
    {
        world.SetCurrent(status, reason);
        foreach (var present in new[] { "ACTIVE", "INACTIVE", "REVOKED" })
        {
            world.Certificates["aws-0b"] = new AwsCertificate(present, new HashSet<string> { "p" });
            Assert.Equal(present != expected, world.Broken().Contains(1));
        }
    }

    [Fact]
    public void Its_current_certificate_is_attached()
    {
        world.Things["device"] = new AwsThing(None, new HashSet<string> { "g" });
        Assert.Equal([1], world.Broken());

        // Shut out, it stays attached.
        world.SetCurrent("REVOKED", "KeyCompromise");
        world.Certificates["aws-0b"] = new AwsCertificate("REVOKED", None);
        Assert.Equal([1], world.Broken());
    }

    [Fact]
    public void Active_it_has_the_policies_and_the_thing_is_in_the_groups()
    {
        world.Certificates["aws-0b"] = new AwsCertificate("ACTIVE", None);
        Assert.Equal([1], world.Broken());

        world.Certificates["aws-0b"] = new AwsCertificate("ACTIVE", new HashSet<string> { "p" });
        world.Things["device"] = new AwsThing(new HashSet<string> { "aws-0b" }, None);
        Assert.Equal([1], world.Broken());
    }

    [Fact]
    public void Policies_and_groups_of_a_certificate_that_is_shut_out_do_not_matter()
    {
        world.SetCurrent("REVOKED", "KeyCompromise");
        world.Certificates["aws-0b"] = new AwsCertificate("REVOKED", None);
        world.Things["device"] = new AwsThing(new HashSet<string> { "aws-0b" }, None);

        Assert.Empty(world.Broken());
    }

    [Fact]
    public void A_device_whose_certificate_was_not_active_at_its_bind_may_be_absent()
    {
        world.Device["identity"]!["active_version"] = 2;
        world.Device["identity"]!["versions"]!["2"] = "0c";
        world.Current["serial_number"] = "0c";
        world.SetCurrent("REVOKED", "KeyCompromise");
        world.Things.Clear();
        world.Certificates.Remove("aws-0b");
        Assert.Equal([1], world.Broken());

        world.History.RegistrationAsked("device", "0c", usable: false);
        Assert.Empty(world.Broken());

        world.History.RegistrationAsked("device", "0c", usable: true);
        Assert.Equal([1], world.Broken());
    }

    [Fact]
    public void What_is_there_without_need_is_in_the_right_status_all_the_same()
    {
        world.Device["identity"]!["versions"]!["1"] = "0c";
        world.Current["serial_number"] = "0c";
        world.SetCurrent("REVOKED", "KeyCompromise");
        world.History.RegistrationAsked("device", "0c", usable: false);

        Assert.Equal([1, 3], world.Broken());
    }

    [Fact]
    public void A_bind_in_another_devices_name_asks_for_nothing()
    {
        world.Device["identity"]!["versions"]!["1"] = "0c";
        world.Current["serial_number"] = "0c";
        world.History.RegistrationAsked("another", "0c", usable: true);
        world.Things.Clear();
        world.Certificates.Remove("aws-0b");

        Assert.Empty(world.Broken());
    }

    [Fact]
    public void A_thing_that_the_replay_made_stays()
    {
        world.Device["identity"]!["versions"]!["1"] = "0c";
        world.Current["serial_number"] = "0c";
        world.History.RegistrationAsked("device", "0c", usable: false);
        world.History.Prepared("device");
        world.Things.Clear();

        Assert.Equal([1], world.Broken());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("jitp")]
    public void Devices_of_a_DMS_in_another_mode_need_nothing(string mode)
    {
        FactWorld.SetDmsNote(world.Dms, "registration_mode", mode);
        world.Things.Clear();
        world.Certificates.Clear();

        Assert.DoesNotContain(1, world.Broken());
    }

    [Theory]
    [InlineData(true, "REVOKED", true)]
    [InlineData(true, "ACTIVE", true)]
    [InlineData(false, "ACTIVE", false)]
    [InlineData(false, "REVOKED", true)]
    public void An_earlier_certificate_is_active_only_where_the_DMS_and_Lamassu_let_it(bool revokeOnReenrollment, string lamassu, bool isBroken)
    {
        world.Dms["settings"]!["reenrollment_settings"]!["revoke_on_reenrollment"] = revokeOnReenrollment;
        world.Earlier["status"] = lamassu;
        world.Certificates["aws-0a"] = new AwsCertificate("ACTIVE", None);

        Assert.Equal(isBroken, world.Broken().Contains(2));
    }

    [Theory]
    [InlineData("INACTIVE")]
    [InlineData("REVOKED")]
    public void An_earlier_certificate_that_is_retired_either_way_is_right(string status)
    {
        world.Certificates["aws-0a"] = new AwsCertificate(status, None);

        Assert.Empty(world.Broken());
    }

    [Theory]
    [InlineData("REVOKED", "KeyCompromise", "revoked")]
    [InlineData("REVOKED", "CertificateHold", "on hold")]
    [InlineData("EXPIRED", "Unspecified", "expired")]
    public void No_certificate_is_active_that_Lamassu_has_shut_out(string status, string reason, string said)
    {
        world.Earlier["status"] = status;
        world.Earlier["revocation_reason"] = reason;
        world.Device["identity"]!["versions"]!.AsObject().Remove("0");
        Assert.Empty(world.Broken());

        world.Certificates["aws-0a"] = new AwsCertificate("ACTIVE", None);
        var fact = Assert.Single(world.Check(), fact => fact.State == FactState.Fails);
        Assert.Equal($"fact 3, certificate 0a: is ACTIVE; should be not ACTIVE, since Lamassu has it {said}", fact.ToString());
    }

    [Fact]
    public void No_thing_is_made_for_a_device_of_a_DMS_that_was_never_auto()
    {
        world.Things["late"] = new AwsThing(None, None);
        Assert.Equal([4], world.Broken());

        world.History.Prepared("late");
        Assert.Empty(world.Broken());
    }

    [Fact]
    public void A_thing_that_was_made_while_its_DMS_was_auto_may_stay()
    {
        world.Things["late"] = new AwsThing(None, None);
        world.History.SawDms(Messages.Json($$$"""{"id":"jitp","metadata":{"{{{Messages.Key}}}":{"registration_mode":"auto"} } }"""), Messages.ConnectorId);

        Assert.Empty(world.Broken());
    }

    [Fact]
    public void A_thing_that_was_seen_to_be_made_in_another_mode_counts_even_if_the_mode_is_auto_now()
    {
        world.History.ThingMade("device", RegistrationMode.None);

        var fact = Assert.Single(world.Check(), fact => fact.State == FactState.Fails);
        Assert.Equal("fact 4, device device: is a thing, made while DMS dms was in mode none; should be without thing from mode none", fact.ToString());
    }

    [Fact]
    public void A_fact_that_rests_on_an_event_that_nobody_handles_is_open_and_names_it()
    {
        world.SetCurrent("REVOKED", "KeyCompromise");
        world.History.NotHandled(LamassuKind.Certificate, "0b", "certificate.status.update");

        Assert.Equal([FactState.Open, FactState.Open], world.Check().Where(fact => fact.State != FactState.Holds).Select(fact => fact.State));
        Assert.All(
            world.Check().Where(fact => fact.State != FactState.Holds),
            fact => Assert.EndsWith("(open: certificate.status.update not handled)", fact.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void An_event_of_another_object_opens_nothing()
    {
        world.Things.Clear();
        world.History.NotHandled(LamassuKind.Certificate, "ff", "certificate.status.update");
        world.History.NotHandled(LamassuKind.Dms, "jitp", "dms.update");

        Assert.Equal(FactState.Fails, Assert.Single(world.Check(), fact => fact.State != FactState.Holds).State);
    }
}
