using System.Globalization;
using LamassuAwsConnector.Core.Configuration;

namespace LamassuAwsConnector.Api.Configuration;

/// <summary>Values of the wrong kind: a word where a number belongs, a value where a section or a list does.</summary>
internal static class UnreadableValues
{
    private const int LongestShown = 40;

    /// <returns>Each with what may stand in its place, so that the rest can be read and judged.</returns>
    public static IEnumerable<(string Key, string Problem, string? Instead)> Find(IConfiguration configuration) =>
        Misplaced(configuration).Concat(ConfigurationSchema.Options
            .SelectMany(option => option.IsList ? OfList(configuration, option) : OfOne(configuration, option)));

    private static IEnumerable<(string Key, string Problem, string? Instead)> OfOne(IConfiguration configuration, OptionMember option)
    {
        if (configuration.GetSection(option.Key).GetChildren().Any())
        {
            yield return (option.Key, $"{option.Path} must be one value", OptionText.Of(option.Default));
        }
        else if (configuration[option.Key] is { } value && Wrong(option, option.Property.PropertyType, value) is { } wrong)
        {
            yield return (option.Key, $"{option.Path} must be {wrong}", OptionText.Of(option.Default));
        }
    }

    private static IEnumerable<(string Key, string Problem, string? Instead)> OfList(IConfiguration configuration, OptionMember option)
    {
        foreach (var element in configuration.GetSection(option.Key).GetChildren())
        {
            if (element.Value is { } value && Wrong(option, option.ElementType!, value) is { } wrong)
            {
                yield return ($"{option.Key}:{element.Key}", $"{option.Path}.{element.Key} must be {wrong}", OptionText.Of(TimeSpan.FromSeconds(10)));
            }
        }
    }

    private static IEnumerable<(string Key, string Problem, string? Instead)> Misplaced(IConfiguration configuration)
    {
        foreach (var option in ConfigurationSchema.Options.Where(option => option.IsList && configuration[option.Key] is { Length: > 0 }))
        {
            yield return (option.Key, $"{option.Path} must be a list", null);
        }

        foreach (var section in ConfigurationSchema.Options.SelectMany(option => Above(option.Key)).Distinct(StringComparer.Ordinal))
        {
            if (configuration[section] is { Length: > 0 })
            {
                yield return (section, $"{section.Replace(':', '.')} must hold keys, and holds a value", null);
            }
        }

        static IEnumerable<string> Above(string key)
        {
            var parts = key.Split(':');
            return parts[..^1].Select((_, index) => string.Join(':', parts[..(index + 1)]));
        }
    }

    private static string? Wrong(OptionMember option, Type type, string value)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        var isOptional = kind != type && value.Length == 0;
        var (isRight, what) =
            kind == typeof(bool) ? (bool.TryParse(value, out _), "true or false")
            : kind == typeof(int) ? (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _), "a whole number")
            : kind == typeof(double) ? (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _), "a number")
            : kind == typeof(TimeSpan) ? (IsTime(value), "a time as hours:minutes:seconds, e.g. 00:00:30, or days.hours:minutes:seconds")
            : (true, "");
        var present = value.Length <= LongestShown && !option.IsSecret ? $"; it is '{value}'" : "";
        return isRight || isOptional ? null : what + present;
    }

    // A bare number would be days, which nobody means.
    private static bool IsTime(string value) =>
        value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _);
}
