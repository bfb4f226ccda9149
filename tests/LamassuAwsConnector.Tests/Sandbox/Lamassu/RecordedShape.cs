using System.Text.Json;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>
/// Which members real Lamassu was seen to write at which place, of which JSON types and in which order, learnt from any number of samples. Free maps
/// (metadata) are not looked into; maps with changing keys (events, versions) count as one member.
/// </summary>
internal sealed class RecordedShape
{
    private static readonly string[] FreeMaps = ["metadata", "input"];
    private static readonly string[] ChangingKeys = ["events", "versions"];

    private readonly Dictionary<string, HashSet<string>> kinds = [];
    private readonly Dictionary<string, List<string[]>> members = [];

    public void Learn(JsonNode? node) => Walk("$", node, (path, value) =>
    {
        Add(kinds, path, KindOf(value));
        if (value is JsonObject map && !IsOpen(path))
        {
            if (!members.TryGetValue(path, out var seen))
            {
                members[path] = seen = [];
            }

            seen.Add([.. map.Select(member => member.Key)]);
        }
    });

    /// <summary>Where an answer differs from all samples; empty when it fits.</summary>
    public IReadOnlyList<string> DifferencesOf(JsonNode? node)
    {
        var differences = new List<string>();
        Walk("$", node, (path, value) =>
        {
            if (!kinds.TryGetValue(path, out var seen))
            {
                differences.Add($"{path} was never recorded");
                return;
            }

            if (!seen.Contains(KindOf(value)))
            {
                differences.Add($"{path} is {KindOf(value)}, recorded: {string.Join(", ", seen)}");
            }
            else if (value is JsonObject map && members.TryGetValue(path, out var samples))
            {
                differences.AddRange(MemberDifferences(path, [.. map.Select(member => member.Key)], samples));
            }
        });
        return differences;
    }

    private static IEnumerable<string> MemberDifferences(string path, string[] names, List<string[]> samples)
    {
        var always = samples.Aggregate(samples[0].AsEnumerable(), (common, sample) => common.Intersect(sample));
        foreach (var missing in always.Except(names))
        {
            yield return $"{path}.{missing} is missing";
        }

        // The order must be that of a sample, as far as both have the same members.
        if (!samples.Any(sample => sample.Where(names.Contains).SequenceEqual(names.Where(sample.Contains))))
        {
            yield return $"{path} has its members in the order {string.Join(",", names)}";
        }
    }

    private static void Walk(string path, JsonNode? node, Action<string, JsonNode?> visit)
    {
        visit(path, node);
        switch (node)
        {
            case JsonObject map when !FreeMaps.Contains(path.Split('.')[^1]):
                foreach (var (name, value) in map)
                {
                    Walk(ChangingKeys.Contains(path.Split('.')[^1]) ? $"{path}.*" : $"{path}.{name}", value, visit);
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Walk($"{path}[]", item, visit);
                }

                break;
        }
    }

    private static bool IsOpen(string path) => FreeMaps.Contains(path.Split('.')[^1]) || ChangingKeys.Contains(path.Split('.')[^1]);

    private static string KindOf(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.True or JsonValueKind.False => "bool",
        var kind => kind.Value.ToString(),
    };

    private static void Add(Dictionary<string, HashSet<string>> sets, string path, string kind)
    {
        if (!sets.TryGetValue(path, out var set))
        {
            sets[path] = set = [];
        }

        set.Add(kind);
    }
}
