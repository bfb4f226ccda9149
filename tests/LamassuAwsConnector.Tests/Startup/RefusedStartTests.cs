using System.Net;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Startup;

/// <summary>What an operator sees of a connector that finds itself in another account.</summary>
public sealed class RefusedStartTests
{
    [Fact]
    public async Task It_ends_with_an_exit_code_and_says_both_accounts_and_what_to_do()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        var configuration = stage.Stage.StandIns.ConnectorConfiguration();
        configuration["connector_id"] = "aws.999999999999";

        var (exitCode, output, error) = await ConnectorRun.RunAsync(configuration);

        Assert.Equal(1, exitCode);
        Assert.Contains("The connector does not start:", error, StringComparison.Ordinal);
        Assert.Contains(
            "- connector_id is aws.999999999999, which names account 999999999999, and the AWS credentials belong to account 123456789012. Check aws_config",
            error,
            StringComparison.Ordinal);
        Assert.Contains("set allow_other_account to true", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Found_out_once_Lamassu_is_back_it_ends_with_the_same_exit_code_and_a_critical_line()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync("ca-1");
        using var response = await stage.PostAsync("/v1/cas/ca-1/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = true });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var ca = stage.State.Find(LamassuKind.CA, "ca-1")!;
        ca["metadata"]!.AsObject().Single(member => member.Value is JsonObject).Value!["account"] = "999999999999";
        stage.State.Store(LamassuKind.CA, ca);
        var lamassu = stage.Stage.StandIns.Lamassu;
        lamassu.Faults.Add(new LamassuFault { Service = "ca", Path = "/v1/cas", Status = 503, Times = 1000 });
        await stage.ForgetCallsAsync();

        var process = ConnectorRun.RunAsync(stage.Stage.StandIns.ConnectorConfiguration());
        await Patience.UntilAsync(() => lamassu.Calls.Count(call => call.PathAndQuery.StartsWith("/v1/cas?", StringComparison.Ordinal)) > 3);
        lamassu.Faults.Clear();
        var (exitCode, output, _) = await process;

        Assert.Equal(1, exitCode);
        var lines = output.Split('\n').Select(line => line.Length > 0 ? JsonNode.Parse(line)! : new JsonObject()).ToList();
        Assert.Contains(lines, line => line["level"]?.GetValue<string>() == "warning" && Message(line).StartsWith("Who the connector is could not be found out yet", StringComparison.Ordinal));
        Assert.Contains(lines, line => line["level"]?.GetValue<string>() == "critical" && Message(line).Contains("CA ca-1 is registered in account 999999999999", StringComparison.Ordinal));

        static string Message(JsonNode line) => line["message"]!.GetValue<string>();
    }
}
