using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LamassuAwsConnector.Api.Configuration;
using LamassuAwsConnector.Core.Configuration;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;

namespace LamassuAwsConnector.Tests.Docs;

/// <summary><c>docs/configuration.md</c> lists the options that there are, with their classes' words. <c>UPDATE_DOCS=1</c> rewrites the list.</summary>
public sealed partial class ConfigurationReferenceTests
{
    private const string Begin = "<!-- options: begin. Made from their classes; UPDATE_DOCS=1 with ConfigurationReferenceTests writes it again. -->\n";
    private const string End = "<!-- options: end -->";

    private static readonly string Page = Path.Combine(TestFolders.Repository, "docs", "configuration.md");

    private static readonly Dictionary<string, XElement> Summaries = new[] { typeof(ConfigurationSchema), typeof(OptionMember) }
        .SelectMany(type => XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member"))
        .Where(member => member.Element("summary") is not null && NameOf(member).Contains(":LamassuAwsConnector.", StringComparison.Ordinal))
        .ToDictionary(NameOf, member => member.Element("summary")!);

    [Fact]
    public async Task The_page_lists_the_options_that_there_are()
    {
        var page = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        var list = List();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(Page, page[..begin] + list + page[end..], TestContext.Current.CancellationToken);
            return;
        }

        Assert.True(list == page[begin..end], "docs/configuration.md lists other options than there are; UPDATE_DOCS=1 writes it again");
    }

    [Fact]
    public void Every_class_of_options_is_known()
    {
        var known = ConfigurationSchema.Sections.SelectMany(section => WithNested(section.Options)).ToHashSet();

        var all = new[] { typeof(ConfigurationSchema), typeof(OptionMember) }.SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.GetProperties().Any(property => property.IsDefined(typeof(ConfigurationKeyNameAttribute), inherit: false)));

        Assert.Empty(all.Where(type => !known.Any(type.IsAssignableFrom)).Select(type => type.Name));
    }

    private static string NameOf(XElement member) => member.Attribute("name")!.Value;

    private static IEnumerable<Type> WithNested(Type options) =>
        OptionMember.Of(options, "").Where(member => member.IsSection).SelectMany(member => WithNested(member.Property.PropertyType)).Prepend(options);

    private static string List()
    {
        var text = new StringBuilder();
        foreach (var (key, options) in ConfigurationSchema.Sections)
        {
            text.Append('\n').Append($"### {(key.Length > 0 ? $"`{key}`" : options.Name == "ConnectorOptions" ? "The connector itself" : "Lamassu's services")}\n\n");
            text.Append(Words(Summaries[$"T:{options.FullName}"])).Append("\n\n| key | default | meaning |\n| --- | --- | --- |\n");
            foreach (var option in OptionMember.AllOf(options, key))
            {
                text.Append($"| `{option.Path}` | {Default(option)} | {Meaning(option)} |\n");
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Default(OptionMember option) => option.IsList || OptionText.Of(option.Default) is not { Length: > 0 } text ? "" : $"`{text}`";

    private static string Meaning(OptionMember option)
    {
        var summary = Words(Summaries[$"P:{option.Property.DeclaringType!.FullName}.{option.Property.Name}"]);
        var rules = option.Rules.Select(rule => rule switch
        {
            RequiredAttribute => "Required.",
            RangeAttribute range => $"{range.Minimum} to {range.Maximum}.",
            _ => "",
        });
        var list = option.IsList ? "A list." : "";
        var secret = option.IsSecret ? "Secret." : "";
        return string.Join(' ', [summary, .. rules.Append(list).Append(secret).Where(word => word.Length > 0)]);
    }

    private static string Words(XElement summary)
    {
        foreach (var code in summary.Descendants("c").ToList())
        {
            code.ReplaceWith($"`{code.Value}`");
        }

        foreach (var see in summary.Descendants("see").ToList())
        {
            var name = see.Attribute("cref")!.Value.Split('.')[^1];
            see.ReplaceWith($"`{Regex.Replace(name, "(?<=[a-z])(?=[A-Z])", "_").ToLowerInvariant()}`");
        }

        return Space().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
