using System.Reflection;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Lamassu;
using Microsoft.Extensions.Configuration;

namespace LamassuAwsConnector.Tests.Configuration;

/// <summary>Every option of the connector by its key, parts joined by a colon, as the options' types have them.</summary>
internal static class KnownOptions
{
    public static IReadOnlySet<string> Keys { get; } = All().ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> All()
    {
        var sections = new[] { typeof(ConnectorOptions).Assembly, typeof(ConnectorApplication).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Select(type => (Type: type, Section: type.GetField("SectionName")?.GetValue(null) as string)).Where(options => options.Section is not null);
        return sections.SelectMany(options => KeysOf(options.Type, $"{options.Section}:"))
            .Concat(KeysOf(typeof(ConnectorOptions), ""))
            .Concat(KeysOf(typeof(LamassuOptions), ""))
            .Concat(KeysOf(typeof(EventBusOptions), $"{EventBusOptions.EventsSection}:"))
            .Concat(KeysOf(typeof(EventBusOptions), $"{EventBusOptions.DeadLettersSection}:"));
    }

    private static IEnumerable<string> KeysOf(Type type, string prefix) =>
        from property in type.GetProperties()
        let name = property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name
        where name is not null
        from key in KeysOf(property.PropertyType, $"{prefix}{name}:").DefaultIfEmpty($"{prefix}{name}")
        select key;
}
