using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Startup;

/// <summary>What an operator sees of a connector that finds itself in another account.</summary>
public sealed class RefusedStartTests
{
    private const string Reason = "connector_id is aws.999999999999, which names account 999999999999, and the AWS credentials belong to account 123456789012.";

    [Fact]
    public async Task It_ends_with_an_exit_code_and_says_both_accounts_and_what_to_do()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        var (exitCode, output, error) = await ConnectorProcess.RunAsync(Configuration(stage));

        Assert.Equal(1, exitCode);
        Assert.Contains("The connector does not start:", error, StringComparison.Ordinal);
        Assert.Contains($"- {Reason} Check aws_config", error, StringComparison.Ordinal);
        Assert.Contains("set allow_other_account to true", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Found_out_later_it_stops_in_order_with_the_same_exit_code_and_a_critical_line()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.FailAwsAsync("GetCallerIdentity", count: 3, "ServiceUnavailable", status: 503);

        var (exitCode, output, _) = await ConnectorProcess.RunAsync(Configuration(stage));

        Assert.Equal(1, exitCode);
        Assert.Contains("Now listening", output, StringComparison.Ordinal);
        Assert.Contains(output.Split('\n'), line => line.Contains("\"level\":\"critical\"", StringComparison.Ordinal) && line.Contains(Reason, StringComparison.Ordinal));
    }

    private static Dictionary<string, string?> Configuration(TestStage stage) =>
        new(stage.Stage.StandIns.ConnectorConfiguration()) { ["connector_id"] = "aws.999999999999" };
}
