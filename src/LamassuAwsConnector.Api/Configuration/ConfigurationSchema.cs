using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Api.Logging;
using LamassuAwsConnector.Api.Security;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Configuration;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Telemetry;

namespace LamassuAwsConnector.Api.Configuration;

/// <summary>All options there are, from the classes that hold them.</summary>
internal static class ConfigurationSchema
{
    /// <summary>The classes with their sections, in the order in which they are shown. A new class of options has its line here.</summary>
    public static IReadOnlyList<(string Key, Type Options)> Sections { get; } =
    [
        ("", typeof(ConnectorOptions)),
        (AwsOptions.SectionName, typeof(AwsOptions)),
        (EventBusOptions.EventsSection, typeof(EventBusOptions)),
        (EventBusOptions.DeadLettersSection, typeof(EventBusOptions)),
        ("", typeof(LamassuOptions)),
        (AuthOptions.SectionName, typeof(AuthOptions)),
        (CorsOptions.SectionName, typeof(CorsOptions)),
        (EventRetryOptions.SectionName, typeof(EventRetryOptions)),
        (HealthOptions.SectionName, typeof(HealthOptions)),
        (MetricsOptions.SectionName, typeof(MetricsOptions)),
        (OtelOptions.SectionName, typeof(OtelOptions)),
        (LogsOptions.SectionName, typeof(LogsOptions)),
    ];

    public static IReadOnlyList<OptionMember> Options { get; } = [.. Sections.SelectMany(section => OptionMember.AllOf(section.Options, section.Key))];

    private static readonly Dictionary<string, OptionMember> ByKey = Options.ToDictionary(option => option.Key, StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> SectionKeys = Options.SelectMany(option => Above(option.Key)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>An option, or the list that the element belongs to.</summary>
    public static OptionMember? Find(string key)
    {
        if (ByKey.TryGetValue(key, out var option))
        {
            return option.IsList ? null : option;
        }

        var end = key.LastIndexOf(':');
        return end > 0 && key[(end + 1)..].All(char.IsAsciiDigit) && ByKey.GetValueOrDefault(key[..end]) is { IsList: true } list ? list : null;
    }

    /// <summary>There are options under it.</summary>
    public static bool IsSection(string key) => SectionKeys.Contains(key);

    public static bool IsOptionOrList(string key) => ByKey.ContainsKey(key);

    /// <summary>Whether a variable or argument of that name is meant for us: <c>aws_config</c> of <c>AWS_CONFIG__REGION</c>.</summary>
    public static bool IsTop(string name) => SectionKeys.Contains(name) || ByKey.ContainsKey(name);

    /// <summary>What may have been meant by a key that is not known; null: nothing is near.</summary>
    public static string? Nearest(string key) => Options.Select(option => option.Key).Concat(SectionKeys)
        .Where(known => known.Count(letter => letter == ':') == key.Count(letter => letter == ':'))
        .Select(known => (Known: known, Distance: Spelling.Distance(known.ToUpperInvariant(), key.ToUpperInvariant())))
        .Where(candidate => candidate.Distance <= Spelling.NearEnough(key))
        .OrderBy(candidate => candidate.Distance)
        .ThenBy(candidate => candidate.Known, StringComparer.Ordinal)
        .Select(candidate => candidate.Known)
        .FirstOrDefault();

    private static IEnumerable<string> Above(string key)
    {
        for (var end = key.LastIndexOf(':'); end > 0; end = key.LastIndexOf(':', end - 1))
        {
            yield return key[..end];
        }
    }
}
