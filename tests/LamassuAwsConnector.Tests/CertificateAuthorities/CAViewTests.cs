using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.CertificateAuthorities.CAStage;
using static LamassuAwsConnector.Tests.Devices.RegisterThingFailureTests;

namespace LamassuAwsConnector.Tests.CertificateAuthorities;

/// <summary>A CA in Lamassu and in AWS, side by side, and what the answer finds wrong with it.</summary>
public sealed class CAViewTests
{
    private static readonly Dictionary<string, Case> Cases = new(StringComparer.Ordinal)
    {
        ["in order"] = new(_ => Task.CompletedTask, []),
        ["in order, with the template of a DMS"] = new(AttachTemplateOfDmsAsync, []),
        ["in order, revoked in both"] = new(stage => stage.SetStatusAsync("REVOKED", "CACompromise"), []),
        ["revoked in Lamassu alone"] = new(RevokeUnheardAsync, ["revoked_but_active"]),
        ["taken out"] = new(RemoveCATests.DeleteAsync, ["removed"]),
        ["taken out, then activated in AWS"] = new(
            async stage =>
            {
                await RemoveCATests.DeleteAsync(stage);
                await stage.SetInAwsAsync(CACertificateStatus.ACTIVE);
            },
            ["removed_but_active"]),
        ["INACTIVE by others"] = new(stage => stage.SetInAwsAsync(CACertificateStatus.INACTIVE), ["inactive_by_others"]),
        ["a lifted hold that was not heard"] = new(
            async stage =>
            {
                await stage.SetStatusAsync("REVOKED", "CertificateHold");
                await ChangeCA(stage, ca => ca["certificate"]!["status"] = "ACTIVE");
            },
            ["not_activated_again"]),
        ["notes lost"] = new(stage => PatchAsync(stage, "remove", "", null), ["notes_lost"]),
        ["another mode"] = new(stage => PatchAsync(stage, "replace", "/registration/primary_account", false), ["other_mode"]),
        ["noted as failed"] = new(stage => PatchAsync(stage, "replace", "/registration/status", "FAILED"), ["noted_otherwise"]),
        ["another certificate noted"] = new(stage => PatchAsync(stage, "replace", "/certificate_id", "00ff"), ["notes_differ"]),
        ["notes that are no object"] = new(stage => PatchAsync(stage, "add", "", "text"), ["notes_unreadable"]),
        ["a registration that is no object"] = new(stage => PatchAsync(stage, "add", "/registration", "text"), ["notes_unreadable"]),
        ["both keys"] = new(
            stage => ChangeCA(stage, ca => ca["metadata"]![LamassuJson.DocumentedKey] = ca["metadata"]![LamassuJson.Lamassu3Key]!.DeepClone()), ["both_keys"]),
        ["a stranger's template"] = new(stage => stage.AttachTemplateAsync(), ["template_of_others"]),
        ["auto-registration without a template"] = new(
            stage => stage.Stage.IoT.UpdateCACertificateAsync(
                new UpdateCACertificateRequest { CertificateId = stage.CertificateId, NewAutoRegistrationStatus = AutoRegistrationStatus.ENABLE }, Cancellation),
            ["auto_registration_without_template"]),
        ["not registered"] = new(_ => Task.CompletedTask, ["not_registered"], Registers: false),
        ["not registered, revoked"] = new(stage => stage.SetStatusAsync("REVOKED", "CACompromise"), [], Registers: false),
        ["noted as registered and not in AWS"] = new(stage => NoteAsync(stage, "SUCCEEDED"), ["registered_in_notes_only"], Registers: false),
        ["asked for and not done"] = new(stage => NoteAsync(stage, "REQUESTED"), ["registration_pending"], Registers: false),
        ["failed"] = new(stage => NoteAsync(stage, "FAILED"), ["registration_failed"], Registers: false),
        ["withdrawn"] = new(
            async stage =>
            {
                await NoteAsync(stage, "REQUESTED");
                await RemoveCATests.DeleteAsync(stage);
            },
            ["removed"],
            Registers: false),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_wrong_is_found_and_nothing_else(string name)
    {
        var (arrange, codes, registers) = Cases[name];
        await using var stage = await CAStage.StartAsync(registers: registers);
        await arrange(stage);
        await stage.Stage.ForgetCallsAsync();

        var view = await GetAsync(stage);

        Assert.True(codes.SequenceEqual(FindingCodes.Of(view)), view.ToJsonString());
        Assert.All(view["findings"]!.AsArray(), finding => Assert.All(new[] { "message", "action" }, member => Assert.NotEmpty(Text(finding!, member)!)));
        await stage.AssertNothingWrittenAsync();
    }

    [Fact]
    public void Every_finding_has_a_case() =>
        Assert.Empty(FindingCodes.In("CertificateAuthorities/CAFindings.cs").Except(Cases.Values.SelectMany(@case => @case.Codes)));

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key, true, "DEFAULT")]
    [InlineData(LamassuJson.DocumentedKey, false, "SNI_ONLY")]
    public async Task Both_sides_are_shown_as_they_are(string key, bool primaryAccount, string mode)
    {
        await using var stage = await CAStage.StartAsync(key, primaryAccount);

        var view = await GetAsync(stage);

        Assert.Equal((CA, TestStage.ConnectorId), (Text(view, "ca_id"), Text(view, "connector_id")));
        var lamassu = view["lamassu"]!;
        Assert.Equal(("ACTIVE", "MANAGED", $"CA {CA}", stage.CertificateId),
            (Text(lamassu, "status"), Text(lamassu, "type"), Text(lamassu, "common_name"), Text(lamassu, "certificate_id")));
        Assert.True(DateTimeOffset.TryParse(Text(lamassu, "expiration_time"), out _));
        var noted = view["registration"]!;
        Assert.Equal((key, "succeeded", stage.CertificateId), (Text(noted, "metadata_key"), Text(noted, "status"), Text(noted, "certificate_id")));
        Assert.Equal(primaryAccount, noted["primary_account"]!.GetValue<bool>());
        var aws = view["aws"]!;
        Assert.Equal((stage.CertificateId, $"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:cacert/{stage.CertificateId}", "ACTIVE", mode),
            (Text(aws, "certificate_id"), Text(aws, "arn"), Text(aws, "status"), Text(aws, "certificate_mode")));
        Assert.False(aws["auto_registration"]!.GetValue<bool>());
        Assert.Null(aws["template"]);
    }

    [Fact]
    public async Task A_template_is_shown_with_the_DMS_that_it_was_made_for()
    {
        await using var stage = await CAStage.StartAsync();
        await AttachTemplateOfDmsAsync(stage);

        var template = (await GetAsync(stage))["aws"]!["template"]!;

        Assert.Equal(("dms-1", "dms-1"), (Text(template, "name"), Text(template, "dms_id")));
        Assert.True(template["enabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task It_costs_one_call_to_AWS_and_two_more_with_a_template()
    {
        await using var stage = await CAStage.StartAsync();
        await stage.Stage.ForgetCallsAsync();
        await GetAsync(stage);
        Assert.Equal(["DescribeCACertificate"], (await stage.Stage.AwsCallsAsync()).Select(call => call.Operation));
        Assert.Equal([$"GET /v1/cas/{CA}"], stage.Stage.LamassuCalls());

        await stage.AttachTemplateAsync();
        await stage.Stage.ForgetCallsAsync();
        await GetAsync(stage);
        Assert.Equal(
            ["DescribeCACertificate", "DescribeProvisioningTemplate", "ListTagsForResource"], (await stage.Stage.AwsCallsAsync()).Select(call => call.Operation));
    }

    [Theory]
    [InlineData("DescribeCACertificate", "InternalFailureException", 500, HttpStatusCode.ServiceUnavailable)]
    [InlineData("DescribeProvisioningTemplate", "ThrottlingException", 429, HttpStatusCode.ServiceUnavailable)]
    [InlineData("ListTagsForResource", "AccessDeniedException", 403, HttpStatusCode.BadGateway)]
    public async Task What_AWS_does_not_answer_is_an_error_and_never_shown_as_missing(string operation, string error, int status, HttpStatusCode answer)
    {
        await using var stage = await CAStage.StartAsync();
        await stage.AttachTemplateAsync();
        await stage.Stage.FailAwsAsync(operation, 20, error, status);

        using var response = await stage.Stage.Connector.GetAsync($"/v1/cas/{CA}/aws", Cancellation);

        Assert.Equal(answer == HttpStatusCode.ServiceUnavailable, response.Headers.RetryAfter is not null);
        await AssertProblemAsync(response, answer, error);
    }

    [Fact]
    public async Task A_CA_that_Lamassu_does_not_have_is_a_404()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        using var response = await stage.Connector.GetAsync("/v1/cas/unknown/aws", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await stage.AwsCallsAsync());
    }

    private static async Task<JsonObject> GetAsync(CAStage stage)
    {
        using var response = await stage.Stage.Connector.GetAsync($"/v1/cas/{CA}/aws", Cancellation);
        var view = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        Assert.True(response.StatusCode == HttpStatusCode.OK, view.ToJsonString());
        return view;
    }

    private static Task AttachTemplateOfDmsAsync(CAStage stage) => AttachTemplateOfDmsAsync(stage.Stage);

    private static async Task AttachTemplateOfDmsAsync(TestStage stage)
    {
        await stage.Lamassu.CreateDmsAsync("dms-1", CA, LamassuJson.AutoDms(LamassuJson.Lamassu3Key));
        using var response = await stage.Connector.PutAsJsonAsync(
            "/v1/dms/dms-1/jitp-template", new JsonObject { ["connector_id"] = TestStage.ConnectorId }, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
        await stage.WhenQuietAsync();
    }

    private static Task RevokeUnheardAsync(CAStage stage) => ChangeCA(stage, ca =>
    {
        ca["certificate"]!["status"] = "REVOKED";
        ca["certificate"]!["revocation_reason"] = "CACompromise";
    });

    private static Task ChangeCA(CAStage stage, Action<JsonObject> change)
    {
        var ca = stage.Stage.State.Find(LamassuKind.CA, CA)!;
        change(ca);
        stage.Stage.State.Store(LamassuKind.CA, ca);
        return Task.CompletedTask;
    }

    // No event reaches the connector, which would mend some of it.
    private static Task NoteAsync(CAStage stage, string status) => ChangeCA(stage, ca =>
        ca["metadata"]![LamassuJson.Lamassu3Key] = new JsonObject { ["registration"] = new JsonObject { ["status"] = status, ["primary_account"] = true } });

    private static async Task PatchAsync(CAStage stage, string op, string path, JsonNode? value)
    {
        await stage.Stage.Lamassu.PatchCAAsync(CA, RemoveCATests.Patch(op, path, value));
        await stage.Stage.WhenQuietAsync();
    }

    private static string? Text(JsonNode node, string member) => node[member]?.GetValue<string>();

    private sealed record Case(Func<CAStage, Task> Arrange, string[] Codes, bool Registers = true);
}
