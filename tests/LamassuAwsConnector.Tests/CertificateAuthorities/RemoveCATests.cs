using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.IoT;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.CertificateAuthorities.CAStage;
using static LamassuAwsConnector.Tests.Devices.RegisterThingFailureTests;

namespace LamassuAwsConnector.Tests.CertificateAuthorities;

/// <summary>A CA that a person has taken out of AWS: it stays out until somebody asks for it anew.</summary>
public sealed class RemoveCATests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key, "FAILED")]
    [InlineData(LamassuJson.DocumentedKey, "failed")]
    public async Task It_is_INACTIVE_without_auto_registration_and_its_note_tells_why(string key, string status)
    {
        await using var stage = await CAStage.StartAsync(key);
        await stage.AttachTemplateAsync();

        var answer = await DeleteAsync(stage);

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
        Assert.Equal(
            ("removed", "INACTIVE", stage.CertificateId, Template),
            (Text(answer, "status"), Text(answer, "aws_status"), Text(answer, "certificate_id"), Text(answer, "template_name")));
        Assert.True(answer["auto_registration_disabled"]!.GetValue<bool>());
        Assert.Equal(status, Text(stage.Registration!, "status"));
        Assert.StartsWith("Taken out of AWS on request", Text(stage.Registration!, "error"), StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse(Text(stage.Registration!, "removed_time"), out _));
        Assert.Equal(stage.CertificateId, Text(stage.Stage.Note(LamassuKind.CA, CA)!, "certificate_id"));
    }

    [Fact]
    public async Task Nothing_is_deleted_and_the_template_stays_attached()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.AttachTemplateAsync();
        await stage.Stage.ForgetCallsAsync();

        await DeleteAsync(stage);

        Assert.Equal(["UpdateCACertificate"], await stage.Stage.AwsWritesAsync());
        Assert.Equal(Template, (await stage.Stage.DescribeCACertificateAsync(stage.CertificateId))!.RegistrationConfig.TemplateName);
    }

    [Fact]
    public async Task A_second_call_says_so_and_writes_nothing()
    {
        await using var stage = await CAStage.StartAsync();
        await DeleteAsync(stage);
        await stage.Stage.ForgetCallsAsync();

        var answer = await DeleteAsync(stage);

        Assert.Equal(("already_removed", "INACTIVE"), (Text(answer, "status"), Text(answer, "aws_status")));
        Assert.Equal(["DescribeCACertificate"], (await stage.Stage.AwsCallsAsync()).Select(call => call.Operation));
        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task No_event_brings_it_back()
    {
        await using var stage = await CAStage.StartAsync();
        await DeleteAsync(stage);
        await stage.Stage.ForgetCallsAsync();

        foreach (var type in new[] { "ca.metadata.update", "ca.update", "ca.create", "ca.status.update" })
        {
            var updated = stage.Stage.State.Find(LamassuKind.CA, CA)!;
            await stage.Stage.PublishAsync(type, $"ca/{CA}", type == "ca.create" ? updated : new JsonObject { ["updated"] = updated });
        }

        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task A_hold_that_is_lifted_does_not_bring_it_back_whether_it_came_before_or_after()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.SetStatusAsync("REVOKED", "CertificateHold");
        await DeleteAsync(stage);
        await stage.SetStatusAsync("ACTIVE");
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());

        await stage.SetStatusAsync("REVOKED", "CertificateHold");
        await stage.SetStatusAsync("ACTIVE");
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task A_POST_brings_it_back_as_it_was()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.AttachTemplateAsync();
        await DeleteAsync(stage);

        var answer = await PostAsync(stage);

        Assert.Equal(("ACTIVE", "ENABLE"), await stage.InAwsAsync());
        Assert.Equal(("registered", "ACTIVE"), (Text(answer, "status"), Text(answer, "aws_status")));
        Assert.Equal(("SUCCEEDED", ""), (Text(stage.Registration!, "status"), Text(stage.Registration!, "error")));
        Assert.DoesNotContain(stage.Registration!, member => member.Key is "removed_time" or "deactivated_time" or "auto_registration_disabled" or "left_inactive");
        await stage.Stage.ForgetCallsAsync();
        Assert.Equal("already_registered", Text(await PostAsync(stage), "status"));
        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task A_request_in_the_metadata_brings_it_back_as_the_dashboards_retry_writes_it()
    {
        await using var stage = await CAStage.StartAsync();
        await DeleteAsync(stage);

        await stage.Stage.Lamassu.PatchCAAsync(CA, Patch("replace", "/registration/status", "REQUESTED"));
        await stage.Stage.WhenQuietAsync();

        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
        Assert.Equal("SUCCEEDED", Text(stage.Registration!, "status"));
    }

    [Fact]
    public async Task Asked_for_while_it_is_on_hold_it_comes_back_with_the_lifted_hold()
    {
        await using var stage = await CAStage.StartAsync();
        await DeleteAsync(stage);
        await stage.SetStatusAsync("REVOKED", "CertificateHold");

        Assert.Equal("INACTIVE", Text(await PostAsync(stage), "aws_status"));
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());

        await stage.SetStatusAsync("ACTIVE");
        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task An_INACTIVE_that_somebody_else_set_is_not_lifted_by_asking_for_the_CA_again()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.SetInAwsAsync(CACertificateStatus.INACTIVE);
        await stage.Stage.ForgetCallsAsync();

        Assert.Equal("removed", Text(await DeleteAsync(stage), "status"));
        Assert.Empty(await stage.Stage.AwsWritesAsync());
        Assert.Equal("already_removed", Text(await DeleteAsync(stage), "status"));

        Assert.Equal("INACTIVE", Text(await PostAsync(stage), "aws_status"));
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task A_reissue_does_not_bring_it_back()
    {
        await using var stage = await CAStage.StartAsync();
        await DeleteAsync(stage);
        var former = stage.CertificateId;
        await stage.Stage.ForgetCallsAsync();

        await stage.ReissueAsync();

        Assert.Null((await stage.InAwsAsync()).Status);
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync(former));
        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public async Task A_request_that_was_not_carried_out_yet_is_withdrawn()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA, LamassuJson.Requested(LamassuJson.DocumentedKey, primaryAccount: false));

        Assert.Equal("withdrawn", Text(await DeleteAsync(stage), "status"));

        await stage.PublishAsync("ca.create", $"ca/{CA}", new JsonObject { ["id"] = CA });
        Assert.Null(await stage.DescribeCAAsync(CA));
        Assert.Equal("not_registered", Text(await DeleteAsync(stage), "status"));
        Assert.Empty(await stage.AwsWritesAsync());
    }

    [Fact]
    public async Task A_CA_that_is_not_in_AWS_has_nothing_to_take_out_and_one_that_Lamassu_does_not_have_is_a_404()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        await stage.Lamassu.CreateCAAsync(CA);

        Assert.Equal("not_registered", Text(await DeleteAsync(stage), "status"));
        Assert.DoesNotContain(stage.LamassuCalls(), call => !call.StartsWith("GET", StringComparison.Ordinal));
        await AssertProblemAsync(
            await stage.Connector.DeleteAsync("/v1/cas/unknown/register-aws", Cancellation), HttpStatusCode.NotFound, await CodeOfUnknownAsync(stage));
    }

    [Fact]
    public async Task A_failure_of_AWS_leaves_it_as_it_is_and_the_call_can_be_repeated()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.Stage.FailAwsAsync("UpdateCACertificate", 3, "InternalFailureException", 500);

        using (var failed = await stage.Stage.Connector.DeleteAsync($"/v1/cas/{CA}/register-aws", Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
            Assert.NotNull(failed.Headers.RetryAfter);
        }

        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
        Assert.Equal("removed", Text(await DeleteAsync(stage), "status"));
        Assert.Equal(("INACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task Without_the_note_nothing_is_done()
    {
        await using var stage = await CAStage.StartAsync();
        stage.Stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Method = "PUT", Path = "/v1/cas/*/metadata", Times = 20 });

        using var failed = await stage.Stage.Connector.DeleteAsync($"/v1/cas/{CA}/register-aws", Cancellation);

        Assert.False(failed.IsSuccessStatusCode);
        Assert.Equal(("ACTIVE", "DISABLE"), await stage.InAwsAsync());
    }

    [Fact]
    public async Task Its_devices_stay_connected_as_they_are()
    {
        await using var scenario = await Devices.DeviceScenario.StartAsync(Door.Http);
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.ForgetCallsAsync();

        Assert.Equal("removed", Text(await DeleteAsync(scenario.Stage), "status"));

        Assert.Equal("ACTIVE", await scenario.Stage.CertificateStatusAsync(serial));
        await scenario.AssertInOrderAsync();
        await scenario.Stage.Lamassu.EnrollAsync(Devices.DeviceScenario.Dms, "late");
        Assert.Equal("ca_inactive", Text(await scenario.RegisterAsync("late"), "code"));
    }

    [Fact]
    public async Task Revoked_while_it_is_brought_back_it_ends_INACTIVE()
    {
        Action? meanwhile = null;
        var configure = AwsInterception.Of("UpdateCACertificateAsync", _ =>
        {
            meanwhile?.Invoke();
            meanwhile = null;
            return null;
        });
        await using var scenario = await Devices.DeviceScenario.StartAsync(Door.Http, configure: configure);
        var stage = scenario.Stage;
        await DeleteAsync(stage);
        meanwhile = () =>
        {
            var ca = stage.State.Find(LamassuKind.CA, CA)!;
            ca["certificate"]!["status"] = "REVOKED";
            ca["certificate"]!["revocation_reason"] = "CACompromise";
            stage.State.Store(LamassuKind.CA, ca);
        };

        var answer = await PostAsync(stage);

        Assert.Equal("INACTIVE", Text(answer, "aws_status"));
        Assert.Equal(CACertificateStatus.INACTIVE, (await stage.DescribeCAAsync(CA))!.Status);
    }

    internal static JsonObject Patch(string op, string path, JsonNode? value) => new()
    {
        ["patches"] = new JsonArray(new JsonObject { ["op"] = op, ["path"] = $"/lamassu.io~1iot~1aws-iot-test{path}", ["value"] = value }),
    };

    internal static Task<JsonObject> DeleteAsync(CAStage stage) => DeleteAsync(stage.Stage);

    private static async Task<JsonObject> DeleteAsync(TestStage stage)
    {
        using var response = await stage.Connector.DeleteAsync($"/v1/cas/{CA}/register-aws", Cancellation);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer.ToJsonString());
        await stage.WhenQuietAsync();
        return answer;
    }

    private static Task<JsonObject> PostAsync(CAStage stage) => PostAsync(stage.Stage);

    private static async Task<JsonObject> PostAsync(TestStage stage)
    {
        using var response = await stage.PostAsync(
            $"/v1/cas/{CA}/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = true });
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer.ToJsonString());
        await stage.WhenQuietAsync();
        return answer;
    }

    // The same word as of every other route that names a CA.
    private static async Task<string> CodeOfUnknownAsync(TestStage stage)
    {
        using var response = await stage.PostAsync(
            "/v1/cas/unknown/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = true });
        return Text((await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!, "code")!;
    }

    private static string? Text(JsonNode node, string member) => node[member]?.GetValue<string>();
}
