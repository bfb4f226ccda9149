using System.Text.RegularExpressions;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Docs;

/// <summary>Pages lead to pages and chapters that are there, and each page is found.</summary>
public sealed partial class LinksTests
{
    private static IEnumerable<string> Pages => Directory.EnumerateFiles(Path.Combine(TestFolders.Repository, "docs"), "*.md", SearchOption.AllDirectories)
        .Append(Path.Combine(TestFolders.Repository, "README.md"))
        .Append(Path.Combine(TestFolders.Repository, "CHANGELOG.md"))
        .Append(Path.Combine(TestFolders.Root, "README.md"));

    [Fact]
    public void Each_link_leads_to_a_file_and_a_chapter_that_exist()
    {
        var links = Pages.SelectMany(page => Links().Matches(File.ReadAllText(page)).Select(match => (Page: page, Link: match.Groups["link"].Value)))
            .Where(link => !link.Link.Contains("://", StringComparison.Ordinal)).ToList();

        Assert.True(links.Count > 20, $"{links.Count} links");
        Assert.Empty(links.Where(link => !Resolves(link.Page, link.Link)).Select(link => $"{Path.GetFileName(link.Page)}: {link.Link}"));
    }

    [Fact]
    public void The_index_has_each_page_once_and_the_README_leads_to_it()
    {
        var docs = Path.Combine(TestFolders.Repository, "docs");
        var indexed = IndexRows().Matches(File.ReadAllText(Path.Combine(docs, "README.md"))).Select(match => match.Groups["page"].Value).ToList();
        var pages = Directory.EnumerateFiles(docs, "*.md").Select(Path.GetFileName).Where(name => name != "README.md").Append("adr/README.md");

        Assert.Equal(pages.Order(StringComparer.Ordinal), indexed.Order(StringComparer.Ordinal));
        Assert.Contains("](docs/README.md)", File.ReadAllText(Path.Combine(TestFolders.Repository, "README.md")), StringComparison.Ordinal);
        var decisions = Directory.EnumerateFiles(Path.Combine(docs, "adr"), "0*.md").Select(Path.GetFileName);
        var index = File.ReadAllText(Path.Combine(docs, "adr", "README.md"));
        Assert.All(decisions, decision => Assert.Contains($"]({decision})", index, StringComparison.Ordinal));
    }

    private static bool Resolves(string page, string link)
    {
        var parts = link.Split('#', 2);
        var target = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, parts[0]));
        return parts.Length == 1 ? File.Exists(target) || Directory.Exists(target) : File.Exists(target) && Chapters(target).Contains(parts[1]);
    }

    // As GitHub and others make them.
    private static HashSet<string> Chapters(string page) =>
        [.. Headings().Matches(File.ReadAllText(page)).Select(match => NotInAnchor().Replace(match.Groups["title"].Value.ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\((?<link>[^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^#{1,6} (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^\| \[[^\]]+\]\((?<page>[^)]+)\) \|", RegexOptions.Multiline)]
    private static partial Regex IndexRows();
}
