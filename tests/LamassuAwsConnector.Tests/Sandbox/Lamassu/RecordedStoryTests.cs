using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>The stand-in against the recordings of the real Lamassu.</summary>
public sealed class RecordedStoryTests(RecordedStory story) : IClassFixture<RecordedStory>
{
    /// <summary>Scenarios in which messages were delivered once more by hand, and one whose call lacks its private key.</summary>
    private static readonly string[] NotComparable = ["84-sqs-message", "86-bind-redelivered", "88-bind-stale-redelivered", "05-ca-import-with-key"];

    [Fact]
    public void Every_answer_has_the_status_the_content_type_and_the_body_of_the_recorded_one()
    {
        var differences = new List<string>();
        foreach (var call in story.Calls)
        {
            var (recorded, answer) = (call.Recorded, call.Answer);
            var name = $"{recorded.Folder} {recorded.Method} {recorded.Url}";

            // The recording proxy turned a closed connection into a 502.
            if ((answer.Status == Answer.Dropped ? 502 : answer.Status) != recorded.Status)
            {
                differences.Add($"{name}: {answer.Status} {answer.Text} instead of {recorded.Status}");
            }
            else if (answer.Status != Answer.Dropped && answer.ContentType != recorded.ContentType)
            {
                differences.Add($"{name}: {answer.ContentType} instead of {recorded.ContentType}");
            }
            else if (recorded.Response is JsonObject && answer.Status != Answer.Dropped)
            {
                Compare(name, RecordedNames.Masked(InOrder(recorded.Response)), RecordedNames.Masked(InOrder(answer.Json)), differences);
            }
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));

        // All but the import whose private key was removed.
        Assert.Equal(RecordedCalls.Read().Count - 1, story.Calls.Count);
    }

    [Fact]
    public void Every_call_is_followed_by_the_messages_of_the_recorded_one()
    {
        var recorded = RecordedCalls.ReadEvents().ToLookup(item => item.Folder, item => item.Published);
        var differences = new List<string>();
        foreach (var folder in recorded.Select(group => group.Key).Except(NotComparable))
        {
            var expected = InOrder(folder, recorded[folder]);
            var actual = InOrder(folder, story.Published[folder]);
            var (expectedTypes, actualTypes) = (Types(expected), Types(actual));
            if (expectedTypes != actualTypes)
            {
                differences.Add($"{folder}:\n  recorded  {expectedTypes}\n  published {actualTypes}");
                continue;
            }

            foreach (var (before, now) in expected.Zip(actual))
            {
                Compare($"{folder} {before.RoutingKey}", MaskedBody(before), MaskedBody(now), differences);
            }
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    /// <summary>Messages by the call that caused them, as the trace tells; those of the Device Manager's reactions last, as they overtake others.</summary>
    private static IEnumerable<PublishedEvent> Chains(IEnumerable<PublishedEvent> events) => events
        .GroupBy(item => item.Headers["traceparent"].Split('-')[1])
        .SelectMany(chain => chain.OrderBy(item => item.Source == "eventbus-unknown"));

    /// <summary>A CA revokes its certificates in the order of their random numbers.</summary>
    private List<PublishedEvent> InOrder(string folder, IEnumerable<PublishedEvent> events) =>
        folder != "97-ca-revoke" ? [.. Chains(events)] : [.. events.OrderBy(item => item.RoutingKey).ThenBy(MaskedBody, StringComparer.Ordinal)];

    private string MaskedBody(PublishedEvent item) => RecordedNames.Masked(JsonNode.Parse(story.Names.Translate(item.Raw)));

    private static string Types(IEnumerable<PublishedEvent> events) => string.Join(" ", events.Select(item => item.RoutingKey));

    /// <summary>An answer in a form to be compared. Without a sort the database answers in an order of its own, and not all profiles were recorded.</summary>
    private static JsonNode InOrder(JsonNode answer)
    {
        if (answer["list"] is not JsonArray list)
        {
            return answer;
        }

        var isProfiles = list[0]!.AsObject().ContainsKey("sign_as_ca");
        var sorted = isProfiles ? [.. list.Take(1).Select(Shape)] : list.OrderBy(item => (string?)item!["id"], StringComparer.Ordinal).ToArray();
        return new JsonObject { ["next"] = answer["next"]!.DeepClone(), ["list"] = new JsonArray([.. sorted.Select(item => item!.DeepClone())]) };
    }

    /// <summary>Member names and JSON types.</summary>
    private static JsonNode? Shape(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(member => KeyValuePair.Create(member.Key, Shape(member.Value)))),
        JsonArray => "array",
        null => null,
        _ => node.GetValueKind().ToString(),
    };

    private static void Compare(string name, string expected, string actual, List<string> differences)
    {
        if (expected != actual)
        {
            var at = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
            var from = Math.Max(0, at - 60);
            differences.Add($"{name}:\n  recorded …{Cut(expected)}\n  answered …{Cut(actual)}");
            string Cut(string text) => text[Math.Min(from, text.Length)..Math.Min(text.Length, at + 120)];
        }
    }
}
