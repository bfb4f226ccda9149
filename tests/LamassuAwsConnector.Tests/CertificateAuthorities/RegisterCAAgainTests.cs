using System.Net;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.RegisterThingFailureTests;

namespace LamassuAwsConnector.Tests.CertificateAuthorities;

/// <summary>Registrations that are asked for again, fail twice over, or stand among many: one registration in AWS, and a note that tells how it ended.</summary>
public sealed class RegisterCAAgainTests
{
    private const string CA = "ca-1";

    [Fact]
    public async Task Events_whose_snapshots_still_ask_for_it_start_no_second_registration()
    {
        await using var stage = await RequestedAsync();
        var ca = stage.State.Find(LamassuKind.CA, CA)!;

        var ends = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PublishAsync(stage, ca.DeepClone().AsObject())));

        Assert.All(ends, end => Assert.Contains(end.Outcome, new[] { "handled", "ignored" }));
        Assert.Equal(["RegisterCACertificate"], await stage.AwsWritesAsync());
        Assert.Single(stage.LamassuCalls(), call => call.EndsWith("/certificates/sign", StringComparison.Ordinal));
        Assert.Equal("SUCCEEDED", Registration(stage)["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_registration_among_many_CAs_lists_none_of_them()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        foreach (var other in new[] { "ca-2", "ca-3" })
        {
            await stage.Lamassu.CreateCAAsync(other);
            using var registered = await stage.PostAsync($"/v1/cas/{other}/register-aws", Request(primaryAccount: true));
            Assert.True(registered.IsSuccessStatusCode);
        }

        await stage.Lamassu.CreateCAAsync(CA);
        await stage.ForgetCallsAsync();

        using var response = await stage.PostAsync($"/v1/cas/{CA}/register-aws", Request(primaryAccount: true));

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(["DescribeCACertificate", "GetRegistrationCode", "RegisterCACertificate"], (await stage.AwsCallsAsync()).Select(call => call.Operation));
    }

    [Theory]
    [InlineData("ThrottlingException", 429, HttpStatusCode.ServiceUnavailable)]
    [InlineData("AccessDeniedException", 403, HttpStatusCode.BadGateway)]
    [InlineData("CertificateValidationException", 400, HttpStatusCode.BadRequest)]
    public async Task By_HTTP_a_failure_that_can_not_be_noted_is_answered_as_what_it_is(string error, int status, HttpStatusCode answer)
    {
        await using var stage = await RequestedAsync();
        await stage.FailAwsAsync("RegisterCACertificate", 20, error, status);
        FailNotes(stage, times: 20);

        await AssertProblemAsync(await stage.PostAsync($"/v1/cas/{CA}/register-aws", Request(primaryAccount: true)), answer, error);
    }

    [Fact]
    public async Task By_event_a_failure_that_passes_is_tried_again_though_it_could_not_be_noted()
    {
        await using var stage = await RequestedAsync();
        await stage.FailAwsAsync("RegisterCACertificate", 12, "InternalFailureException", 500);
        FailNotes(stage, times: 4);

        var end = await PublishAsync(stage);

        Assert.Equal(("handled", 2), (end.Outcome, end.Deliveries));
        Assert.Equal("SUCCEEDED", Registration(stage)["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task By_event_a_failure_that_stays_is_delivered_again_until_it_is_noted()
    {
        await using var stage = await RequestedAsync();
        await stage.FailAwsAsync("RegisterCACertificate", 20, "CertificateValidationException", 400);
        FailNotes(stage, times: 2);

        var end = await PublishAsync(stage);

        Assert.Equal(("handled", 3), (end.Outcome, end.Deliveries));
        Assert.Equal("FAILED", Registration(stage)["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task By_event_a_failure_that_can_not_be_noted_at_all_is_a_dead_letter_with_its_own_reason()
    {
        await using var stage = await RequestedAsync();
        await stage.FailAwsAsync("RegisterCACertificate", 20, "CertificateValidationException", 400);
        FailNotes(stage, times: 20);

        var end = await PublishAsync(stage);

        Assert.Equal("dead_lettered", end.Outcome);
        Assert.Contains("CertificateValidationException", end.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reissue_that_AWS_refuses_is_delivered_again_until_it_is_noted()
    {
        await using var stage = await CAStage.StartAsync();
        var former = stage.Stage.State.Find(LamassuKind.CA, CA)!;
        var bus = stage.Stage.Stage.Bus;
        var connector = bus.Connector;
        bus.Connector = null;
        await stage.Stage.Lamassu.ReissueCAAsync(CA);
        bus.Connector = connector;
        await stage.Stage.FailAwsAsync("RegisterCACertificate", 20, "CertificateValidationException", 400);
        FailNotes(stage.Stage, times: 2);

        var end = await stage.Stage.PublishAsync(
            "ca.reissue", $"ca/{CA}", new JsonObject { ["previous"] = former, ["updated"] = stage.Stage.State.Find(LamassuKind.CA, CA) });

        Assert.Equal(("handled", 3), (end.Outcome, end.Deliveries));
        Assert.Equal("FAILED", Registration(stage.Stage)["status"]!.GetValue<string>());
    }

    private static async Task<TestStage> RequestedAsync()
    {
        var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA, LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true));
        return stage;
    }

    private static Task<EventEnd> PublishAsync(TestStage stage, JsonObject? ca = null) => stage.PublishAsync(
        "ca.metadata.update", $"ca/{CA}", new JsonObject { ["updated"] = ca ?? new JsonObject { ["id"] = CA } });

    private static void FailNotes(TestStage stage, int times) =>
        stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Method = "PUT", Path = "/v1/cas/*/metadata", Times = times });

    private static JsonNode Registration(TestStage stage) => stage.Note(LamassuKind.CA, CA)!["registration"]!;

    private static JsonObject Request(bool primaryAccount) => new() { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = primaryAccount };
}
