using System.Text;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

public sealed class MessageReaderTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("messages").FullName;

    [Fact]
    public void Folders_are_played_in_the_order_of_their_first_time_and_not_of_their_numbers()
    {
        var folders = MessageReader.Read(TestFolders.Recordings).Parts.Single().Messages.Select(message => message.Origin.Split('/', '\\')[0][..2]).Distinct().ToList();

        Assert.Equal(["85", "86", "87", "88", "90"], folders.SkipWhile(folder => folder != "85").Take(5));
        Assert.Equal(["83", "55", "56", "57", "85"], folders.SkipWhile(folder => folder != "83").Take(5));
        Assert.Equal("01", folders[0]);
        Assert.Equal("99", folders[^1]);
    }

    [Fact]
    public void Dead_letters_of_a_recording_are_not_played()
    {
        var messages = MessageReader.Read(TestFolders.Recordings).Parts.Single().Messages;

        Assert.Equal(0, messages.Count(message => message.RoutingKey == "lamassu-dlq"));
        Assert.Single(messages, message => message.Type == "dms.update" && message.Subject == "dms/dms-jitp" && !message.IsOwn(Messages.ConnectorId) && message.Origin.StartsWith("68", StringComparison.Ordinal));
    }

    [Fact]
    public void A_recorded_body_is_played_byte_for_byte_with_its_headers()
    {
        var line = """{"ts":"2026-11-23T10:00:00Z","exchange":"lamassu-events","routingKey":"ca.create","properties":{"headers":{"traceparent":"00-a","count":3}},"raw":"{\"type\" : \"ca.create\",\"x\":\"\\u003c\u00e9\"}"}""";
        Write("one/events.jsonl", line + "\n\n");
        Write("one/aws.jsonl", "not JSON");

        var message = Assert.Single(Assert.Single(MessageReader.Read(directory).Parts).Messages);

        Assert.Equal("{\"type\" : \"ca.create\",\"x\":\"\\u003cé\"}", Encoding.UTF8.GetString(message.Body.Span));
        Assert.Equal("ca.create", message.RoutingKey);
        Assert.Equal("00-a", Assert.Single(message.Headers).Value);
    }

    [Fact]
    public void A_single_folder_can_be_played_too()
    {
        Assert.Equal(2, MessageReader.Read(Path.Combine(TestFolders.Recordings, "87-bind-renewed")).Parts.Single().Messages.Count(message => message.Type == "certificate.metadata.update" && !message.IsOwn(Messages.ConnectorId)));
    }

    [Fact]
    public void Of_a_manifest_the_story_comes_first_and_each_variant_is_a_part_of_its_own()
    {
        var recording = MessageReader.Read(TestFolders.Events);

        Assert.Equal(Enumerable.Range(1, 23).Select(number => $"{number:00}"), recording.Story.Select(message => message.Origin[..2]));
        Assert.True(recording.Parts[0].IsStory);
        Assert.Equal(61, recording.Parts.Count - 1);
        Assert.All(recording.Parts.Skip(1), part => Assert.Single(part.Messages));
        Assert.Equal(84, recording.Parts.Sum(part => part.Messages.Count));
    }

    [Fact]
    public void A_variant_starts_with_the_CAs_of_the_story_unless_it_is_about_a_CA()
    {
        var parts = MessageReader.Read(TestFolders.Events).Parts.ToDictionary(part => part.Name, part => part.StartsFrom);

        Assert.Equal(StartingPoint.Empty, parts["story"]);
        Assert.Equal(StartingPoint.Empty, parts["v-ca.status.update.revoked.json"]);
        Assert.Equal(StartingPoint.StoryCAs, parts["v-certificate.status.update.expired.json"]);
        Assert.Equal(StartingPoint.StoryCAs, parts["v-dms.create.jitp.json"]);
    }

    [Fact]
    public void A_body_that_is_no_JSON_is_played_as_bytes()
    {
        var message = MessageReader.Read(TestFolders.Events).Parts.Single(part => part.Name == "v-malformed.truncated.invalid").Messages.Single();

        Assert.Equal(File.ReadAllBytes(Path.Combine(TestFolders.Events, message.Origin)), message.Body.ToArray());
        Assert.Null(message.Event);
        Assert.Equal("dms.create", message.RoutingKey);
    }

    [Fact]
    public void A_message_of_another_exchange_and_files_that_the_manifest_does_not_name_are_ignored()
    {
        Write("a.json", """{"type":"ca.create"}""");
        Write("b.json", """{"type":"ca.delete"}""");
        Write("manifest.json", """{"messages":[{"file":"a.json","sequence":2,"exchange":"lamassu-events","routing_key":"ca.create"},{"file":"b.json","sequence":1,"exchange":"lamassu-dlq","routing_key":"lamassu-dlq"}]}""");

        Assert.Equal("a.json", Assert.Single(MessageReader.Read(directory).Story).Origin);
    }

    [Theory]
    [InlineData("readme.txt", "")]
    [InlineData("one/events.jsonl", "no JSON")]
    [InlineData("one/events.jsonl", """{"exchange":"lamassu-events","routingKey":"x","raw":"{}"}""")]
    [InlineData("one/events.jsonl", """{"ts":"2026-11-23T10:00:00Z","exchange":"lamassu-events","routingKey":"x"}""")]
    [InlineData("manifest.json", """{"messages":[]}""")]
    [InlineData("manifest.json", """{"messages":[{"file":"missing.json","sequence":1,"routing_key":"ca.create"}]}""")]
    public void What_cannot_be_played_is_said(string file, string content)
    {
        Write(file, content);

        Assert.Throws<RecordingException>(() => MessageReader.Read(directory));
    }

    [Fact]
    public void Fraction_digits_beyond_what_a_time_holds_are_tolerated()
    {
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 10, 0, 1, TimeSpan.Zero).AddTicks(1234567), Messages.Event("ca.create", Messages.Second(1), null).Time!.Value, TimeSpan.FromTicks(1));
    }

    [Theory]
    [InlineData("source://lamassu.io/ctx/source/service/awsiot-connector/aws.123456789012", true)]
    [InlineData("source://lamassu.io/ctx/source/source://lamassu.io/ctx/source/service/awsiot-connector/aws.123456789012", true)]
    [InlineData("source://lamassu.io/ctx/source/service/awsiot-connector/aws.1234567890123", false)]
    [InlineData("source://lamassu.io/ctx/source/service/awsiot-connector/other-aws.123456789012", false)]
    [InlineData("source://lamassu.io/ctx/source/service/ca", false)]
    [InlineData("", false)]
    public void A_connector_knows_its_own_events_in_both_forms(string source, bool isOwn) =>
        Assert.Equal(isOwn, Messages.Event("ca.create", Messages.Second(1), null, source).IsOwn(Messages.ConnectorId));

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private void Write(string file, string content)
    {
        var path = Path.Combine(directory, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
