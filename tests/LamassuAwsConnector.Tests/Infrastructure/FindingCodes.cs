using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Tests.Infrastructure;

/// <summary>The codes of findings, in answers and in the sources.</summary>
internal static partial class FindingCodes
{
    public static IReadOnlyList<string> Of(JsonObject view) => [.. view["findings"]!.AsArray().Select(finding => finding!["code"]!.GetValue<string>())];

    /// <summary>Every code that a source of Core spells.</summary>
    public static IReadOnlyList<string> In(string file) => [.. Code()
        .Matches(File.ReadAllText(Path.Combine(TestFolders.Repository, "src", "LamassuAwsConnector.Core", file)))
        .Select(match => match.Groups[1].Value)
        .Distinct(StringComparer.Ordinal)];

    [GeneratedRegex("""new Finding\(\s*"([a-z_]+)",""")]
    private static partial Regex Code();
}
