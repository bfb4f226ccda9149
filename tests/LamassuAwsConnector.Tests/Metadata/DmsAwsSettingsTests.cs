using System.Text.Json.Nodes;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Tests.Metadata;

public sealed class DmsAwsSettingsTests
{
    [Theory]
    [InlineData("{}", RegistrationMode.Auto)]
    [InlineData("""{"jitp_provisioning_template":{"enable_template":true}}""", RegistrationMode.Jitp)]
    [InlineData("""{"jitp_provisioning_template":{"enable_template":false}}""", RegistrationMode.Auto)]
    [InlineData("""{"jitp_provisioning_template":null}""", RegistrationMode.Auto)]
    public void The_documented_dialect_is_jitp_only_with_an_enabled_template(string value, RegistrationMode expected) =>
        Assert.Equal(expected, Read(MetadataDialect.Documented, value).Mode);

    [Theory]
    [InlineData("{}", RegistrationMode.None)]
    [InlineData("""{"registration_mode":"auto"}""", RegistrationMode.Auto)]
    [InlineData("""{"registration_mode":"AUTO"}""", RegistrationMode.Auto)]
    [InlineData("""{"registration_mode":"jitp"}""", RegistrationMode.Jitp)]
    [InlineData("""{"registration_mode":"none"}""", RegistrationMode.None)]
    [InlineData("""{"registration_mode":7}""", RegistrationMode.None)]
    public void The_Lamassu_3_dialect_says_its_mode_and_is_none_without(string value, RegistrationMode expected) =>
        Assert.Equal(expected, Read(MetadataDialect.Lamassu3, value).Mode);

    [Fact]
    public void Both_dialects_give_the_same_settings()
    {
        const string Common = """
            "policies":[{"policy_name":"p","policy_document":"{\"Version\":\"2012-10-17\"}"}],"shadow_config":{"enable":true,"shadow_name":"lamassu"}
            """;

        var documented = Read(MetadataDialect.Documented, $$"""{"group_names":["g","g"],{{Common}}}""");
        var lamassu3 = Read(MetadataDialect.Lamassu3, $$"""{"registration_mode":"auto","groups":["g"],{{Common}},"unknown":1}""");

        Assert.Equal(["g"], documented.Groups);
        Assert.Equal(documented.Groups, lamassu3.Groups);
        Assert.Equal(documented.Policies, lamassu3.Policies);
        Assert.Equal(new DmsShadowConfig(true, "lamassu"), documented.Shadow);
        Assert.Equal(documented.Shadow, lamassu3.Shadow);
    }

    [Theory]
    [InlineData("""{"policies":[{"policy_name":"a b","policy_document":"{}"}]}""", "no name")]
    [InlineData("""{"policies":[{"policy_name":"p","policy_document":"{"}]}""", "'p' has no document")]
    [InlineData("""{"policies":[{"policy_name":"p","policy_document":"[]"}]}""", "'p' has no document")]
    [InlineData("""{"policies":{"policy_name":"p"}}""", "'policies' is no list")]
    [InlineData("""{"group_names":["a b"]}""", "'a b' is no thing group name")]
    public void What_AWS_would_refuse_is_invalid_and_named(string value, string reason)
    {
        var failure = Assert.Throws<ConnectorException>(() => Read(MetadataDialect.Documented, value));

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Contains("DMS d", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_is_measured_without_white_space()
    {
        var atTheLimit = $$"""{"a":"{{new string('x', DmsAwsSettings.MaxPolicyDocument - 8)}}"}""";

        Assert.Single(Read(MetadataDialect.Documented, Policies(atTheLimit.Replace(":", " :\n  ", StringComparison.Ordinal))).Policies);
        Assert.Throws<ConnectorException>(() => Read(MetadataDialect.Documented, Policies(atTheLimit.Replace("x\"", "xx\"", StringComparison.Ordinal))));
    }

    [Fact]
    public void More_policies_or_groups_than_AWS_takes_are_invalid()
    {
        var policies = new JsonArray([.. Enumerable.Range(0, 11).Select(i => (JsonNode)new JsonObject { ["policy_name"] = $"p{i}", ["policy_document"] = "{}" })]);
        var groups = new JsonArray([.. Enumerable.Range(0, 11).Select(i => (JsonNode)$"g{i}")]);

        var failure = Assert.Throws<ConnectorException>(
            () => Read(MetadataDialect.Documented, new JsonObject { ["policies"] = policies, ["group_names"] = groups }.ToJsonString()));

        Assert.Contains("11 policies", failure.Message, StringComparison.Ordinal);
        Assert.Contains("11 groups", failure.Message, StringComparison.Ordinal);
    }

    private static string Policies(string document) =>
        new JsonObject { ["policies"] = new JsonArray(new JsonObject { ["policy_name"] = "p", ["policy_document"] = document }) }.ToJsonString();

    private static DmsAwsSettings Read(MetadataDialect dialect, string value) =>
        DmsAwsSettings.Read(new ConnectorMetadata(dialect, "key", JsonNode.Parse(value)!.AsObject(), HasBothKeys: false), "d");
}
