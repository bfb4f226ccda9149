using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>Certificates attached to things.</summary>
internal static class ThingPrincipals
{
    private const string Exclusive = "EXCLUSIVE_THING";

    private const string NonExclusive = "NON_EXCLUSIVE_THING";

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control("AttachThingPrincipal", "PUT /things/{thingName}/principals", Attach, "thingPrincipalType"),
        Operation.Control("DetachThingPrincipal", "DELETE /things/{thingName}/principals", Detach),
        Operation.Control(
            "ListThingPrincipals",
            "GET /things/{thingName}/principals",
            call => List(call, "principals", (arn, _) => JsonValue.Create(arn)),
            "nextToken maxResults"
        ),
        Operation.Control(
            "ListThingPrincipalsV2",
            "GET /things/{thingName}/principals-v2",
            call => List(call, "thingPrincipalObjects", (arn, kind) => new JsonObject { ["principal"] = arn, ["thingPrincipalType"] = kind }),
            "nextToken maxResults thingPrincipalType"
        ),
        Operation.Control(
            "ListPrincipalThings",
            "GET /principals/things",
            call => ListThings(call, "things", (name, _) => JsonValue.Create(name)),
            "nextToken maxResults"
        ),
        Operation.Control(
            "ListPrincipalThingsV2",
            "GET /principals/things-v2",
            call => ListThings(call, "principalThingObjects", (name, kind) => new JsonObject { ["thingName"] = name, ["thingPrincipalType"] = kind }),
            "nextToken maxResults thingPrincipalType"
        ),
    ];

    /// <summary>Attaching twice changes nothing. An exclusive certificate has one thing.</summary>
    public static void Attach(RegionState state, Thing thing, DeviceCertificate certificate, string kind = NonExclusive)
    {
        var others = certificate.Things.Where(name => name != thing.Name).ToList();
        if (others.Count > 0 && (kind == Exclusive || others.Any(name => state.Things[name].Principals[certificate.Id] == Exclusive)))
        {
            throw Assumptions.ExclusiveElsewhere(certificate.Id);
        }

        thing.Principals[certificate.Id] = kind;
        certificate.Things.Add(thing.Name);
    }

    private static AwsAnswer Attach(AwsCall call)
    {
        var kind = ReadKind(call) ?? NonExclusive;
        Attach(call.State, Things.Find(call.State, call.Label("thingName")), Principal(call), kind);
        return AwsAnswer.Empty;
    }

    private static AwsAnswer Detach(AwsCall call)
    {
        var thing = Things.Find(call.State, call.Label("thingName"));
        var certificate = Principal(call);
        if (!thing.Principals.Remove(certificate.Id))
        {
            throw Assumptions.NotAttached(thing.Name, certificate.Id);
        }

        certificate.Things.Remove(thing.Name);
        return AwsAnswer.Empty;
    }

    private static AwsAnswer List(AwsCall call, string resultKey, Func<string, string, JsonNode> write)
    {
        var thing = Things.Find(call.State, call.Label("thingName"));
        var kind = ReadKind(call);
        var found = thing.Principals.Where(principal => kind is null || principal.Value == kind);
        return Pages.ByToken.Answer(
            call,
            resultKey,
            found,
            principal => principal.Key,
            principal => write(call.State.Arn($"cert/{principal.Key}"), principal.Value)
        );
    }

    private static AwsAnswer ListThings(AwsCall call, string resultKey, Func<string, string, JsonNode> write)
    {
        var certificate = Principal(call);
        var kind = ReadKind(call);
        var found = certificate
            .Things.Select(name => (Name: name, Kind: call.State.Things[name].Principals[certificate.Id]))
            .Where(thing => kind is null || thing.Kind == kind);
        return Pages.ByToken.Answer(call, resultKey, found, thing => thing.Name, thing => write(thing.Name, thing.Kind));
    }

    private static DeviceCertificate Principal(AwsCall call)
    {
        var arn = call.Header("x-amzn-principal") ?? throw AwsException.InvalidRequest("The principal is missing");
        var prefix = call.State.Arn("cert/");
        return !arn.StartsWith(prefix, StringComparison.Ordinal)
            ? throw AwsException.InvalidRequest($"Invalid principal: {arn} is no certificate of this account and Region")
            : call.State.Certificates.GetValueOrDefault(arn[prefix.Length..]) ?? throw AwsException.NotFound($"Certificate {arn} does not exist");
    }

    private static string? ReadKind(AwsCall call) =>
        call.Parameter("thingPrincipalType") is { } kind ? Names.OneOf(kind, "thingPrincipalType", Exclusive, NonExclusive) : null;
}
