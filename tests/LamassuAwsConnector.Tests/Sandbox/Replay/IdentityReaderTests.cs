using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

public sealed class IdentityReaderTests
{
    private static readonly ConnectorIdentity Defaults = new("default-id", "000000000000", "default-region");

    [Fact]
    public void The_recordings_belong_to_the_connector_in_their_metadata() =>
        Assert.Equal(new ConnectorIdentity("aws.123456789012", "123456789012", "eu-west-1"), Read(MessageReader.Read(TestFolders.Recordings)));

    [Fact]
    public void The_samples_belong_to_the_connector_of_their_manifest() =>
        Assert.Equal(new ConnectorIdentity("aws-iot-prod", "123456789012", "eu-west-1"), Read(MessageReader.Read(TestFolders.Events)));

    [Fact]
    public void Options_win() => Assert.Equal(
        new ConnectorIdentity("mine", "222222222222", "us-east-1"),
        IdentityReader.Read(MessageReader.Read(TestFolders.Events), new PartialIdentity("mine", "222222222222", "us-east-1"), Defaults));

    [Theory]
    [InlineData("connectors.lamassu.io/prod", """{"account":"111111111111","region":"eu-south-2"}""", "prod", "111111111111", "eu-south-2")]
    [InlineData("lamassu.io/iot/prod", """{"arn":"arn:aws:iot:eu-north-1:111111111111:cacert/ab"}""", "prod", "111111111111", "eu-north-1")]
    [InlineData("lamassu.io/iot/prod", """{"account":"","region":"","jitp_config":{"provisioning_role_arn":"arn:aws:iam::111111111111:role/r"}}""", "prod", "111111111111", "default-region")]
    [InlineData("lamassu.io/iot/aws.333333333333", """{"registration_mode":"auto"}""", "aws.333333333333", "333333333333", "default-region")]
    [InlineData("lamassu.io/ra/attached-to", """{"arn":"arn:aws:iot:eu-north-1:111111111111:cacert/ab"}""", "default-id", "000000000000", "default-region")]
    public void What_an_event_says_is_used_and_the_rest_defaults(string key, string value, string connectorId, string account, string region)
    {
        var data = new JsonObject { ["id"] = "x", ["metadata"] = new JsonObject { [key] = JsonNode.Parse(value) } };

        Assert.Equal(new ConnectorIdentity(connectorId, account, region), Read(Of(Messages.Update("dms.update", Messages.Second(1), [], data))));
    }

    [Fact]
    public void Own_events_count_and_another_connectors_note_does_not_win()
    {
        RecordedMessage Noting(string id, string account) => Messages.Event(
            "ca.create",
            Messages.Second(1),
            new JsonObject { ["metadata"] = new JsonObject { [$"lamassu.io/iot/{id}"] = new JsonObject { ["account"] = account, ["region"] = "eu-west-1" } } },
            Messages.OwnSource);

        Assert.Equal(new ConnectorIdentity("b", "222222222222", "eu-west-1"), Read(Of(Noting("a", "111111111111"), Noting("b", "222222222222"), Noting("b", "222222222222"))));
    }

    private static Recording Of(params RecordedMessage[] messages) => new([new ReplayPart("test", messages)], null);

    private static ConnectorIdentity Read(Recording recording) => IdentityReader.Read(recording, new PartialIdentity(), Defaults);
}
