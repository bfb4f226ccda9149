using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Sandbox.Replay.Facts;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>Facts 5 to 7: CAs, policies, provisioning templates.</summary>
public sealed class AuthorityFactsTests
{
    private readonly FactWorld world = new();

    [Theory]
    [InlineData("ACTIVE", "ACTIVE", false)]
    [InlineData("ACTIVE", "INACTIVE", true)]
    [InlineData("ACTIVE", null, true)]
    [InlineData("REVOKED", "INACTIVE", false)]
    [InlineData("REVOKED", "ACTIVE", true)]
    [InlineData("REVOKED", null, true)]
    [InlineData("EXPIRED", "INACTIVE", false)]
    [InlineData("EXPIRED", "ACTIVE", true)]
    public void A_CA_whose_registration_succeeded_exists_and_has_the_status_of_Lamassu(string lamassu, string? aws, bool isBroken)
    {
        world.CA["certificate"]!["status"] = lamassu;
        Set("aws-ca0", aws);

        Assert.Equal(isBroken ? [5] : [], world.Broken());
    }

    [Fact]
    public void A_CA_whose_registration_failed_need_not_exist()
    {
        world.CA["metadata"]![Messages.Key]!["registration"]!["status"] = "FAILED";
        Set("aws-ca0", null);

        Assert.Empty(world.Broken());
    }

    [Fact]
    public void A_CA_whose_note_was_wiped_after_it_succeeded_still_exists()
    {
        world.History.SawCA(world.CA, Messages.ConnectorId);
        world.CA["metadata"] = new JsonObject();
        Assert.Empty(world.Broken());

        Set("aws-ca0", null);
        Assert.Equal("fact 5, CA ca: is not registered; should be ACTIVE", Assert.Single(world.Check(), fact => fact.State == FactState.Fails).ToString());

        world.CA["certificate"]!["status"] = "REVOKED";
        Assert.Empty(world.Broken());
        Set("aws-ca0", "ACTIVE");
        Assert.Equal([5], world.Broken());
    }

    [Theory]
    [InlineData("ACTIVE", "ACTIVE", false)]
    [InlineData("REVOKED", "ACTIVE", true)]
    [InlineData("REVOKED", "INACTIVE", false)]
    [InlineData("REVOKED", null, false)]
    [InlineData("ACTIVE", "INACTIVE", true)]
    public void A_former_certificate_that_is_registered_follows_Lamassu_too(string lamassu, string? aws, bool isBroken)
    {
        world.FormerCA["status"] = lamassu;
        Set("aws-former", aws);

        Assert.Equal(isBroken ? [5] : [], world.Broken());
    }

