using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>One <c>field[operator]value</c>.</summary>
internal sealed partial class ListFilter
{
    private static readonly string[] TextOperators = ["eq", "eq_ic", "ne", "ne_ic", "ct", "ct_ic", "nc", "nc_ic", "in", "in_ic", "nin", "nin_ic"];

    private static readonly FrozenDictionary<ListFieldType, string[]> OperatorsOf = new Dictionary<ListFieldType, string[]>
    {
        [ListFieldType.Text] = TextOperators,
        [ListFieldType.TextList] = ["ct", "ct_ic"],
        [ListFieldType.Date] = ["bf", "eq", "af"],
        [ListFieldType.Enumeration] = ["eq", "ne", "in"],
        [ListFieldType.Json] = ["jsonpath"],
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> ShortNames = new Dictionary<string, string>
    {
        ["equal"] = "eq",
        ["equal_ignorecase"] = "eq_ic",
        ["notequal"] = "ne",
        ["notequal_ignorecase"] = "ne_ic",
        ["contains"] = "ct",
        ["contains_ignorecase"] = "ct_ic",
        ["notcontains"] = "nc",
        ["notcontains_ignorecase"] = "nc_ic",
        ["before"] = "bf",
        ["after"] = "af",
    }.ToFrozenDictionary();

    private readonly string operation;
    private readonly string value;

    private ListFilter(ListField field, string operation, string value)
    {
        Field = field;
        this.operation = operation;
        this.value = value;
    }

    public ListField Field { get; }

    /// <summary>Null when the filter is not understood: Lamassu then drops it and answers with everything.</summary>
    public static ListFilter? FromQuery(string text, FrozenDictionary<string, ListField> fields)
    {
        var match = Syntax.Match(text);
        if (!match.Success || !fields.TryGetValue(match.Groups["field"].Value, out var field))
        {
            return null;
        }

        var operand = match.Groups["operator"].Value.ToLowerInvariant();
        var operation = ShortNames.GetValueOrDefault(operand, operand);
        return OperatorsOf[field.Type].Contains(operation)
            ? new ListFilter(field, operation, match.Groups["value"].Value)
            : throw new InvalidFilterException($"invalid filter operand '{operand}' for field '{field.Name}' of type {(int)field.Type}");
    }

    public static ListFilter? FromBookmark(string part, FrozenDictionary<string, ListField> fields)
    {
        var pieces = part.Split('-', 3);
        return pieces.Length == 3
            && fields.TryGetValue(Decode(pieces[0]), out var field)
            && int.TryParse(pieces[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < OperatorsOf[field.Type].Length
                ? new ListFilter(field, OperatorsOf[field.Type][number], Decode(pieces[2]))
                : null;
    }

    public string ToBookmark() => $"{Encode(Field.Name)}-{Array.IndexOf(OperatorsOf[Field.Type], operation)}-{Encode(value)}";

    public bool Matches(JsonObject row) => Field.Type switch
    {
        ListFieldType.Text or ListFieldType.Enumeration => MatchesText(Field.TextOf(row)),
        ListFieldType.TextList => Field.ItemsOf(row).Contains(value, operation == "ct_ic" ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal),
        ListFieldType.Date => MatchesDate(Field.TextOf(row)),
        _ => throw new LamassuException("this stand-in does not evaluate jsonpath"),
    };

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Decode(string text) => Encoding.UTF8.GetString(CertificateText.ReadBase64(text));

    private bool MatchesText(string text)
    {
        var ignoreCase = operation.EndsWith("_ic", StringComparison.Ordinal);
        return operation switch
        {
            "eq" => text == value,
            "ne" => text != value,
            // Equality without regard to case is ILIKE: % and _ are wildcards in it.
            "eq_ic" => IsLike(text, value, ignoreCase),
            "ne_ic" => !IsLike(text, value, ignoreCase),
            "ct" or "ct_ic" => IsLike(text, $"%{value}%", ignoreCase),
            "nc" or "nc_ic" => !IsLike(text, $"%{value}%", ignoreCase),
            "in" or "in_ic" => value.Length == 0 || IsListed(text, ignoreCase),
            _ => value.Length == 0 || !IsListed(text, ignoreCase),
        };
    }

    private bool IsListed(string text, bool ignoreCase) =>
        value.Split(',').Contains(text, ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private bool MatchesDate(string text)
    {
        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var limit))
        {
            throw new LamassuException($"ERROR: invalid input syntax for type timestamp with time zone: \"{value}\" (SQLSTATE 22007)");
        }

        var time = GoTime.Parse(text);
        return operation switch { "bf" => time < limit, "af" => time > limit, _ => time == limit };
    }

    private static bool IsLike(string text, string pattern, bool ignoreCase)
    {
        var expression = Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal);
        var options = RegexOptions.CultureInvariant | RegexOptions.Singleline | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        return Regex.IsMatch(text, $"^{expression}$", options);
    }

    [GeneratedRegex(
        @"^(?<field>[^\[]+)\[(?<operator>[^\]]*)\](?<value>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Syntax { get; }
}

/// <summary>A filter whose operator its field does not have: 400 on every list.</summary>
internal sealed class InvalidFilterException(string message) : Exception(message);
