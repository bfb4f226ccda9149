using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>
/// AWS that throttles, fails, breaks off, says nothing or denies: in the end nothing is lost, and nothing was given up that could have succeeded.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class AwsTroubleTests(ProcessBroker broker)
{
    private const int Veterans = 20;
    private const int Newcomers = 40;
    private const int FewRetries = 3;

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
                await FailAsync(stage, "*", 1, error, status, after: 3);
            }
        }

        await ControlAsync(stage, HttpMethod.Post, "drops", new() { ["operation"] = "RegisterThing", ["count"] = 10, ["after"] = false });
        await ControlAsync(stage, HttpMethod.Post, "drops", new() { ["operation"] = "RegisterThing", ["count"] = 10, ["after"] = true });
        await ControlAsync(stage, HttpMethod.Post, "drops", new() { ["operation"] = "UpdateCertificate", ["count"] = 10, ["after"] = true });

        var life = LiveAsync(stage);
        await UntilAsync(async () => (await CallsAsync(stage)).Any(call => call.Operation == "RegisterThing"), ProcessStage.Patient);

        // Whoever calls now waits half a minute, unless he gives up before.
        await ControlAsync(stage, HttpMethod.Put, "latency", new() { ["milliseconds"] = 30_000 });
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        await ControlAsync(stage, HttpMethod.Put, "latency", new() { ["milliseconds"] = 0 });
        await life;

        await stage.AssertAsLamassuAsksAsync();
        var errors = (await CallsAsync(stage)).Select(call => call.Error).ToHashSet();
        Assert.Superset(
            new HashSet<string?> { "ThrottlingException", "InternalFailureException", "ServiceUnavailableException", "dropped", "the client went away" }, errors);
    }

    [Fact]
    public async Task Quotas_of_one_call_at_a_time_slow_the_connector_down_and_do_not_stop_it()
    {
        await using var stage = await PreparedAsync();

        // Until all attempts of a delivery were throttled, which the quotas alone do on some machines and not on others.
        await FailAsync(stage, "RegisterThing", 100_000, "ThrottlingException", 429, after: 0);
        await LiveAsync(stage);
        await UntilAsync(() => stage.HasGivenUp || IsDeliveredAgain(), ProcessStage.Patient);
        await ControlAsync(stage, HttpMethod.Delete, "failures", body: null);
        await stage.StandIns.AwsControl.ForgetCallsAsync(Cancellation);
        await ControlAsync(stage, HttpMethod.Put, "limits", new() { ["preset"] = "aws", ["burst"] = "token" });

        await stage.AssertAsLamassuAsksAsync();
        Assert.Contains(await CallsAsync(stage), call => call.Error == "ThrottlingException");

        bool IsDeliveredAgain() => stage.Lines.Any(line =>
            line.Contains("\"retry_event\"", StringComparison.Ordinal) && line.Contains("\"throttled\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Denied_access_is_waited_out_and_a_revocation_that_failed_is_done_in_the_end()
    {
        // Access comes back after more tries than other failures get; max_age is the limit here, and revocations have none.
        await using var stage = await PreparedAsync([.. ProcessStage.Delays(FewRetries), ("event_retries:max_age", "00:05:00")]);
        foreach (var operation in new[] { "RegisterThing", "UpdateCertificate" })
        {
            await FailAsync(stage, operation, 100_000, "AccessDeniedException", 403, after: 0);
        }

        await LiveAsync(stage);
        await UntilAsync(
            async () => stage.HasGivenUp || (await CallsAsync(stage)).Where(call => call.Error == "AccessDeniedException").CountBy(call => call.Path)
                .Count(denied => denied.Value > FewRetries + 1 && denied.Key.StartsWith("/certificates/", StringComparison.Ordinal)) == Veterans,
            ProcessStage.Patient);
        var denied = (await CallsAsync(stage)).Where(call => call.Error == "AccessDeniedException").Select(call => call.Operation).Distinct();
        await ControlAsync(stage, HttpMethod.Delete, "failures", body: null);

        await stage.AssertAsLamassuAsksAsync();
        Assert.Equal(["RegisterThing", "UpdateCertificate"], denied.Order(StringComparer.Ordinal));
    }

    private async Task<ProcessStage> PreparedAsync(params (string Key, string? Value)[] configuration)
    {
        var stage = await ProcessStage.StartAsync(broker.Node);
        try
        {
            await stage.StartConnectorAsync(configuration);
            await stage.PrepareFleetAsync();
            await stage.EnrollAsync(ProcessStage.Names("veteran", Veterans));
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
    private static Task LiveAsync(ProcessStage stage) => Task.WhenAll(
        stage.EnrollAsync(ProcessStage.Names("newcomer", Newcomers)),
        ProcessStage.EachAsync(ProcessStage.Names("veteran", Veterans), device => stage.SetStatusAsync(
            device, "REVOKED", int.IsOddInteger(device[^1]) ? "KeyCompromise" : "CertificateHold")));

    private static Task<IReadOnlyList<ObservedCall>> CallsAsync(ProcessStage stage) => stage.StandIns.AwsControl.CallsAsync(Cancellation);

    private static Task FailAsync(ProcessStage stage, string operation, int count, string error, int status, int after) => ControlAsync(
        stage,
        HttpMethod.Post,
        "failures",
        new() { ["operation"] = operation, ["count"] = count, ["after"] = after, ["error"] = error, ["status"] = status });

    private static Task ControlAsync(ProcessStage stage, HttpMethod method, string path, JsonObject? body) =>
        stage.StandIns.AwsControl.SendAsync(method, path, body, Cancellation);
}
