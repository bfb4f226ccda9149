using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>What an update event changed, applied to an object that may have moved on.</summary>
internal static class Difference
{
    /// <summary>
    /// Makes in <paramref name="current"/> the changes that lead from <paramref name="previous"/> to <paramref name="updated"/>. Objects are compared member by
    /// member; everything else, lists too, is replaced as a whole.
    /// </summary>
    public static void Apply(JsonObject current, JsonObject previous, JsonObject updated) => Apply(current, previous, updated, isMetadata: false);

    private static void Apply(JsonObject current, JsonObject previous, JsonObject updated, bool isMetadata)
    {
        foreach (var name in previous.Select(member => member.Key).Union(updated.Select(member => member.Key)).ToList())
        {
            var had = previous.TryGetPropertyValue(name, out var before);
            if (!updated.TryGetPropertyValue(name, out var after))
            {
                current.Remove(name);
            }
            else if (!had || !JsonNode.DeepEquals(before, after))
            {
                Change(current, name, before, after, isMetadata || name == "metadata");
            }
        }
    }

    private static void Change(JsonObject current, string name, JsonNode? before, JsonNode? after, bool isMetadata)
    {
        if (before is not JsonObject previous || after is not JsonObject updated)
        {
            current[name] = after?.DeepClone();
            return;
        }

        if (current[name] is not JsonObject member)
        {
            // An unknown part starts as it was. Not so in metadata: what another connector once noted there is not ours to assert.
            member = isMetadata ? [] : (JsonObject)previous.DeepClone();
            current[name] = member;
        }

        Apply(member, previous, updated, isMetadata);
    }
}