    [Fact]
    public void A_policy_that_an_auto_DMS_names_exists()
    {
        world.Policies.Clear();

        Assert.StartsWith("fact 6, policy p of DMS dms: is missing", Assert.Single(world.Check(), fact => fact.State == FactState.Fails).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_document_is_that_of_the_only_DMS_that_names_it()
    {
        world.Policies["p"] = """{"Version":"2012-10-17","Statement":["other"]}""";
        Assert.Empty(world.Broken());

        var alone = new FactWorld();
        FactWorld.SetDmsNote(alone.Dms, "policies", new JsonArray(new JsonObject { ["policy_name"] = "q", ["policy_document"] = FactWorld.Document }));
        alone.Certificates["aws-0b"] = new AwsCertificate("ACTIVE", new HashSet<string> { "q" });
        alone.Policies["q"] = """{ "Statement": [], "Version": "2012-10-17" }""";
        Assert.Empty(alone.Broken());

        alone.Policies["q"] = """{"Version":"2012-10-17","Statement":["other"]}""";
        Assert.Equal([6], alone.Broken());
    }

    [Fact]
    public void A_policy_of_a_DMS_that_is_not_auto_need_not_exist()
    {
        FactWorld.SetDmsNote(world.JitpDms, "policies", new JsonArray(new JsonObject { ["policy_name"] = "q", ["policy_document"] = "{}" }));

        Assert.DoesNotContain(6, world.Broken());
    }

    [Theory]
    [InlineData("FLEET_PROVISIONING", true, "r", "g", "p", "ACTIVE")]
    [InlineData("JITP", false, "r", "g", "p", "ACTIVE")]
    [InlineData("JITP", true, "s", "g", "p", "ACTIVE")]
    [InlineData("JITP", true, "r", "h", "p", "ACTIVE")]
    [InlineData("JITP", true, "r", "g", "q", "ACTIVE")]
    [InlineData("JITP", true, "r", "g", "p", "INACTIVE")]
    public void A_template_does_what_its_DMS_asks_for(string type, bool enabled, string role, string group, string policy, string status)
    {
        world.Templates["jitp"] = new AwsTemplate(
            FactWorld.TemplateText(group: group, policy: policy, status: status), enabled, type, $"arn:aws:iam::123456789012:role/{role}");

        Assert.Equal([7], world.Broken());
    }

    [Theory]
    [InlineData("AWS::IoT::Certificate::SerialNumber")]
    [InlineData("ThingName")]
    public void A_template_names_the_thing_after_the_certificate(string thingName)
    {
        world.Templates["jitp"] = world.Templates["jitp"] with { Body = FactWorld.TemplateText(thingName) };

        Assert.Equal([7], world.Broken());
    }

    [Fact]
    public void A_policy_in_a_template_may_be_given_by_its_document()
    {
        world.Templates["jitp"] = world.Templates["jitp"] with
        {
            Body = FactWorld.TemplateText().Replace("""{"PolicyName":"p"}""", """{"PolicyDocument":"{ }"}""", StringComparison.Ordinal),
        };

        Assert.Empty(world.Broken());
    }

    [Fact]
    public void A_DMS_in_mode_jitp_has_a_template()
    {
        world.Templates.Clear();

        Assert.Equal([7], world.Broken());
    }

    [Fact]
    public void A_DMS_that_no_event_but_a_bind_told_of_need_not_have_one()
    {
        var bound = new FactWorld();
        bound.JitpDms["id"] = "other";
        bound.JitpDevice["dms_owner"] = "other";
        bound.Templates.Clear();

        Assert.Empty(bound.Broken());
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("none")]
    public void A_DMS_in_another_mode_has_none(string mode)
    {
        FactWorld.SetDmsNote(world.JitpDms, "registration_mode", mode);
        world.History.RegistrationAsked("late", "0c", usable: false);

        Assert.Equal([7], world.Broken());
    }

    [Fact]
    public void A_deleted_DMS_has_none()
    {
        world.Templates["deleted"] = world.Templates["jitp"];

        Assert.Equal("fact 7, template deleted: is there; should be gone: no DMS of this name", Assert.Single(world.Check(), fact => fact.State == FactState.Fails).ToString());
    }

    [Fact]
    public void Where_the_key_vanished_the_template_may_stay_but_disabled()
    {
        world.JitpDms["metadata"] = new JsonObject();
        Assert.Equal([7], world.Broken());

        world.Templates["jitp"] = world.Templates["jitp"] with { Enabled = false };
        Assert.Empty(world.Broken());

        world.Templates.Clear();
        Assert.Empty(world.Broken());
    }

    [Fact]
    public void A_DMS_whose_id_is_no_template_name_has_its_template_under_another_name()
    {
        world.JitpDms["id"] = "a name with spaces";
        world.JitpDevice["dms_owner"] = "a name with spaces";
        world.History.ToldOfDms("a name with spaces");
        world.Templates["a-name-0123abcd"] = world.Templates["jitp"];
        world.Templates.Remove("jitp");
        Assert.Empty(world.Broken());

        world.Templates["a-name-0123abcd"] = world.Templates["a-name-0123abcd"] with { Enabled = false };
        Assert.Equal([7], world.Broken());
    }

    private void Set(string id, string? status)
    {
        world.CAs.Remove(id);
        if (status is not null)
        {
            world.CAs[id] = new AwsCA(status);
        }
    }
}
