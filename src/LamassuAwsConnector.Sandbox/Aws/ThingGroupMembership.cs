namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>Things in groups.</summary>
internal static class ThingGroupMembership
{
    // https://docs.aws.amazon.com/iot/latest/developerguide/thing-groups.html: groups that a thing can be in.
    private const int GroupsOfOneThing = 10;

    private const string Members = "thingGroupName thingGroupArn thingName thingArn";

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control("AddThingToThingGroup", "PUT /thing-groups/addThingToThingGroup", Add, members: Members + " overrideDynamicGroups"),
        Operation.Control("RemoveThingFromThingGroup", "PUT /thing-groups/removeThingFromThingGroup", Remove, members: Members),
        Operation.Control(
            "UpdateThingGroupsForThing",
            "PUT /thing-groups/updateThingGroupsForThing",
            Update,
            members: "thingName thingGroupsToAdd thingGroupsToRemove overrideDynamicGroups"
        ),
        Operation.Control("ListThingGroupsForThing", "GET /things/{thingName}/thing-groups", List, "nextToken maxResults"),
    ];

    /// <summary>Joining twice changes nothing.</summary>
    public static void Join(RegionState state, Thing thing, ThingGroup group)
    {
        if (thing.Groups.Contains(group.Name))
        {
            return;
        }

        if (thing.Groups.Select(name => state.ThingGroups[name]).FirstOrDefault(other => other.Root == group.Root) is { } relative)
        {
            throw Assumptions.TwoGroupsOfOneHierarchy(thing.Name, group.Name, relative.Name);
        }

        if (thing.Groups.Count >= GroupsOfOneThing)
        {
            throw Assumptions.TooManyGroups(thing.Name, GroupsOfOneThing);
        }

        thing.Groups.Add(group.Name);
        group.Things.Add(thing.Name);
    }

    public static void Leave(RegionState state, Thing thing, string group)
    {
        thing.Groups.Remove(group);
        state.ThingGroups[group].Things.Remove(thing.Name);
    }

    private static AwsAnswer Add(AwsCall call)
    {
        var (thing, group) = Read(call);
        call.Body.Boolean("overrideDynamicGroups");
        Join(call.State, thing, group);
        return AwsAnswer.Empty;
    }

    private static AwsAnswer Remove(AwsCall call)
    {
        var (thing, group) = Read(call);
        Leave(call.State, thing, group.Name);
        return AwsAnswer.Empty;
    }

    private static AwsAnswer Update(AwsCall call)
    {
        var thing = Things.Find(call.State, call.Body.RequiredText("thingName"));
        var leaving = call.Body.TextList("thingGroupsToRemove").Select(name => ThingGroups.Find(call.State, name)).ToList();
        var joining = call.Body.TextList("thingGroupsToAdd").Select(name => ThingGroups.Find(call.State, name)).ToList();
        call.Body.Boolean("overrideDynamicGroups");
        leaving.ForEach(group => Leave(call.State, thing, group.Name));
        joining.ForEach(group => Join(call.State, thing, group));
        return AwsAnswer.Empty;
    }

    private static AwsAnswer List(AwsCall call)
    {
        var thing = Things.Find(call.State, call.Label("thingName"));
        return Pages.ByToken.Answer(
            call,
            "thingGroups",
            thing.Groups,
            name => name,
            name => ThingGroups.WriteNameAndArn(call.State, call.State.ThingGroups[name])
        );
    }

    // By name or by ARN, one of each pair.
    private static (Thing Thing, ThingGroup Group) Read(AwsCall call) =>
        (Things.Find(call.State, NameOf(call, "thing", "thing/")), ThingGroups.Find(call.State, NameOf(call, "thingGroup", "thinggroup/")));

    private static string NameOf(AwsCall call, string member, string resource)
    {
        var name = call.Body.Text(member + "Name");
        var arn = call.Body.Text(member + "Arn");
        var prefix = call.State.Arn(resource);
        if (arn is not null && !arn.StartsWith(prefix, StringComparison.Ordinal))
        {
            throw AwsException.InvalidRequest($"Invalid {member}Arn: {arn}");
        }

        return name is not null && arn is not null && arn[prefix.Length..] != name
            ? throw AwsException.InvalidRequest($"{member}Name and {member}Arn are of different {member}s")
            : name ?? arn?[prefix.Length..] ?? throw AwsException.InvalidRequest($"{member}Name or {member}Arn is missing");
    }
}
