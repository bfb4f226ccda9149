using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal static class Tags
{
    // https://docs.aws.amazon.com/iot/latest/developerguide/tagging-iot.html: tags of one resource.
    private const int TagsOfOneResource = 50;

    private static readonly Pages Page = new("nextToken", "nextToken", SizeParameter: null);

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control("TagResource", "POST /tags", Tag, members: "resourceArn tags"),
        Operation.Control("UntagResource", "POST /untag", Untag, members: "resourceArn tagKeys"),
        Operation.Control("ListTagsForResource", "GET /tags", List, "resourceArn nextToken"),
    ];

    public static IReadOnlyDictionary<string, string> Read(JsonObject body)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in body.Array("tags") ?? [])
        {
            var tag = item as JsonObject ?? throw AwsException.Serialization("'tags' holds no objects");
            tag.AllowOnly(new HashSet<string> { "Key", "Value" }, "A tag", AwsException.InvalidRequest);
            var (key, value) = (tag.RequiredText("Key"), tag.Text("Value") ?? "");
            Names.Tag(key, value);
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw AwsException.InvalidRequest("Tag keys that start with aws: are reserved");
            }

            if (!tags.TryAdd(key, value))
            {
                throw AwsException.InvalidRequest($"The tag key '{key}' is given twice");
            }
        }

        return tags.Count <= TagsOfOneResource ? tags : throw TooMany();
    }

    public static void Put(RegionState state, string arn, IReadOnlyDictionary<string, string> tags)
    {
        var own = state.Tags.GetValueOrDefault(arn) ?? new(StringComparer.Ordinal);
        if (own.Keys.Union(tags.Keys).Count() > TagsOfOneResource)
        {
            throw TooMany();
        }

        foreach (var (key, value) in tags)
        {
            own[key] = value;
        }

        state.Tags[arn] = own;
    }

    private static AwsAnswer Tag(AwsCall call)
    {
        var arn = Find(call.State, call.Body.RequiredText("resourceArn"));
        var tags = call.Body.ContainsKey("tags") ? Read(call.Body) : throw AwsException.InvalidRequest("tags is missing");
        Put(call.State, arn, tags);
        return AwsAnswer.Empty;
    }

    private static AwsAnswer Untag(AwsCall call)
    {
        var arn = Find(call.State, call.Body.RequiredText("resourceArn"));
        foreach (var key in call.Body.TextList("tagKeys"))
        {
            call.State.Tags.GetValueOrDefault(arn)?.Remove(key);
        }

        return AwsAnswer.Empty;
    }

    private static AwsAnswer List(AwsCall call)
    {
        var arn = Find(call.State, call.Parameter("resourceArn") ?? throw AwsException.InvalidRequest("resourceArn is missing"));
        var tags = (IEnumerable<KeyValuePair<string, string>>?)call.State.Tags.GetValueOrDefault(arn) ?? [];
        return Page.Answer(call, "tags", tags, tag => tag.Key, tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value });
    }

    private static AwsException TooMany() => AwsException.LimitExceeded($"A resource has at most {TagsOfOneResource} tags");

    // Things and certificates take no tags.
    private static string Find(RegionState state, string arn)
    {
        var prefix = state.Arn("");
        var parts = arn.StartsWith(prefix, StringComparison.Ordinal) ? arn[prefix.Length..].Split('/', 2) : [];
        var exists = parts switch
        {
            ["cacert", var id] => state.CACertificates.ContainsKey(id),
            ["policy", var name] => state.Policies.ContainsKey(name),
            ["thinggroup", var name] => state.ThingGroups.ContainsKey(name),
            ["provisioningtemplate", var name] => state.Templates.ContainsKey(name),
            _ => throw AwsException.InvalidRequest($"Invalid resourceArn: {arn} takes no tags"),
        };
        return exists ? arn : throw AwsException.NotFound($"Resource {arn} does not exist");
    }
}
