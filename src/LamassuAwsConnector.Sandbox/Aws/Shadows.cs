using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal sealed class Shadow
{
    public ShadowSection? Desired { get; set; }

    public ShadowSection? Reported { get; set; }

    /// <summary>Grows with each accepted update, and is kept when the shadow is deleted.</summary>
    public long Version { get; set; }

    public long Timestamp { get; set; }

    public bool Exists { get; set; }
}

/// <summary>Device shadows. They need no thing in the registry.</summary>
internal static class Shadows
{
    private static readonly Pages NamedPages = new("nextToken", "nextToken", "pageSize", LargestSize: 100, DefaultSize: 25);

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Data("GetThingShadow", "GET /things/{thingName}/shadow", Get, "name"),
        Operation.Data("UpdateThingShadow", "POST /things/{thingName}/shadow", Update, "name", rawBody: true),
        Operation.Data("DeleteThingShadow", "DELETE /things/{thingName}/shadow", Delete, "name"),
        Operation.Data("ListNamedShadowsForThing", "GET /api/things/shadow/ListNamedShadowsForThing/{thingName}", ListNamed, "nextToken pageSize"),
    ];

    private static AwsAnswer Get(AwsCall call)
    {
        var shadow = Find(call);
        var state = new JsonObject()
            .With("desired", shadow.Desired?.Values.DeepClone())
            .With("reported", shadow.Reported?.Values.DeepClone())
            .With("delta", shadow.Desired is { } desired ? ShadowDocument.Delta(desired.Values, shadow.Reported?.Values ?? []) : null);
        var metadata = new JsonObject().With("desired", shadow.Desired?.Metadata.DeepClone()).With("reported", shadow.Reported?.Metadata.DeepClone());
        return AwsAnswer.Of(
            new()
            {
                ["state"] = state,
                ["metadata"] = metadata,
                ["version"] = shadow.Version,
                ["timestamp"] = call.Now.ToUnixTimeSeconds(),
            }
        );
    }

    private static AwsAnswer Update(AwsCall call)
    {
        var (thing, name) = ReadNames(call);
        var update = ShadowDocument.Parse(call.Payload);
        var now = call.Now.ToUnixTimeSeconds();
        var shadow = call.State.Shadows.GetValueOrDefault(thing)?.GetValueOrDefault(name) ?? new Shadow();
        if (update.Version is { } version && (shadow.Exists ? version != shadow.Version : !Assumptions.VersionMayNameNoShadow))
        {
            throw AwsException.ShadowConflict();
        }

        var desired = Merge(shadow.Desired, update.State, "desired", now);
        var reported = Merge(shadow.Reported, update.State, "reported", now);
        ShadowDocument.CheckSize(desired, reported);

        (shadow.Desired, shadow.Reported, shadow.Exists, shadow.Timestamp) = (desired, reported, true, now);
        shadow.Version++;
        if (!call.State.Shadows.TryGetValue(thing, out var shadows))
        {
            call.State.Shadows.Add(thing, shadows = new(StringComparer.Ordinal));
        }

        shadows[name] = shadow;
        return AwsAnswer.Of(Accepted(update, shadow, now));
    }

    // The answer holds the fields of the request alone, with metadata for these.
    private static JsonObject Accepted(ShadowUpdate update, Shadow shadow, long now)
    {
        var metadata = new JsonObject();
        foreach (var (section, fields) in update.State)
        {
            metadata.With(section, fields is null ? null : ShadowSection.Times(fields, now));
        }

        return new JsonObject
        {
            ["state"] = update.State.DeepClone(),
            ["metadata"] = metadata,
            ["version"] = shadow.Version,
            ["timestamp"] = now,
        }.With("clientToken", update.ClientToken);
    }

    private static ShadowSection? Merge(ShadowSection? section, JsonObject state, string name, long now)
    {
        if (!state.TryGetPropertyValue(name, out var patch))
        {
            return section;
        }

        // Null for a whole section removes it.
        return patch is JsonObject fields ? (section ?? ShadowSection.Empty).Merge(fields, now) : null;
    }

    private static AwsAnswer Delete(AwsCall call)
    {
        var shadow = Find(call);
        (shadow.Desired, shadow.Reported, shadow.Exists) = (null, null, false);
        return AwsAnswer.Of(new() { ["version"] = shadow.Version, ["timestamp"] = call.Now.ToUnixTimeSeconds() });
    }

    private static AwsAnswer ListNamed(AwsCall call)
    {
        var thing = Names.Thing(call.Label("thingName"));
        var named =
            call.State.Shadows.GetValueOrDefault(thing)?.Where(shadow => shadow.Key.Length > 0 && shadow.Value.Exists).Select(shadow => shadow.Key) ?? [];
        return NamedPages.Answer(
            call,
            "results",
            named,
            name => name,
            name => JsonValue.Create(name),
            body => body["timestamp"] = call.Now.ToUnixTimeSeconds()
        );
    }

    private static Shadow Find(AwsCall call)
    {
        var (thing, name) = ReadNames(call);
        return call.State.Shadows.GetValueOrDefault(thing)?.GetValueOrDefault(name) is { Exists: true } shadow
            ? shadow
            : throw AwsException.NotFound($"No shadow exists with name: '{(name.Length == 0 ? thing : Assumptions.NameOfNamedShadow(thing, name))}'");
    }

    // The classic shadow's name is empty here.
    private static (string Thing, string Name) ReadNames(AwsCall call) =>
        (Names.Thing(call.Label("thingName")), call.Parameter("name") is { } name ? Names.Shadow(name) : "");
}
