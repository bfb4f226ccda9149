using System.Text.Json.Nodes;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>AWS that throttles, fails, breaks off, says nothing or denies: in the end nothing is lost, and nothing was given up that could have succeeded.</summary>
[Collection(ProcessTests.Name)]
public sealed class AwsTroubleTests(ProcessBroker broker)
{
    private const int Veterans = 20;
    private const int Newcomers = 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_share_of_calls_that_are_throttled_fail_are_cut_off_or_stay_without_an_answer_costs_no_event()
    {
        await using var stage = await PreparedAsync(("aws_config:timeout", "00:00:01"));
        for (var failure = 0; failure < 25; failure++)
        {
            foreach (var (error, status) in new[] { ("ThrottlingException", 429), ("InternalFailureException", 500), ("ServiceUnavailableException", 503) })
            {
                // Each fourth call.
                await ControlAsync(stage, HttpMethod.Post, "failures", new() { ["operation"] = "*", ["count"] = 1, ["after"] = 3, ["error"] = error, ["status"] = status });
            }
        }

        await ControlAsync(stage, HttpMethod.Post, "drops", new() { ["operation"] = "RegisterThing", ["count"] = 10, ["after"] = false });
        await ControlAsync(stage, HttpMethod.Post, "drops", new() { ["operation"] = "RegisterThing", ["count"] = 10, ["after"] = true });
        await ControlAsync(stage, HttpMethod.Post, "drops", new() { ["operation"] = "UpdateCertificate", ["count"] = 10, ["after"] = true });

        var life = LiveAsync(stage);
        await UntilAsync(async () => (await stage.StandIns.AwsControl.CallsAsync(Cancellation)).Any(call => call.Operation == "RegisterThing"), BrokerStage.Patient);

        // Whoever calls now waits half a minute, unless he gives up before.
        await ControlAsync(stage, HttpMethod.Put, "latency", new() { ["milliseconds"] = 30_000 });
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        await ControlAsync(stage, HttpMethod.Put, "latency", new() { ["milliseconds"] = 0 });
        await life;

        await stage.AssertAsLamassuAsksAsync();
        var errors = (await stage.StandIns.AwsControl.CallsAsync(Cancellation)).Where(call => call.Error is not null).Select(call => call.Error!).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal) { "ThrottlingException", "InternalFailureException", "ServiceUnavailableException", "dropped", "the client went away" }, errors);
    }

    [Fact]
    public async Task Quotas_of_one_call_at_a_time_slow_the_connector_down_and_do_not_stop_it()
    {
        await using var stage = await PreparedAsync();
        await ControlAsync(stage, HttpMethod.Put, "limits", new() { ["preset"] = "aws", ["burst"] = "token" });

        await LiveAsync(stage);

        await stage.AssertAsLamassuAsksAsync();
        Assert.Contains(await stage.StandIns.AwsControl.CallsAsync(Cancellation), call => call.Error == "ThrottlingException");
    }

    [Fact]
    public async Task Denied_access_is_waited_out_and_a_revocation_that_failed_is_done_in_the_end()
    {
        // Access comes back after more tries than other failures get; max_age is the limit here, and revocations have none.
        await using var stage = await PreparedAsync(("event_retries:delays:0", "00:00:00.500"), ("event_retries:max_age", "00:01:00"));
        foreach (var operation in new[] { "RegisterThing", "UpdateCertificate" })
        {
            await ControlAsync(stage, HttpMethod.Post, "failures", new() { ["operation"] = operation, ["count"] = 100_000, ["error"] = "AccessDeniedException", ["status"] = 403 });
        }

        await LiveAsync(stage);
        await Task.Delay(TimeSpan.FromSeconds(6), Cancellation);
        var denied = (await stage.StandIns.AwsControl.CallsAsync(Cancellation)).Where(call => call.Error == "AccessDeniedException").Select(call => call.Operation).ToHashSet(StringComparer.Ordinal);
        await ControlAsync(stage, HttpMethod.Delete, "failures", body: null);

        await stage.AssertAsLamassuAsksAsync();
        Assert.Equal(["RegisterThing", "UpdateCertificate"], denied.Order(StringComparer.Ordinal));
    }

    private async Task<BrokerStage> PreparedAsync(params (string Key, string? Value)[] configuration)
    {
        var stage = await BrokerStage.StartAsync(broker.Node);
        try
        {
            await stage.StartConnectorAsync(configuration);
            await stage.PrepareFleetAsync();
            await stage.EnrollAsync(BrokerStage.Names("veteran", Veterans));
            await stage.AssertAsLamassuAsksAsync();
            await stage.StandIns.AwsControl.ForgetCallsAsync(Cancellation);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>New devices enrol; of the others each second one is revoked and each second one put on hold.</summary>
    private static Task LiveAsync(BrokerStage stage) => Task.WhenAll(
        stage.EnrollAsync(BrokerStage.Names("newcomer", Newcomers)),
        BrokerStage.EachAsync(BrokerStage.Names("veteran", Veterans), device => stage.SetStatusAsync(
            device, "REVOKED", int.IsOddInteger(device[^1]) ? "KeyCompromise" : "CertificateHold")));

    private static Task ControlAsync(BrokerStage stage, HttpMethod method, string path, JsonObject? body) =>
        stage.StandIns.AwsControl.SendAsync(method, path, body, Cancellation);
}
