using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Configuration;

/// <summary>
/// What the attributes of an options class demand, said by the keys of the YAML file. In place of the generated validators: these know properties, not
/// keys, and their copy of <see cref="RangeAttribute"/> forgets its message.
/// </summary>
internal sealed class AttributeRules<TOptions>(IOptions<AttributeRules<TOptions>.Sections> sections) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        if (!sections.Value.Keys.TryGetValue(name ?? "", out var section))
        {
            return ValidateOptionsResult.Skip;
        }

        var wrong = AttributeRules.Wrong(options, section).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <summary>The section of each instance of the class, by its name.</summary>
    internal sealed class Sections
    {
        public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);
    }
}

internal static class AttributeRules
{
    // A word, not a token that was pasted to the wrong place.
    private const int LongestShown = 40;

    public static IEnumerable<string> Wrong(object options, string section) => OptionMember.Of(options.GetType(), section).SelectMany(member =>
    {
        var value = member.Property.GetValue(options);
        var own = member.Rules.Where(rule => !rule.IsValid(value)).Select(rule => Sentence(rule, member, value));
        return member.IsSection && value is not null ? own.Concat(Wrong(value, member.Key)) : own;
    });

    private static string Sentence(ValidationAttribute rule, OptionMember member, object? value) => rule switch
    {
        RangeAttribute range => $"{member.Path} must lie between {Text(range.Minimum)} and {Text(range.Maximum)}{Present(member, value)}",
        AllowedValuesAttribute allowed => $"{member.Path} must be {Either(allowed)}{Present(member, value)}",
        _ => rule.FormatErrorMessage(member.Path),
    };

    private static string Present(OptionMember member, object? value) =>
        Text(value) is { Length: > 0 and <= LongestShown } text && !member.IsSecret ? $"; it is '{text}'" : "";

    private static string Either(AllowedValuesAttribute allowed)
    {
        var words = allowed.Values.Select(Text).Where(word => word.Length > 0).ToList();
        return words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words[..^1])} or {words[^1]}";
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
