using System.Net;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.RegisterThingFailureTests;

namespace LamassuAwsConnector.Tests.CertificateAuthorities;

/// <summary>Registrations that end as failed, wait, or are refused: what is noted, what is answered, and what is tried again.</summary>
public sealed class RegisterCAFailureTests
{
    private const string CA = "ca-1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_CA_registered_in_another_mode_is_a_conflict_that_names_both()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await RegisterCATests.RegisterAsync(stage, Door.Http, primaryAccount: true);

        var problem = await AssertProblemAsync(await PostAsync(stage, primaryAccount: false), HttpStatusCode.Conflict, "ca_registered_in_other_mode");

        Assert.Contains("DEFAULT", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("SNI_ONLY", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_CA_of_which_another_account_is_primary_says_how_to_go_on(Door door)
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA, LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true));
        await stage.Stage.StandIns.AwsControl.SendAsync(HttpMethod.Post, "other-accounts", new JsonObject { ["ca_certificate_id"] = stage.CAId(CA) }, Cancellation);

        await AskAsync(stage, door, HttpStatusCode.Conflict, "another_account_is_primary");

        AssertFailed(stage, "primary_account: false");
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_CA_without_key_in_Lamassu_can_not_be_primary_and_no_call_is_made(Door door)
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA, LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true));
        ChangeCertificate(stage, certificate => certificate["type"] = "IMPORTED_WITHOUT_KEY");

        await AskAsync(stage, door, HttpStatusCode.Conflict, "key_not_found");

        AssertFailed(stage, "primary_account: false");
        Assert.Empty(await stage.AwsWritesAsync());
        Assert.DoesNotContain((await stage.AwsCallsAsync()).Select(call => call.Operation), operation => operation == "GetRegistrationCode");
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_CA_whose_key_Lamassu_does_not_find_says_both_ways_out(Door door)
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA, LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true));
        stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Path = "/v1/cas/*/certificates/sign", Status = 500, Body = """{"err":"key not found"}""" });

        await AskAsync(stage, door, HttpStatusCode.Conflict, "key_not_found");

        AssertFailed(stage, "primary_account: false");
        AssertFailed(stage, "alias");
        Assert.Null(await stage.DescribeCAAsync(CA));
    }

    [Theory]
    [InlineData("REVOKED")]
    [InlineData("EXPIRED")]
    public async Task A_revoked_or_expired_CA_is_not_registered(string status)
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA);
        ChangeCertificate(stage, certificate => certificate["status"] = status);

        await AssertProblemAsync(await PostAsync(stage, primaryAccount: false), HttpStatusCode.Conflict, "ca_not_usable");

        Assert.Null(await stage.DescribeCAAsync(CA));
    }

    [Theory]
    [InlineData("RegistrationCodeValidationException", "region")]
    [InlineData("CertificateValidationException", "verification certificate")]
    public async Task A_validation_that_failed_in_AWS_says_which_check_and_what_to_do(string error, string advice)
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA, LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true));
        await stage.FailAwsAsync("RegisterCACertificate", 1, error, 400);

        var problem = await AssertProblemAsync(await PostAsync(stage, primaryAccount: true), HttpStatusCode.BadRequest, error);

        Assert.Contains(CA, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        AssertFailed(stage, advice);
    }

    [Fact]
    public async Task A_missing_permission_is_a_502_that_names_it_and_the_request_stays_open()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA, LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true));
        await stage.FailAwsAsync("RegisterCACertificate", 1, "AccessDeniedException", 403);

        await AssertProblemAsync(await PostAsync(stage, primaryAccount: true), HttpStatusCode.BadGateway, "AccessDeniedException");

        var registration = stage.Note(LamassuKind.CA, CA)!["registration"]!;
        Assert.Equal("REQUESTED", registration["status"]!.GetValue<string>());
        Assert.Contains("iot:RegisterCACertificate", registration["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_event_a_failure_that_passes_ends_as_succeeded_without_an_error()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);
        await stage.FailAwsAsync("RegisterCACertificate", 12, "InternalFailureException", 500);

        await stage.Lamassu.CreateCAAsync(CA, LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true));
        await stage.WhenQuietAsync();

        var registration = stage.Note(LamassuKind.CA, CA)!["registration"]!;
        Assert.Equal("SUCCEEDED", registration["status"]!.GetValue<string>());
        Assert.Equal("", registration["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_registration_that_failed_succeeds_when_it_is_asked_for_again()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA, LamassuJson.Requested(LamassuJson.DocumentedKey, primaryAccount: true));
        await stage.FailAwsAsync("RegisterCACertificate", 1, "CertificateValidationException", 400);
        using (await PostAsync(stage, primaryAccount: true))
        {
            Assert.Equal("failed", stage.Note(LamassuKind.CA, CA)!["registration"]!["status"]!.GetValue<string>());
        }

        using var response = await PostAsync(stage, primaryAccount: true);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("succeeded", stage.Note(LamassuKind.CA, CA)!["registration"]!["status"]!.GetValue<string>());
        Assert.Null(stage.Note(LamassuKind.CA, CA)!["registration"]!["error"]);
    }

    [Fact]
    public async Task The_same_failure_twice_is_noted_once()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA, LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true));
        await stage.FailAwsAsync("RegisterCACertificate", 2, "CertificateValidationException", 400);
        using (await PostAsync(stage, primaryAccount: true))
        {
            await stage.ForgetCallsAsync();
        }

        using var response = await PostAsync(stage, primaryAccount: true);

        Assert.DoesNotContain(stage.LamassuCalls(), call => call.StartsWith($"PUT /v1/cas/{CA}/metadata", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_success_that_can_not_be_noted_is_tried_again_until_it_is()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);
        stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Method = "PUT", Path = "/v1/cas/*/metadata" });

        await stage.Lamassu.CreateCAAsync(CA, LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true));
        await stage.WhenQuietAsync();

        Assert.Equal("SUCCEEDED", stage.Note(LamassuKind.CA, CA)!["registration"]!["status"]!.GetValue<string>());
        Assert.Equal(1, (await stage.AwsWritesAsync()).Count(operation => operation == "RegisterCACertificate"));
    }

    [Fact]
    public async Task Metadata_that_are_no_object_are_a_400_that_names_the_key()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA, new JsonObject { [LamassuJson.Lamassu3Key] = "text" });

        var problem = await AssertProblemAsync(await PostAsync(stage, primaryAccount: true), HttpStatusCode.BadRequest, "metadata_not_an_object");

        Assert.Contains(LamassuJson.Lamassu3Key, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    // By event the request stands in the metadata; by HTTP it is asked for as well, and the refusal is answered.
    private static async Task AskAsync(TestStage stage, Door door, HttpStatusCode status, string code)
    {
        if (door == Door.Http)
        {
            await AssertProblemAsync(await PostAsync(stage, primaryAccount: true), status, code);
            return;
        }

        var end = await stage.PublishAsync("ca.metadata.update", $"ca/{CA}", new JsonObject { ["updated"] = new JsonObject { ["id"] = CA } });
        Assert.Equal("handled", end.Outcome);
    }

    private static void AssertFailed(TestStage stage, string advice)
    {
        var registration = stage.Note(LamassuKind.CA, CA)!["registration"]!;
        Assert.Equal("FAILED", registration["status"]!.GetValue<string>());
        Assert.Contains(advice, registration["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static void ChangeCertificate(TestStage stage, Action<JsonObject> change)
    {
        var ca = stage.State.Find(LamassuKind.CA, CA)!;
        change(ca["certificate"]!.AsObject());
        stage.State.Store(LamassuKind.CA, ca);
    }

    private static Task<HttpResponseMessage> PostAsync(TestStage stage, bool primaryAccount) => stage.PostAsync(
        $"/v1/cas/{CA}/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = primaryAccount });
}
