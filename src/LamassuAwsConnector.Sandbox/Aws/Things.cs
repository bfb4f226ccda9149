using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal sealed class Thing(string name)
{
    public string Name => name;

    public string Id { get; } = Guid.NewGuid().ToString();

    public SortedDictionary<string, string> Attributes { get; set; } = new(StringComparer.Ordinal);

    public long Version { get; set; } = 1;

    /// <summary>Certificate ids with the kind of attachment.</summary>
    public Dictionary<string, string> Principals { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Groups { get; } = new(StringComparer.Ordinal);

    public string Arn(RegionState state) => state.Arn($"thing/{name}");
}

internal static class Things
{
    // https://docs.aws.amazon.com/general/latest/gr/iot-core.html: attributes of a thing without thing type.
    private const int AttributesWithoutType = 3;

    private static readonly HashSet<string> AttributePayloadMembers = ["attributes", "merge"];

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control("CreateThing", "POST /things/{thingName}", Create, members: "thingTypeName attributePayload billingGroupName"),
        Operation.Control("DescribeThing", "GET /things/{thingName}", Describe),
        Operation.Control("UpdateThing", "PATCH /things/{thingName}", Update, members: "thingTypeName attributePayload expectedVersion removeThingType"),
        Operation.Control("DeleteThing", "DELETE /things/{thingName}", Delete, "expectedVersion"),
        Operation.Control("ListThings", "GET /things", List, "nextToken maxResults attributeName attributeValue thingTypeName usePrefixAttributeValue"),
    ];

    public static Thing Find(RegionState state, string name) =>
        state.Things.GetValueOrDefault(Names.Thing(name)) ?? throw AwsException.NotFound($"Thing {name} not found");

    public static Thing Add(RegionState state, string name, IReadOnlyDictionary<string, string> attributes)
    {
        var thing = new Thing(name);
        SetAttributes(thing, attributes);
        state.Things.Add(name, thing);
        return thing;
    }

    /// <summary>Merging changes what is named, an empty value removes; else all are replaced.</summary>
    public static void UpdateAttributes(Thing thing, IReadOnlyDictionary<string, string> attributes, bool merge)
    {
        var kept = merge ? thing.Attributes.Where(attribute => !attributes.ContainsKey(attribute.Key)) : [];
        SetAttributes(thing, kept.Concat(attributes.Where(attribute => attribute.Value.Length > 0)).ToDictionary());
        thing.Version++;
    }

    private static void SetAttributes(Thing thing, IReadOnlyDictionary<string, string> attributes)
    {
        Names.Attributes(attributes);
        if (attributes.Count > AttributesWithoutType)
        {
            throw AwsException.InvalidRequest($"A thing without thing type has at most {AttributesWithoutType} attributes");
        }

        thing.Attributes = new SortedDictionary<string, string>(attributes.ToDictionary(), StringComparer.Ordinal);
    }

    private static AwsAnswer Create(AwsCall call)
    {
        var name = Names.Thing(call.Label("thingName"));
        RequireNoType(call.Body);
        var (attributes, _) = ReadAttributes(call.Body) ?? (new Dictionary<string, string>(), false);
        if (call.State.Things.TryGetValue(name, out var known))
        {
            return
                known.Attributes.Count == attributes.Count && known.Attributes.All(attribute => attributes.GetValueOrDefault(attribute.Key) == attribute.Value)
                ? Created(call.State, known)
                : throw AwsException.AlreadyExists($"Thing {name} already exists in account with different attributes", known.Id, known.Arn(call.State));
        }

        return Created(call.State, Add(call.State, name, attributes));
    }

    private static AwsAnswer Created(RegionState state, Thing thing) =>
        AwsAnswer.Of(
            new()
            {
                ["thingName"] = thing.Name,
                ["thingArn"] = thing.Arn(state),
                ["thingId"] = thing.Id,
            }
        );

    private static AwsAnswer Describe(AwsCall call)
    {
        var thing = Find(call.State, call.Label("thingName"));
        return AwsAnswer.Of(
            new()
            {
                ["defaultClientId"] = thing.Name,
                ["thingName"] = thing.Name,
                ["thingId"] = thing.Id,
                ["thingArn"] = thing.Arn(call.State),
                ["attributes"] = Json.Map(thing.Attributes),
                ["version"] = thing.Version,
            }
        );
    }

    private static AwsAnswer Update(AwsCall call)
    {
        var thing = Find(call.State, call.Label("thingName"));
        RequireNoType(call.Body);
        var attributes = ReadAttributes(call.Body);
        call.Body.Boolean("removeThingType");
        RequireVersion(thing, call.Body.Integer("expectedVersion"));
        if (attributes is var (values, merge))
        {
            UpdateAttributes(thing, values, merge);
        }
        else
        {
            thing.Version++;
        }

        return AwsAnswer.Empty;
    }

    private static AwsAnswer Delete(AwsCall call)
    {
        // "Returns successfully with no error if the thing doesn't exist", says the service model.
        if (call.State.Things.TryGetValue(Names.Thing(call.Label("thingName")), out var thing))
        {
            RequireVersion(thing, call.Number("expectedVersion"));
            if (thing.Principals.Count > 0)
            {
                throw Assumptions.ThingHasPrincipals(thing.Name);
            }

            foreach (var group in thing.Groups.ToList())
            {
                ThingGroupMembership.Leave(call.State, thing, group);
            }

            call.State.Things.Remove(thing.Name);
        }

        return AwsAnswer.Empty;
    }

    private static AwsAnswer List(AwsCall call)
    {
        var (name, value) = (call.Parameter("attributeName"), call.Parameter("attributeValue"));
        var prefix = call.Flag("usePrefixAttributeValue");
        if ((name is null) != (value is null))
        {
            throw AwsException.InvalidRequest("attributeName and attributeValue go together");
        }

        var found = call
            .State.Things.Values.Where(_ => call.Parameter("thingTypeName") is null)
            .Where(thing =>
                name is null || (thing.Attributes.TryGetValue(name, out var own) && (prefix ? own.StartsWith(value!, StringComparison.Ordinal) : own == value))
            );
        return Pages.ByToken.Answer(
            call,
            "things",
            found,
            thing => thing.Name,
            thing => new JsonObject
            {
                ["thingName"] = thing.Name,
                ["thingArn"] = thing.Arn(call.State),
                ["attributes"] = Json.Map(thing.Attributes),
                ["version"] = thing.Version,
            }
        );
    }

    private static (IReadOnlyDictionary<string, string> Values, bool Merge)? ReadAttributes(JsonObject body)
    {
        if (body.Object("attributePayload") is not { } payload)
        {
            return null;
        }

        payload.AllowOnly(AttributePayloadMembers, "attributePayload", AwsException.InvalidRequest);
        return (payload.TextMap("attributes"), payload.Boolean("merge") == true);
    }

    // Thing types and billing groups have no operations here, so there are none to name.
    private static void RequireNoType(JsonObject body)
    {
        if (body.Text("thingTypeName") is { } type)
        {
            throw AwsException.NotFound($"Thing type {type} not found");
        }

        if (body.Text("billingGroupName") is { } group)
        {
            throw AwsException.NotFound($"Billing group {group} not found");
        }
    }

    private static void RequireVersion(Thing thing, long? expected)
    {
        if (expected is { } version && version != thing.Version)
        {
            throw AwsException.VersionConflict($"The version of thing {thing.Name} is {thing.Version}, not {version}");
        }
    }
}
