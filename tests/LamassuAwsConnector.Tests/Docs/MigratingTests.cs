using System.Text;
using System.Text.RegularExpressions;
using LamassuAwsConnector.Api.Configuration;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Docs;

/// <summary>What the page for those who replace the existing connector tells them to do works.</summary>
public sealed partial class MigratingTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(TestFolders.Repository, "docs", "migrating-from-the-go-connector.md"));

    [Theory]
    [InlineData("REVOKED")]
    [InlineData("ACTIVE")]
    public async Task The_event_that_is_sent_by_hand_carries_what_Lamassu_says_to_AWS_and_nothing_else(string status)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var serial = await scenario.EnrolAsync();
        if (status == "REVOKED")
        {
            await scenario.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "KeyCompromise");
            Assert.Equal("ACTIVE", await scenario.Stage.CertificateStatusAsync(serial));
        }

        var body = Encoding.UTF8.GetBytes(ByHand().Match(Page).Groups["event"].Value.Replace("SERIAL", serial, StringComparison.Ordinal));
        var end = await scenario.Stage.Stage.Connector.PublishAsync(body, "certificate.status.update", new Dictionary<string, string>(), TestContext.Current.CancellationToken);

        Assert.Equal("handled", end.Outcome);
        Assert.Equal(status, await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public void The_old_queues_are_named_as_the_existing_connector_names_them()
    {
        var rows = OldQueues().Matches(Page).Select(match => (Id: match.Groups["id"].Value, Queue: match.Groups["queue"].Value)).ToList();

        Assert.True(rows.Count >= 3, $"{rows.Count} rows");
        Assert.All(rows, row => Assert.Equal($"#_aws-connector-{row.Id.Replace("aws.", "-", StringComparison.Ordinal)}", row.Queue));
    }

    [Fact]
    public void The_options_that_it_names_exist()
    {
        var named = new[]
        {
            "metadata_dialect", "aws_config:role_arn", "ca_client:mtls_options:cert_file", "subscriber_event_bus:virtual_host", "auth:mode", "earlier_certificates", "event_retries:max_age",
        };

        Assert.All(named, option => Assert.Contains(option, ConfigurationSchema.Options.Select(known => known.Key)));
        Assert.All(named, option => Assert.Contains($"`{option.Split(':')[0]}`", Page.Replace(": lamassu3`", "`", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [GeneratedRegex("^EVENT='(?<event>[^']+)'$", RegexOptions.Multiline)]
    private static partial Regex ByHand();

    [GeneratedRegex(@"^\| `(?<id>[^`]+)` \| `(?<queue>#_[^`]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex OldQueues();
}
