using System.Text.RegularExpressions;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Docs;

/// <summary>The connector's source, for pages that quote it.</summary>
internal static partial class Sources
{
    private static readonly Lazy<IReadOnlyList<string>> All = new(() =>
    [
        .. new[] { "Core", "Api" }.SelectMany(project => Directory.EnumerateFiles(
            Path.Combine(TestFolders.Repository, "src", $"LamassuAwsConnector.{project}"), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Select(file => Joint().Replace(File.ReadAllText(file), "")),
    ]);

    /// <param name="message">As a page quotes it, with … for what changes.</param>
    /// <returns>Whether a statement of the source has all its parts, in this order.</returns>
    public static bool Say(string message)
    {
        var parts = message.Split('…', StringSplitOptions.RemoveEmptyEntries).Where(part => part.Trim().Length > 0).Select(Regex.Escape);
        var pattern = new Regex(string.Join("[^;]{1,400}?", parts), RegexOptions.CultureInvariant);
        return All.Value.Any(pattern.IsMatch);
    }

    /// <summary>Whether the word is a text of its own in the source, e.g. an error's code.</summary>
    public static bool Name(string word) => All.Value.Any(text => text.Contains($"\"{word}\"", StringComparison.Ordinal));

    // Where a text goes on in the next line.
    [GeneratedRegex("\"\\s*\\+\\s*\\$?\"")]
    private static partial Regex Joint();
}
