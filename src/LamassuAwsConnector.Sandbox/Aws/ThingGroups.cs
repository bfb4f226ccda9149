using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal sealed class ThingGroup(string name, ThingGroup? parent, string? description, IReadOnlyDictionary<string, string> attributes, DateTimeOffset created)
{
    public string Name => name;

    public string Id { get; } = Guid.NewGuid().ToString();

    public ThingGroup? Parent => parent;

    public string? Description => description;

    public IReadOnlyDictionary<string, string> Attributes => attributes;

    public DateTimeOffset Created => created;

    public SortedSet<string> Things { get; } = new(StringComparer.Ordinal);

    /// <summary>Names, in the order in which they were attached.</summary>
    public List<string> Policies { get; } = [];

    /// <summary>From the root to the parent.</summary>
    public IReadOnlyList<ThingGroup> Ancestors => parent is null ? [] : [.. parent.Ancestors, parent];

    public ThingGroup Root => parent?.Root ?? this;

    public string Arn(RegionState state) => state.Arn($"thinggroup/{name}");
}

internal static class ThingGroups
{
    // https://docs.aws.amazon.com/general/latest/gr/iot-core.html: levels of a hierarchy, the root is one of them; direct children of a group.
    private const int Levels = 7;

    private const int Children = 100;

    private static readonly HashSet<string> PropertyMembers = ["thingGroupDescription", "attributePayload"];

