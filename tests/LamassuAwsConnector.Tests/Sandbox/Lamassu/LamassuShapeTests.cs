using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed class LamassuShapeTests(LamassuStory story) : IClassFixture<LamassuStory>
{
    public static TheoryData<string> RecordedRoutes => [.. LamassuRecordings.Answers.Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<string> RecordedEventTypes => [.. LamassuRecordings.Events.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(RecordedRoutes))]
    public void Every_recorded_route_answers_with_the_recorded_members_and_types(string route)
    {
        var answers = story.Answers
            .Where(answer => LamassuRecordings.RouteOf(answer.Service, answer.Method, answer.Path, answer.Status) == route)
            .ToList();
        Assert.NotEmpty(answers);

        var shape = new RecordedShape();
        var recorded = LamassuRecordings.Answers[route];
        if (recorded.All(text => !text.StartsWith('{')))
        {
            // Nothing, or a certificate as PEM.
            Assert.All(answers, answer => Assert.Equal(recorded[0].Split('\n')[0], answer.Text.Split('\n')[0]));
            return;
        }

        recorded.ForEach(text => shape.Learn(JsonNode.Parse(text)));
        Assert.All(answers, answer => Assert.Empty(shape.DifferencesOf(answer.Json)));
    }

    [Theory]
    [MemberData(nameof(RecordedEventTypes))]
    public void Every_recorded_event_is_published_with_the_recorded_members_types_and_order(string type)
    {
        var published = story.Published.Where(message => message.Type == type).ToList();
        Assert.NotEmpty(published);

        var shape = new RecordedShape();
        LamassuRecordings.Events[type].ForEach(raw => shape.Learn(JsonNode.Parse(raw)));
        Assert.All(published, message => Assert.Empty(shape.DifferencesOf(message.Envelope)));
    }

    [Theory]
    [MemberData(nameof(RecordedEventTypes))]
    public void The_input_of_an_audit_record_has_the_recorded_members(string type)
    {
        var recorded = LamassuRecordings.Events[type].Select(raw => JsonNode.Parse(raw)!["data"]!["input"]).OfType<JsonObject>().ToList();
        var published = story.Published.Where(message => message.Type == type).Select(message => message.Data["input"]).OfType<JsonObject>().ToList();
        Assert.Equal(recorded.Count > 0, published.Count > 0);
        Assert.All(published, input => Assert.Equal(Names(recorded[0]), Names(input)));

        static IEnumerable<string> Names(JsonObject map) => map.Select(member => member.Key);
    }

    [Fact]
    public void All_answers_have_the_content_type_of_the_recorded_ones()
    {
        var withBody = story.Answers.Where(answer => answer.Status != 204).ToList();
        Assert.All(
            withBody.Where(answer => answer.Path.Contains("/est/", StringComparison.Ordinal)),
            answer => Assert.Equal("application/x-pem-file", answer.ContentType));
        Assert.All(
            withBody.Where(answer => !answer.Path.Contains("/est/", StringComparison.Ordinal)),
            answer => Assert.Equal("application/json; charset=utf-8", answer.ContentType));
        Assert.All(story.Answers.Where(answer => answer.Status == 204), answer => Assert.Null(answer.ContentType));
    }
}
