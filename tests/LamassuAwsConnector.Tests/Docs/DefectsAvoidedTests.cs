using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using LamassuAwsConnector.Tests.Infrastructure;
using Xunit.v3;

namespace LamassuAwsConnector.Tests.Docs;

/// <summary>The list of the existing connector's defects names a test for each, or says why there can be none.</summary>
public sealed partial class DefectsAvoidedTests(ITestOutputHelper output)
{
    private const int Defects = 76;
    private const string Open = "open";
    private const string CanNotApply = "can't apply: ";

    [Fact]
    public void Every_defect_has_one_row() => Assert.Equal(Enumerable.Range(1, Defects), Rows().Select(row => row.Number));

    [Fact]
    public void Every_row_says_what_the_defect_is_and_what_happens_instead() =>
        Assert.All(Rows(), row => Assert.True(row is { Defect.Length: > 0, Instead.Length: > 0 }, $"{row.Number}"));

    [Fact]
    public void Every_test_that_a_row_names_exists()
    {
        var tests = typeof(DefectsAvoidedTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public))
            .Where(method => method.GetCustomAttributes().Any(attribute => attribute is IFactAttribute))
            .Select(method => method.Name)
            .ToHashSet(StringComparer.Ordinal);

        Assert.Empty(Rows().SelectMany(row => row.Tests.Where(test => !tests.Contains(test)).Select(test => $"{row.Number}: {test}")));
    }

    [Fact]
    public void Every_row_names_a_test_or_says_why_there_is_none_or_is_open()
    {
        var rows = Rows();

        output.WriteLine($"Open: {string.Join(", ", rows.Where(row => row.IsOpen).Select(row => row.Number))}");

        Assert.Empty(rows.Where(row => row.Tests.Count == 0 && !row.IsOpen && !row.HasReason).Select(row => row.Number));
    }

    private static List<Row> Rows() =>
    [
        .. File.ReadLines(Path.Combine(TestFolders.Repository, "docs", "defects-avoided.md"))
            .Select(line => RowOfTable().Match(line))
            .Where(match => match.Success)
            .Select(match => new Row(
                int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value)),
    ];

    [GeneratedRegex(@"^\| ([0-9]+) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$")]
    private static partial Regex RowOfTable();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InBackquotes();

    private sealed record Row(int Number, string Defect, string Instead, string Evidence)
    {
        public IReadOnlyList<string> Tests => [.. InBackquotes().Matches(Evidence).Select(match => match.Groups[1].Value)];

        public bool IsOpen => Evidence == Open || Evidence.EndsWith($", {Open}", StringComparison.Ordinal);

        public bool HasReason => Evidence.StartsWith(CanNotApply, StringComparison.Ordinal) && Evidence.Length > CanNotApply.Length;
    }
}
