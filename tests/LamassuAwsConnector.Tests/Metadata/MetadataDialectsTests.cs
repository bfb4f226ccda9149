using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Tests.Metadata;

public sealed class MetadataDialectsTests
{
    private readonly MetadataDialects dialects = new("aws-iot-prod", "auto");

    [Fact]
    public void The_data_is_found_under_either_key()
    {
        Assert.Equal(MetadataDialect.Documented, Find("""{"connectors.lamassu.io/aws-iot-prod":{"arn":"a"}}""")!.Dialect);
        Assert.Equal(MetadataDialect.Lamassu3, Find("""{"lamassu.io/iot/aws-iot-prod":{"arn":"a"}}""")!.Dialect);
        Assert.Null(Find("""{"lamassu.io/iot/another":{"arn":"a"}}"""));
        Assert.Null(Find("""{"lamassu.io/iot/aws-iot-prod":null}"""));
        Assert.Null(dialects.Find(null, "CA x"));
    }

    [Fact]
    public void The_Lamassu_3_key_wins_over_the_documented_one_and_both_are_said()
    {
        var found = Find("""{"connectors.lamassu.io/aws-iot-prod":{"arn":"documented"},"lamassu.io/iot/aws-iot-prod":{"arn":"lamassu3"}}""")!;

        Assert.True(found.HasBothKeys);
        Assert.Equal("lamassu3", found.Value.Text("arn"));
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("7")]
    public void A_value_that_is_no_object_is_invalid(string value)
    {
        var failure = Assert.Throws<ConnectorException>(() => Find($$"""{"lamassu.io/iot/aws-iot-prod":{{value}}}"""));

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains("CA x", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aws.123456789012", "auto", MetadataDialect.Lamassu3)]
    [InlineData("aws-iot-prod", "auto", MetadataDialect.Documented)]
    [InlineData("aws-iot-prod", "lamassu3", MetadataDialect.Lamassu3)]
    [InlineData("aws.123456789012", "documented", MetadataDialect.Documented)]
    public void The_dialect_of_bare_objects_follows_the_option_and_then_the_id(string connectorId, string option, MetadataDialect expected) =>
        Assert.Equal(expected, new MetadataDialects(connectorId, option).Default);

    [Fact]
    public void A_patch_escapes_the_key_as_a_JSON_pointer_and_leaves_absent_values_out()
    {
        var patch = new MetadataPatch().SetKey("a~b/c", new JsonObject { ["x"] = 1 }).Set("a~b/c", "arn", "v").Remove("a~b/c", "error");

        Assert.Equal(
            """{"patches":[{"op":"add","path":"/a~0b~1c","value":{"x":1}},{"op":"add","path":"/a~0b~1c/arn","value":"v"},{"op":"remove","path":"/a~0b~1c/error"}]}""",
            JsonSerializer.Serialize(patch));
    }

    private ConnectorMetadata? Find(string metadata) => dialects.Find(JsonNode.Parse(metadata)!.AsObject(), "CA x");
}