    private static readonly HashSet<string> AttributePayloadMembers = ["attributes", "merge"];

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control("CreateThingGroup", "POST /thing-groups/{thingGroupName}", Create, members: "parentGroupName thingGroupProperties tags"),
        Operation.Control("DescribeThingGroup", "GET /thing-groups/{thingGroupName}", Describe),
        Operation.Control("DeleteThingGroup", "DELETE /thing-groups/{thingGroupName}", Delete, "expectedVersion"),
        Operation.Control("ListThingGroups", "GET /thing-groups", List, "nextToken maxResults parentGroup namePrefixFilter recursive"),
    ];

    public static ThingGroup Find(RegionState state, string name) =>
        state.ThingGroups.GetValueOrDefault(Names.ThingGroup(name)) ?? throw AwsException.NotFound($"Thing Group {name} not found");

    public static JsonObject WriteNameAndArn(RegionState state, ThingGroup group) => new() { ["groupName"] = group.Name, ["groupArn"] = group.Arn(state) };

    private static AwsAnswer Create(AwsCall call)
    {
        var name = Names.ThingGroup(call.Label("thingGroupName"));
        var parentName = call.Body.Text("parentGroupName");
        var tags = Tags.Read(call.Body);
        var (description, attributes) = ReadProperties(call.Body);
        if (call.State.ThingGroups.TryGetValue(name, out var known))
        {
            return
                known.Description == description
                && known.Attributes.OrderBy(a => a.Key).SequenceEqual(attributes.OrderBy(a => a.Key))
                && Assumptions.SameParent(known, parentName)
                ? Created(call.State, known)
                : throw AwsException.AlreadyExists(
                    $"Thing Group {name} already exists in current account with different properties",
                    known.Id,
                    known.Arn(call.State)
                );
        }

        var group = new ThingGroup(name, FindParent(call.State, parentName), description, attributes, call.Now);
        call.State.ThingGroups.Add(name, group);
        Tags.Put(call.State, group.Arn(call.State), tags);
        return Created(call.State, group);
    }

    private static ThingGroup? FindParent(RegionState state, string? name)
    {
        if (name is null)
        {
            return null;
        }

        if (!state.ThingGroups.TryGetValue(Names.ThingGroup(name, "parentGroupName"), out var parent))
        {
            throw Assumptions.ParentGroupMissing(name);
        }

        if (parent.Ancestors.Count + 2 > Levels)
        {
            throw AwsException.InvalidRequest($"A hierarchy of thing groups has at most {Levels} levels");
        }

        return state.ThingGroups.Values.Count(group => group.Parent == parent) < Children
            ? parent
            : throw AwsException.InvalidRequest($"A thing group has at most {Children} direct child groups");
    }

    private static AwsAnswer Created(RegionState state, ThingGroup group) =>
        AwsAnswer.Of(
            new()
            {
                ["thingGroupName"] = group.Name,
                ["thingGroupArn"] = group.Arn(state),
                ["thingGroupId"] = group.Id,
            }
        );

    private static AwsAnswer Describe(AwsCall call)
    {
        var group = Find(call.State, call.Label("thingGroupName"));
        var properties = new JsonObject().With("thingGroupDescription", group.Description);
        if (group.Attributes.Count > 0)
        {
            properties["attributePayload"] = new JsonObject { ["attributes"] = Json.Map(group.Attributes) };
        }

        var metadata = new JsonObject { ["creationDate"] = Json.Seconds(group.Created) };
        if (group.Parent is { } parent)
        {
            metadata["parentGroupName"] = parent.Name;
            metadata["rootToParentThingGroups"] = Json.List(group.Ancestors.Select(ancestor => WriteNameAndArn(call.State, ancestor)));
        }

        return AwsAnswer.Of(
            new()
            {
                ["thingGroupName"] = group.Name,
                ["thingGroupId"] = group.Id,
                ["thingGroupArn"] = group.Arn(call.State),
                ["version"] = 1,
                ["thingGroupProperties"] = properties,
                ["thingGroupMetadata"] = metadata,
            }
        );
    }

    private static AwsAnswer Delete(AwsCall call)
    {
        var name = Names.ThingGroup(call.Label("thingGroupName"));
        if (!call.State.ThingGroups.TryGetValue(name, out var group))
        {
            // The operation's model has no ResourceNotFound.
            return AwsAnswer.Empty;
        }

        if (call.Number("expectedVersion") is not (null or 1))
        {
            throw AwsException.VersionConflict($"The version of thing group {name} is 1");
        }

        if (call.State.ThingGroups.Values.Any(child => child.Parent == group))
        {
            throw AwsException.InvalidRequest($"Thing group {name} has child groups");
        }

        foreach (var thing in group.Things)
        {
            call.State.Things[thing].Groups.Remove(name);
        }

        PolicyTargets.DetachAll(call.State, group.Arn(call.State), group.Policies);
        call.State.ThingGroups.Remove(name);
        call.State.Tags.Remove(group.Arn(call.State));
        return AwsAnswer.Empty;
    }

    private static AwsAnswer List(AwsCall call)
    {
        var prefix = call.Parameter("namePrefixFilter") ?? "";
        var parent = call.Parameter("parentGroup") is { } parentName ? Find(call.State, parentName) : null;
        // AWS lists all levels unless told not to.
        var recursive = call.Parameter("recursive") is null || call.Flag("recursive");
        var found = call
            .State.ThingGroups.Values.Where(group => group.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(group => recursive ? parent is null || group.Ancestors.Contains(parent) : group.Parent == parent);
        return Pages.ByToken.Answer(call, "thingGroups", found, group => group.Name, group => WriteNameAndArn(call.State, group));
    }

    private static (string? Description, IReadOnlyDictionary<string, string> Attributes) ReadProperties(JsonObject body)
    {
        if (body.Object("thingGroupProperties") is not { } properties)
        {
            return (null, new Dictionary<string, string>());
        }

        properties.AllowOnly(PropertyMembers, "thingGroupProperties", AwsException.InvalidRequest);
        var description = properties.Text("thingGroupDescription");
        if (description is not null)
        {
            Names.GroupDescription(description);
        }

        if (properties.Object("attributePayload") is not { } payload)
        {
            return (description, new Dictionary<string, string>());
        }

        payload.AllowOnly(AttributePayloadMembers, "attributePayload", AwsException.InvalidRequest);
        payload.Boolean("merge");
        var attributes = payload.TextMap("attributes");
        Names.Attributes(attributes);
        return (description, attributes);
    }
}
