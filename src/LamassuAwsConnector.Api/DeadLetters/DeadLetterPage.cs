using System.Globalization;

namespace LamassuAwsConnector.Api.DeadLetters;

/// <summary>A part of the list. Letters that come or go between two pages move no other one from its page or out of it.</summary>
internal sealed record DeadLetterPage(string? Next, IReadOnlyList<DeadLetterEntry> List)
{
    public static DeadLetterPage Of(IReadOnlyList<DeadLetterEntry> letters, int size, Position? after)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var following = letters
            .OrderBy(letter => letter.Time ?? DateTimeOffset.MinValue).ThenBy(letter => letter.Id, StringComparer.Ordinal)
            .Select(letter => (Letter: letter, Position: new Position(
                (letter.Time ?? DateTimeOffset.MinValue).UtcTicks, letter.Id, seen[letter.Id] = seen.GetValueOrDefault(letter.Id) + 1)))
            .Where(entry => after is null || entry.Position.CompareTo(after) > 0)
            .Take(size + 1)
            .ToList();
        return new DeadLetterPage(
            following.Count > size ? following[size - 1].Position.ToString() : null, [.. following.Take(size).Select(entry => entry.Letter)]);
    }

    /// <param name="Ticks">Of the letter's time.</param>
    /// <param name="Id">Of letters of the same time.</param>
    /// <param name="Occurrence">Of letters with the same id: the same message, dead twice within the clock's resolution.</param>
    internal sealed record Position(long Ticks, string Id, int Occurrence) : IComparable<Position>
    {
        public int CompareTo(Position? other) =>
            other is null ? 1
            : Ticks != other.Ticks ? Ticks.CompareTo(other.Ticks)
            : Id != other.Id ? string.CompareOrdinal(Id, other.Id)
            : Occurrence.CompareTo(other.Occurrence);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ticks}-{Id}-{Occurrence}");

        /// <returns>null when the text is no bookmark.</returns>
        public static Position? Of(string text) =>
            text.Split('-') is [var ticks, { Length: 64 } id, var occurrence]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            && int.TryParse(occurrence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new Position(time, id, number)
                : null;
    }
}
