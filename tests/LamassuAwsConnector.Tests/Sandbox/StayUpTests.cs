using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using LamassuAwsConnector.Sandbox;
using LamassuAwsConnector.Tests.Infrastructure;
using Spectre.Console;

namespace LamassuAwsConnector.Tests.Sandbox;

/// <summary>The lines that the sandbox prints to be pasted, as a shell would run them.</summary>
public sealed partial class StayUpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_printed_line_gets_past_the_connectors_door_except_the_one_that_shows_how_it_is_closed()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);
        await stage.Lamassu.CreateCAAsync("ca-1");
        await stage.Lamassu.CreateDmsAsync("dms-1", "ca-1", metadata: null);
        await stage.Lamassu.EnrollAsync("dms-1", "device-1");
        var lines = Print(stage);
        var token = Assert.Single(lines, line => line.StartsWith("TOKEN=", StringComparison.Ordinal))["TOKEN=".Length..];
        using var shell = new HttpClient();

        var statuses = new Dictionary<string, HttpStatusCode>();
        foreach (var line in lines.Where(line => line.StartsWith("curl ", StringComparison.Ordinal)))
        {
            using var request = RequestOf(line.Replace("$TOKEN", token, StringComparison.Ordinal));
            using var response = await shell.SendAsync(request, Cancellation);
            statuses[line] = response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.Unauthorized, Assert.Single(statuses, line => line.Key.StartsWith("curl -i", StringComparison.Ordinal)).Value);
        Assert.All(statuses.Where(line => !line.Key.StartsWith("curl -i", StringComparison.Ordinal)), line =>
            Assert.True(line.Value is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.Conflict, $"{line.Key}: {line.Value}"));
        Assert.True(statuses.Count >= 8);
    }

    private static List<string> Print(TestStage stage)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        StayUp.Explain(console, stage.Stage, TestStage.ConnectorId);
        return [.. output.ToString().Split('\n').Select(line => line.Trim())];
    }

    private static HttpRequestMessage RequestOf(string line)
    {
        var url = Url().Match(line).Value;
        var request = new HttpRequestMessage(line.Contains("-X POST", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, url);
        if (Header().Match(line) is { Success: true } header)
        {
            request.Headers.TryAddWithoutValidation(header.Groups["name"].Value, header.Groups["value"].Value);
        }

        if (Data().Match(line) is { Success: true } data)
        {
            request.Content = new StringContent(data.Groups["data"].Value, Encoding.UTF8, "application/x-www-form-urlencoded");
        }

        return request;
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Url();

    [GeneratedRegex("-H \"(?<name>[^:]+): (?<value>[^\"]+)\"")]
    private static partial Regex Header();

    [GeneratedRegex("-d '(?<data>[^']+)'")]
    private static partial Regex Data();
}
