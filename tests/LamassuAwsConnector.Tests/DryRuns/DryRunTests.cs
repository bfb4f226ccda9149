using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.DeviceManufacturing;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.DryRuns;

/// <summary>A dry run names the calls that the command then makes, in their order, and makes none of them.</summary>
public sealed partial class DryRunTests
{
    private const string RegisterDevice = $"/v1/devices/{DeviceScenario.Device}/register-aws";
    private const string RegisterCA = $"/v1/cas/{DeviceScenario.CA}/register-aws";
    private const string Template = $"/v1/dms/{JitpStage.Dms}/jitp-template";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_device()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, DeviceScenario.Device);

        var answer = await AssertCarriedOutAsPlannedAsync(scenario.Stage, HttpMethod.Post, RegisterDevice);

        Assert.Equal("registered", answer["status"]!.GetValue<string>());
        var policy = answer["planned_calls"]!.AsArray().Single(call => call!["operation"]!.GetValue<string>() == "CreatePolicy")!;
        Assert.Equal(DeviceScenario.Policy, policy["target"]!.GetValue<string>());
        Assert.Null(policy["before"]);
        Assert.NotNull(policy["after"]!["Statement"]);
        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task A_device_with_an_earlier_certificate()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync();
        await scenario.Stage.Lamassu.ReenrollAsync(DeviceScenario.Dms, DeviceScenario.Device);

        var answer = await AssertCarriedOutAsPlannedAsync(scenario.Stage, HttpMethod.Post, RegisterDevice);

        var retired = answer["planned_calls"]!.AsArray().Single(call => call!["operation"]!.GetValue<string>() == "UpdateCertificate")!;
        Assert.Equal(("ACTIVE", "REVOKED"), (retired["before"]!.GetValue<string>(), retired["after"]!.GetValue<string>()));
        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task A_registered_device_has_nothing_to_be_done()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync();

        var answer = await AssertCarriedOutAsPlannedAsync(scenario.Stage, HttpMethod.Post, RegisterDevice);

        Assert.Equal("already_registered", answer["status"]!.GetValue<string>());
        Assert.Empty(answer["planned_calls"]!.AsArray());
    }

    [Fact]
    public async Task A_device_whose_CA_is_not_registered_is_refused_as_it_would_be()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, registersCA: false);
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, DeviceScenario.Device);

        using var dry = await SendAsync(scenario.Stage, HttpMethod.Post, RegisterDevice, isDry: true);
        var (awsWrites, lamassuWrites) = (await scenario.Stage.AwsWritesAsync(), LamassuWrites(scenario.Stage));
        using var real = await SendAsync(scenario.Stage, HttpMethod.Post, RegisterDevice, isDry: false);

        Assert.Empty(awsWrites);
        Assert.Empty(lamassuWrites);
        Assert.Equal(HttpStatusCode.Conflict, dry.StatusCode);
        Assert.Equal(await CodeAsync(real), await CodeAsync(dry));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_CA(bool primaryAccount)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, registersCA: false);

        var answer = await AssertCarriedOutAsPlannedAsync(scenario.Stage, HttpMethod.Post, RegisterCA, ("primary_account", primaryAccount));

        Assert.Equal($"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:cacert/{scenario.Stage.CAId(DeviceScenario.CA)}", answer["arn"]!.GetValue<string>());
        Assert.Equal("registered", answer["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_CA_that_is_taken_out()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);

        var answer = await AssertCarriedOutAsPlannedAsync(scenario.Stage, HttpMethod.Delete, RegisterCA);

        Assert.Equal("removed", answer["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_registration_that_is_tried_is_not_counted()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, configuration: ("metrics:open", "true"));
        await scenario.Stage.Lamassu.EnrollAsync(DeviceScenario.Dms, DeviceScenario.Device);

        using var dry = await SendAsync(scenario.Stage, HttpMethod.Post, RegisterDevice, isDry: true);

        Assert.Equal(HttpStatusCode.OK, dry.StatusCode);
        Assert.DoesNotMatch(DevicesRegistered(), await scenario.Stage.Connector.GetStringAsync("/metrics", Cancellation));
    }

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key)]
    [InlineData(LamassuJson.DocumentedKey)]
    public async Task A_template_that_is_made_changed_and_taken_away(string key)
    {
        await using var stage = await JitpStage.StartAsync(key);

        var made = await AssertCarriedOutAsPlannedAsync(stage.Stage, HttpMethod.Put, Template);
        stage.ChangeSettings(settings => settings[stage.IsDocumented ? "group_names" : "groups"]!.AsArray().Add("another-group"));
        var changed = await AssertCarriedOutAsPlannedAsync(stage.Stage, HttpMethod.Put, Template);
        var takenAway = await AssertCarriedOutAsPlannedAsync(stage.Stage, HttpMethod.Delete, Template);

        Assert.Equal("created", made["status"]!.GetValue<string>());
        var version = changed["planned_calls"]!.AsArray().Single(call => call!["operation"]!.GetValue<string>() == "CreateProvisioningTemplateVersion")!;
        Assert.DoesNotContain("another-group", version["before"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("another-group", version["after"]!.ToJsonString(), StringComparison.Ordinal);

        // In the documented settings the devices are registered one by one then, and the template goes after them.
        var last = takenAway["planned_calls"]!.AsArray()[^1]!;
        Assert.Equal(stage.IsDocumented ? "connector" : "aws", last["service"]!.GetValue<string>());
        Assert.Equal(
            stage.IsDocumented ? "remove the DMS's provisioning template when its devices are registered" : "DeleteProvisioningTemplate",
            last["operation"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_a_DMS_holds_beside_our_settings_is_not_shown()
    {
        await using var stage = await JitpStage.StartAsync();
        var dms = stage.Stage.State.Find(LamassuKind.Dms, JitpStage.Dms)!;
        dms["metadata"]!["theirs"] = "webhook-secret";
        stage.Stage.State.Store(LamassuKind.Dms, dms);

        using var dry = await SendAsync(stage.Stage, HttpMethod.Put, Template, isDry: true);

        var text = await dry.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("PUT /v1/dms/{id}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("webhook-secret", text, StringComparison.Ordinal);
    }

    /// <summary>Tries the command, sees that nothing changed, carries it out, and compares.</summary>
    /// <returns>The answer of the dry run.</returns>
    private static async Task<JsonObject> AssertCarriedOutAsPlannedAsync(
        TestStage stage, HttpMethod method, string path, params (string Name, JsonNode Value)[] members)
    {
        await stage.ForgetCallsAsync();
        using var dry = await SendAsync(stage, method, path, isDry: true, members);
        var answer = JsonNode.Parse(await dry.Content.ReadAsStringAsync(Cancellation))!.AsObject();
        Assert.True(dry.StatusCode == HttpStatusCode.OK, answer.ToJsonString());
        Assert.Empty((await stage.AwsWritesAsync()).Concat(LamassuWrites(stage)));

        await stage.ForgetCallsAsync();
        using var real = await SendAsync(stage, method, path, isDry: false, members);
        Assert.True(real.IsSuccessStatusCode, await real.Content.ReadAsStringAsync(Cancellation));
        var awsCalls = (await stage.AwsCallsAsync()).Select(call => call.Operation).Where(operation => operation == "GetRegistrationCode" || !IsRead(operation));

        Assert.Equal(awsCalls, Planned(answer, "aws"));
        Assert.Equal(LamassuWrites(stage).Select(call => Serial().Replace(call, "(of the certificate that is signed)")), Planned(answer, "lamassu"));
        return answer;
    }

    private static bool IsRead(string operation) => operation.StartsWith("Describe", StringComparison.Ordinal)
        || operation.StartsWith("Get", StringComparison.Ordinal) || operation.StartsWith("List", StringComparison.Ordinal);

    private static IEnumerable<string> Planned(JsonObject answer, string service) => answer["planned_calls"]!.AsArray()
        .Where(call => call!["service"]!.GetValue<string>() == service)
        .Select(call => Placeholder().Replace(call!["operation"]!.GetValue<string>(), call["target"]!.GetValue<string>()));

    private static IReadOnlyList<string> LamassuWrites(TestStage stage) =>
        [.. stage.LamassuCalls().Where(call => !call.StartsWith("GET ", StringComparison.Ordinal))];

    private static async Task<HttpResponseMessage> SendAsync(
        TestStage stage, HttpMethod method, string path, bool isDry, params (string Name, JsonNode Value)[] members)
    {
        using var request = new HttpRequestMessage(method, isDry ? $"{path}?dry_run=true" : path);
        if (method != HttpMethod.Delete)
        {
            var body = new JsonObject { ["connector_id"] = TestStage.ConnectorId };
            foreach (var (name, value) in members)
            {
                body[name] = value.DeepClone();
            }

            request.Content = JsonContent.Create(body);
        }

        return await stage.Connector.SendAsync(request, Cancellation);
    }

    private static async Task<string> CodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["code"]!.GetValue<string>();

    [GeneratedRegex("(?<=/v1/certificates/)[^/]+(?=/status)")]
    private static partial Regex Serial();

    [GeneratedRegex(@"\{(id|sn)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("lamassu_aws_iot_devices_registered_total(\\{[^}]*\\})? [1-9]")]
    private static partial Regex DevicesRegistered();
}
