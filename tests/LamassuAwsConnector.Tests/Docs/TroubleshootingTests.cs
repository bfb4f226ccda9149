using System.Text.RegularExpressions;
using LamassuAwsConnector.Api.Configuration;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Docs;

/// <summary>What the page for troubles quotes is in the code.</summary>
public sealed partial class TroubleshootingTests
{
    // Of the published documentation; each has a chapter.
    private static readonly string[] Symptoms =
    [
        "something went wrong while registering CA certificate: ValidationException",
        "could not register thing: ResourceAlreadyExistsException",
        "could not update shadow: ResourceNotFoundException",
    ];

    private static readonly string Page = File.ReadAllText(Path.Combine(TestFolders.Repository, "docs", "troubleshooting.md"));
    private static readonly string Operations = File.ReadAllText(Path.Combine(TestFolders.Repository, "docs", "operations.md"));

    [Fact]
    public void Each_symptom_of_the_published_documentation_has_a_chapter() =>
        Assert.All(Symptoms, symptom => Assert.Contains($"### `{symptom}`", Page, StringComparison.Ordinal));

    [Fact]
    public void Each_message_is_one_of_the_connector()
    {
        // Words apart make a message; the first two columns have them.
        var messages = Rows().SelectMany(row => row.Take(2)).SelectMany(Quoted).Where(quoted => quoted.Contains(' ', StringComparison.Ordinal))
            .Where(quoted => !IsCommand(quoted)).Distinct().ToList();

        Assert.True(messages.Count > 60, $"{messages.Count} messages");
        Assert.All(messages, message => Assert.True(Sources.Say(message), message));
    }

    [Fact]
    public void Each_code_is_one_of_the_connector()
    {
        var codes = Rows().SelectMany(row => Quoted(row[0])).Where(quoted => Codes().IsMatch(quoted) && !quoted.StartsWith("lamassu_connector_", StringComparison.Ordinal)
            && !quoted.StartsWith("lamassu_aws_iot_", StringComparison.Ordinal)).Distinct().ToList();

        Assert.True(codes.Count > 30, $"{codes.Count} codes");
        Assert.All(codes, code => Assert.True(Sources.Name(code), code));
    }

    [Fact]
    public void Each_option_exists()
    {
        var options = Quoted(Page).Where(quoted => OptionNames().IsMatch(quoted) && !quoted.StartsWith("shadow_config.", StringComparison.Ordinal)
            && quoted != "registration.error").Distinct().ToList();

        Assert.True(options.Count > 15, $"{options.Count} options");
        Assert.All(options, option => Assert.Contains(option.Replace('.', ':'), ConfigurationSchema.Options.Select(known => known.Key)));
    }

    [Fact]
    public void Each_metric_alert_and_route_exists()
    {
        var metrics = Quoted(Page).Where(quoted => Metrics().IsMatch(quoted)).Select(name => Suffixes().Replace(name, "")).Distinct().ToList();
        var alerts = AlertNames().Matches(Page).Select(match => match.Groups["alert"].Value).ToList();
        var routes = Routes().Matches(Page).Select(match => match.Groups["path"].Value).Distinct().ToList();
        var openApi = File.ReadAllText(Path.Combine(TestFolders.Repository, "openapi", "connector.v1.json"));

        Assert.NotEmpty(metrics);
        Assert.All(metrics, metric => Assert.Contains($"| `{metric}` |", Operations, StringComparison.Ordinal));
        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert => Assert.Contains($"alert: {alert}\n", File.ReadAllText(Path.Combine(TestFolders.Repository, "deploy", "prometheus", "alerts.yml")), StringComparison.Ordinal));
        Assert.NotEmpty(routes);
        Assert.All(routes, route => Assert.Contains($"\"{route}\"", openApi, StringComparison.Ordinal));
    }

    private static bool IsCommand(string quoted) => quoted.StartsWith("aws ", StringComparison.Ordinal) || quoted.StartsWith("GET ", StringComparison.Ordinal)
        || quoted.StartsWith("POST ", StringComparison.Ordinal);

    private static IEnumerable<string[]> Rows() => Page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split(" | "));

    private static IEnumerable<string> Quoted(string text) => InBackquotes().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex InBackquotes();

    [GeneratedRegex(@"^([a-z]+(_[a-z]+)+|[A-Z]\w+Exception)$")]
    private static partial Regex Codes();

    [GeneratedRegex(@"^(?!iot|data-ats)[a-z_]+(\.[a-z_]+)+$")]
    private static partial Regex OptionNames();

    [GeneratedRegex(@"^lamassu_(aws_iot|connector)_\w+$")]
    private static partial Regex Metrics();

    [GeneratedRegex("_(count|sum|bucket)$")]
    private static partial Regex Suffixes();

    [GeneratedRegex(@"the alert (?<alert>\w+)")]
    private static partial Regex AlertNames();

    [GeneratedRegex(@"`(GET|POST|PUT|DELETE) (?<path>/[^`\s]+)`")]
    private static partial Regex Routes();
}
