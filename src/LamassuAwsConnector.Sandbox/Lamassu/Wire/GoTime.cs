using System.Globalization;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>Times as text: RFC 3339 with up to nine fraction digits, more than a <see cref="DateTimeOffset"/> holds.</summary>
internal static partial class GoTime
{
    /// <summary>Go's zero instant: how Lamassu says "no time".</summary>
    public const string Zero = "0001-01-01T00:00:00Z";

    /// <param name="time">The instant, to 100 ns.</param>
    /// <param name="nanoseconds">What is below 100 ns: 0 to 99.</param>
    public static string Format(DateTimeOffset time, int nanoseconds = 0)
    {
        var utc = time.UtcDateTime;
        var fraction = (utc.Ticks % TimeSpan.TicksPerSecond * 100) + nanoseconds;
        return Spell(utc.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture), fraction.ToString("D9", CultureInfo.InvariantCulture), "Z");
    }

    /// <summary>The same instant as Lamassu prints it again: no trailing zeros, at most nine digits, the offset kept.</summary>
    public static string Respell(string text) => Cut(text, digits: 9);

    /// <summary>What is left of a time after it was in the database: microseconds.</summary>
    public static string ToMicroseconds(string text) => Cut(text, digits: 6);

    public static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(
        Cut(text, digits: 7), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static string Cut(string text, int digits)
    {
        var match = Rfc3339.Match(text);
        if (!match.Success || !DateTime.TryParse(match.Groups["time"].Value, CultureInfo.InvariantCulture, out _))
        {
            throw new WireException($"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse it");
        }

        var fraction = match.Groups["fraction"].Value;
        var offset = match.Groups["offset"].Value;
        return Spell(match.Groups["time"].Value, fraction.Length > digits ? fraction[..digits] : fraction, offset is "+00:00" or "-00:00" ? "Z" : offset);
    }

    private static string Spell(string time, string fraction, string offset)
    {
        fraction = fraction.TrimEnd('0');
        return fraction.Length == 0 ? time + offset : $"{time}.{fraction}{offset}";
    }

    [GeneratedRegex(
        @"^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.(?<fraction>\d+))?(?<offset>Z|[+-]\d\d:\d\d)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339 { get; }
}
