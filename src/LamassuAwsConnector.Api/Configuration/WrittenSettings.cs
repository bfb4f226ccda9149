using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Api.Configuration;

/// <summary>What the file, the environment and the command line say together, each over the one before, under one set of keys.</summary>
internal sealed partial class WrittenSettings
{
    private readonly Dictionary<string, Setting> settings = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Setting> withoutEffect = [];

    public IReadOnlyCollection<Setting> All => settings.Values;

    /// <summary>What is wrong already; each begins with its key.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>What was written and is not obeyed: keys that are not known.</summary>
    public IEnumerable<string> Warnings => UnknownKeys.Warnings(All);

    /// <summary>Keys that are known, and have no effect.</summary>
    public IEnumerable<string> Notices => UnknownKeys.Notices(All).Concat(withoutEffect.Select(setting =>
        $"{setting.Path} ({setting.Where}) has no effect: {setting.Key.Split(':')[0]}.base_url or another line says it too"));

    /// <summary>Over those that are there.</summary>
    public void Add(IEnumerable<Setting> layer)
    {
        var added = new Dictionary<string, Setting>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in layer)
        {
            if (added.TryGetValue(setting.Key, out var earlier))
            {
                withoutEffect.Add(earlier);
            }

            added[setting.Key] = setting;
        }

        // A host that is written over a URL takes its place.
        foreach (var client in FileShapes.Clients.Where(client => added.ContainsKey($"{client}:hostname") && !added.ContainsKey($"{client}:base_url")))
        {
            settings.Remove($"{client}:base_url");
        }

        foreach (var setting in added.Values)
        {
            settings[setting.Key] = setting;
        }
    }

    /// <summary>protocol, hostname, port and base_path, the existing connector's form of an address, become one URL.</summary>
    public void CompleteAddresses()
    {
        foreach (var client in FileShapes.Clients)
        {
            var parts = FileShapes.AddressParts.Select(part => settings.GetValueOrDefault($"{client}:{part}")).ToList();
            var hasUrl = settings.ContainsKey($"{client}:base_url");
            if (!hasUrl && parts[0] is { Value.Length: > 0 } hostname)
            {
                var protocol = parts[1] is { Value.Length: > 0 } text ? text.Value : "https";
                var port = parts[2] is { Value.Length: > 0 } number ? $":{number.Value}" : "";
                var url = $"{protocol}://{hostname.Value}{port}{parts[3]?.Value}";
                settings[$"{client}:base_url"] = hostname with { Key = $"{client}:base_url", Value = url };
            }

            foreach (var part in parts.OfType<Setting>())
            {
                settings.Remove(part.Key);
                if (hasUrl)
                {
                    withoutEffect.Add(part);
                }
            }
        }
    }

    /// <summary>Where an option, or the first element of a list, was written; null: nowhere here.</summary>
    public Setting? Find(string key) => settings.GetValueOrDefault(key) ?? settings.GetValueOrDefault($"{key}:0");

    /// <summary>What the sentence begins with is a key; where that was written is added.</summary>
    public string WithPlace(string problem) => Find(KeyOf(problem)) is { } setting ? $"{problem} ({setting.Where})" : problem;

    /// <summary>All that is wrong, once: what an unreadable value leads to further on is not said.</summary>
    public IReadOnlyList<string> AllProblems(IEnumerable<string> failures)
    {
        var known = Problems.Select(KeyOf).ToList();
        return [.. Problems.Concat(failures.Where(failure => !known.Any(key => IsAt(KeyOf(failure), key))).Select(WithPlace)).Distinct(StringComparer.Ordinal)];
    }

    private static bool IsAt(string key, string other) => key.Equals(other, StringComparison.OrdinalIgnoreCase)
        || key.StartsWith($"{other}:", StringComparison.OrdinalIgnoreCase) || other.StartsWith($"{key}:", StringComparison.OrdinalIgnoreCase);

    private static string KeyOf(string problem) => Key().Match(FileShapes.Unify(Key().Match(problem).Value.Replace('.', ':'))).Value;

    [GeneratedRegex("^[A-Za-z0-9_:.]*[A-Za-z0-9_]")]
    private static partial Regex Key();
}
