using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using YamlDotNet.RepresentationModel;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Telemetry;

/// <summary>Dashboard, alerts and the page for operators speak of what a running connector shows.</summary>
public sealed partial class OperationsTests
{
    // Prometheus's own.
    private static readonly string[] OwnSeries = ["up"];
    private static readonly string[] OwnLabels = ["instance", "job", "le"];
    private static readonly string[] Keywords = ["and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset"];

    [Fact]
    public async Task Each_query_of_the_dashboard_and_the_alerts_finds_series_with_its_labels()
    {
        var queries = DashboardQueries().Concat(Alerts().Select(alert => alert.Expression)).ToList();
        var metrics = await MetricsOfABusyConnectorAsync();

        Assert.True(queries.Count > 20, $"{queries.Count} queries");
        foreach (var query in queries)
        {
            var names = NamesIn(query);
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.True(metrics.Names.Contains(name) || OwnSeries.Contains(name), $"No {name} at /metrics: {query}"));
            var labels = names.SelectMany(name => metrics.Series.Where(series => series.Split('{')[0] == name))
                .SelectMany(LabelsOf).Concat(OwnLabels).ToHashSet();
            Assert.All(LabelsIn(query), label => Assert.True(labels.Contains(label), $"No label {label}: {query}"));
        }
    }

    [Fact]
    public void Each_panel_has_a_title_a_unit_and_a_query_and_none_lies_on_another()
    {
        var panels = Panels().ToList();

        Assert.All(panels, panel =>
        {
            Assert.NotEmpty(panel["title"]!.GetValue<string>());
            Assert.NotEmpty(panel["fieldConfig"]!["defaults"]!["unit"]!.GetValue<string>());
            Assert.NotEmpty(panel["targets"]!.AsArray());
        });
        Assert.Equal(panels.Count, panels.Select(panel => panel["id"]!.GetValue<int>()).Distinct().Count());
        Assert.Equal(panels.Count, panels.Select(panel => $"{panel["gridPos"]!["x"]},{panel["gridPos"]!["y"]}").Distinct().Count());
    }

    [Fact]
    public void Each_alert_leads_to_a_chapter_of_the_page()
    {
        var chapters = Headings().Matches(Read("docs", "operations.md"))
            .Select(heading => $"docs/operations.md#{heading.Groups["title"].Value.ToLowerInvariant().Replace(' ', '-')}").ToHashSet();

        Assert.All(Alerts(), alert => Assert.Contains(alert.Runbook, chapters));
    }

    [Fact]
    public async Task The_page_names_what_there_is_and_leaves_out_none()
    {
        var metrics = (await MetricsOfABusyConnectorAsync()).Names.Select(WithoutSuffix).Where(name => name != "target_info").ToHashSet();
        var named = MetricRows().Matches(Read("docs", "operations.md")).Select(row => row.Groups["name"].Value).ToHashSet();

        Assert.Equal(metrics.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Prometheus_reads_the_rules_beside_its_configuration()
    {
        var configuration = (YamlMappingNode)Yaml("deploy", "prometheus", "prometheus.yml");

        Assert.Equal("alerts.yml", ((YamlSequenceNode)configuration["rule_files"]).Children.Single().ToString());
        Assert.Equal("/metrics", configuration["scrape_configs"][0]["metrics_path"].ToString());
    }

    /// <summary>All that can happen has happened: registered, refused by AWS, revoked, asked for an action.</summary>
    private static async Task<PrometheusText> MetricsOfABusyConnectorAsync()
    {
        var dms = LamassuJson.AutoDms(LamassuJson.Lamassu3Key);
        dms[LamassuJson.Lamassu3Key]!["shadow_config"] = new JsonObject { ["enable"] = true, ["shadow_name"] = "" };
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, dms, configuration: ("aws_config:limit_calls", "true"));
        await scenario.Stage.FailAwsAsync("RegisterThing", 1, "ThrottlingException", status: 429);
        var serial = await scenario.EnrolAsync();
        using var asked = await scenario.Stage.PostAsync(
            $"/v1/devices/{Device}/shadow/actions", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["actions"] = new JsonArray("rotate") });
        Assert.True(asked.IsSuccessStatusCode);
        await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED");
        await scenario.Stage.WhenQuietAsync();
        using var ready = await scenario.Stage.Connector.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.True(ready.IsSuccessStatusCode);
        return await PrometheusText.ReadAsync(scenario.Stage);
    }

    private static IEnumerable<string> DashboardQueries()
    {
        foreach (var target in Panels().SelectMany(panel => panel["targets"]!.AsArray()))
        {
            yield return target!["expr"]!.GetValue<string>();
        }

        foreach (var variable in Dashboard()["templating"]!["list"]!.AsArray().Where(variable => variable!["type"]!.GetValue<string>() == "query"))
        {
            yield return LabelValues().Match(variable!["query"]!["query"]!.GetValue<string>()).Groups["metric"].Value;
        }
    }

    private static IEnumerable<JsonObject> Panels() =>
        Dashboard()["panels"]!.AsArray().Select(panel => panel!.AsObject()).Where(panel => panel["type"]!.GetValue<string>() != "row");

    private static JsonNode Dashboard() => JsonNode.Parse(Read("deploy", "grafana", "lamassu-aws-connector.json"))!;

    private static IEnumerable<(string Expression, string Runbook)> Alerts() =>
        from @group in (YamlSequenceNode)Yaml("deploy", "prometheus", "alerts.yml")["groups"]
        from rule in (YamlSequenceNode)@group["rules"]
        select (rule["expr"].ToString(), rule["annotations"]["runbook"].ToString());

    // What is left of a query without texts, labels and functions.
    private static List<string> NamesIn(string query)
    {
        var rest = Matchers().Replace(Grouping().Replace(Ranges().Replace(query, ""), " "), "");
        return [.. Names().Matches(rest).Select(match => match.Value).Except(Keywords)];
    }

    private static IEnumerable<string> LabelsIn(string query)
    {
        var matched = Matchers().Matches(query).SelectMany(match => MatcherLabels().Matches(match.Value)).Select(match => match.Groups["label"].Value);
        var grouped = Grouping().Matches(query).SelectMany(match => match.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries));
        return matched.Concat(grouped);
    }

    private static IEnumerable<string> LabelsOf(string series) => MatcherLabels().Matches(series).Select(match => match.Groups["label"].Value);

    private static string WithoutSuffix(string name) => Suffixes().Replace(name, "");

    private static YamlNode Yaml(params string[] path)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Read(path)));
        return yaml.Documents[0].RootNode;
    }

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([TestFolders.Repository, .. path]));

    [GeneratedRegex("""\{("[^"]*"|[^"}])*\}""")]
    private static partial Regex Matchers();

    [GeneratedRegex("""(?<label>[a-zA-Z_][a-zA-Z0-9_]*)(=~|!~|!=|=)"[^"]*"?""")]
    private static partial Regex MatcherLabels();

    [GeneratedRegex("""\b(by|without|on|ignoring)\s*\((?<labels>[^)]*)\)""")]
    private static partial Regex Grouping();

    [GeneratedRegex("""\[[^\]]*\]""")]
    private static partial Regex Ranges();

    [GeneratedRegex("""(?<![\w:$.])[a-zA-Z_:][\w:]*(?!\w|\s*\()""")]
    private static partial Regex Names();

    [GeneratedRegex("""label_values\((?<metric>[^,]+),""")]
    private static partial Regex LabelValues();

    [GeneratedRegex("""^#{2,3} (?<title>.+)$""", RegexOptions.Multiline)]
    private static partial Regex Headings();

    // The first cell of a row.
    [GeneratedRegex("""^\| `(?<name>(lamassu|http)_[a-z_]+)`""", RegexOptions.Multiline)]
    private static partial Regex MetricRows();

    [GeneratedRegex("_(count|sum|bucket)$")]
    private static partial Regex Suffixes();
}
