using System.Buffers;
using System.Globalization;
using System.Text;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>Lamassu's durations: Go's, with days, weeks and years of 52 weeks.</summary>
internal static class LamassuDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Unit, long Nanoseconds)[] Units =
    [
        ("y", 52 * 7 * 24 * 3_600_000_000_000L),
        ("w", 7 * 24 * 3_600_000_000_000L),
        ("d", 24 * 3_600_000_000_000L),
        ("h", 3_600_000_000_000L),
        ("m", 60_000_000_000L),
        ("s", 1_000_000_000L),
        ("ms", 1_000_000L),
        ("us", 1_000L),
        ("ns", 1L),
    ];

    public static string Respell(string text) => Format(ParseNanoseconds(text));

    /// <summary>To 100 ns, which is all that a <see cref="TimeSpan"/> holds.</summary>
    public static TimeSpan Parse(string text) => TimeSpan.FromTicks(ParseNanoseconds(text) / 100);

    private static long ParseNanoseconds(string text)
    {
        if (text == "0")
        {
            return 0;
        }

        var negative = text.StartsWith('-');
        var rest = text.AsSpan(negative || text.StartsWith('+') ? 1 : 0);
        var total = 0m;
        if (rest.IsEmpty)
        {
            throw Invalid(text);
        }

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                throw Invalid(text);
            }

            rest = rest[digits..];
            var end = rest.IndexOfAny(NumberCharacters);
            var unit = (end < 0 ? rest : rest[..end]).ToString();
            rest = rest[unit.Length..];
            total += number * NanosecondsOf(unit, text);
        }

        return total > long.MaxValue ? throw Invalid(text) : (long)(negative ? -total : total);
    }

    private static string Format(long nanoseconds)
    {
        if (nanoseconds == 0)
        {
            return "0s";
        }

        var text = new StringBuilder(nanoseconds < 0 ? "-" : "");
        var rest = Math.Abs(nanoseconds);
        foreach (var (unit, size) in Units)
        {
            if (rest >= size)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / size}{unit}");
                rest %= size;
            }
        }

        return text.ToString();
    }

    private static long NanosecondsOf(string unit, string text) =>
        Units.FirstOrDefault(known => known.Unit == (unit is "µs" or "μs" ? "us" : unit)).Nanoseconds is > 0 and var size ? size : throw Invalid(text);

    private static WireException Invalid(string text) => new($"time: invalid duration \"{text}\"");
}
