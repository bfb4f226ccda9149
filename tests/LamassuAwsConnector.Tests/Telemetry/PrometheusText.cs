using System.Globalization;
using System.Text.RegularExpressions;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Telemetry;

/// <summary>What <c>/metrics</c> says, as Prometheus reads it: series to value, the series as written (<c>name{label="value"}</c>).</summary>
internal sealed partial class PrometheusText(IReadOnlyDictionary<string, double> series)
{
    public IEnumerable<string> Series => series.Keys;

    /// <summary>Names with the suffixes that queries use: <c>…_total</c>, <c>…_bucket</c>.</summary>
    public IReadOnlySet<string> Names { get; } = series.Keys.Select(key => key.Split('{')[0]).ToHashSet(StringComparer.Ordinal);

    public double? this[string key] => series.TryGetValue(key, out var value) ? value : null;

    public static Task<PrometheusText> ReadAsync(TestStage stage) => ReadAsync(stage.Connector);

    public static async Task<PrometheusText> ReadAsync(HttpClient connector)
    {
        using var response = await connector.GetAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        return Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Of the series of that name that have these labels among theirs.</summary>
    public double Sum(string name, params string[] labels) => series
        .Where(entry => entry.Key.Split('{')[0] == name && labels.All(label => entry.Key.Contains(label, StringComparison.Ordinal)))
        .Sum(entry => entry.Value);

    private static PrometheusText Parse(string text)
    {
        var series = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var match = Line().Match(line);
            Assert.True(match.Success, $"No line of Prometheus's format: {line}");
            var name = match.Groups["series"].Value.Replace("{}", "", StringComparison.Ordinal);
            series[name] = double.Parse(match.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }

        return new PrometheusText(series);
    }

    [GeneratedRegex("""^(?<series>[a-zA-Z_:][a-zA-Z0-9_:]*(\{("[^"]*"|[^"}])*\})?) (?<value>\S+)( [0-9]+)?$""")]
    private static partial Regex Line();
}
