using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.DeviceManufacturing;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Iam;

/// <summary>One thing that the connector does, from a stage that is prepared with all permissions.</summary>
/// <param name="Name">For the table of the documentation.</param>
/// <param name="Prepare">What has to be there before.</param>
/// <param name="Act">Does it; false when the answer is not the one for success.</param>
/// <param name="Holds">Looks at the effect.</param>
internal sealed record IamScenario(string Name, Func<JitpStage, Task> Prepare, Func<JitpStage, Task<bool>> Act, Func<JitpStage, Task<bool>> Holds)
{
    public const string FirstConnection = "Let a device in at its first connection, with policy and group";

    private const string CA = JitpStage.CA;
    private const string NewCA = "ca-2";
    private const string Dms = JitpStage.Dms;
    private const string Device = JitpStage.Device;
    private const string OtherDocument = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Publish","Resource":"*"}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IReadOnlyList<IamScenario> All { get; } =
    [
        new("Find the MQTT endpoint at start", Nothing, async stage =>
        {
            await stage.Stage.RestartConnectorAsync();
            using var ready = await stage.Stage.Connector.GetAsync("/health/ready", Cancellation);
            return (await ready.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["checks"]!["identity"]!["state"]!.GetValue<string>() == "healthy";
        }, Always),
        new("Register a CA, this account being its primary one", CreateNewCA, stage => RegisterCAAsync(stage, primaryAccount: true), NewCAIsActive),
        new("Register a CA by SNI only", CreateNewCA, stage => RegisterCAAsync(stage, primaryAccount: false), NewCAIsActive),
        new("Deactivate a CA that Lamassu revoked", Nothing, Quiet(stage => stage.Lamassu.SetCAStatusAsync(CA, "REVOKED")), async stage =>
            (await stage.Stage.DescribeCAAsync(CA))!.Status.Value == "INACTIVE"),
        new("Register the first device of a DMS, with policy and group", Nothing, Enrol(Device), IsInOrder),
        new("Register a further device", Enrol("meter-0"), Enrol(Device), IsInOrder),
        new("Renew a device's certificate", Enrol(Device), Quiet(stage => stage.Lamassu.ReenrollAsync(Dms, Device)), IsInOrder),
        new(
            "Revoke a certificate",
            Enrol(Device),
            Quiet(stage => stage.Lamassu.SetCertificateStatusAsync(stage.CurrentSerial(Device), "REVOKED")),
            async stage => await stage.Stage.CertificateStatusAsync(stage.Stage.CurrentSerial(Device)) == "REVOKED"),
        new("Decommission a device", Enrol(Device), Quiet(stage => stage.Lamassu.DecommissionAsync(Device)), async stage =>
            await stage.Stage.CertificateStatusAsync(stage.Stage.CurrentSerial(Device)) == "REVOKED"),
        new(
            "Ask a device for an action in its shadow",
            async stage =>
            {
                stage.ChangeSettings(settings => settings["shadow_config"] = new JsonObject { ["enable"] = true, ["shadow_name"] = "" });
                await Enrol(Device)(stage);
            },
            async stage => await StatusAsync(stage.Stage.PostAsync(
                $"/v1/devices/{Device}/shadow/actions",
                new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["actions"] = new JsonArray("UPDATE_CERTIFICATE") })) == HttpStatusCode.OK,
            Always),
        new(
            "Bring a changed policy of a DMS to AWS",
            Enrol(Device),
            Quiet(stage =>
            {
                var dms = stage.State.Find(LamassuKind.Dms, Dms)!;
                dms["metadata"]![LamassuJson.Lamassu3Key]!["policies"]![0]!["policy_document"] = OtherDocument;
                return stage.Lamassu.PutDmsAsync(dms);
            }),
            async stage => (await stage.Stage.IoT.GetPolicyAsync(new GetPolicyRequest { PolicyName = "test-policy" }, Cancellation)).PolicyDocument == OtherDocument),
        new("Make a JITP template and attach it to its CA", Nothing, PutTemplate(new JsonObject()), async stage =>
            await stage.CAInAwsAsync() == (Dms, "ENABLE")),
        new("Disable a JITP template", PutTemplate(new JsonObject()), PutTemplate(new JsonObject { ["enabled"] = false }), async stage =>
            (await stage.TemplateAsync())!.Enabled == false),
        new("Remove a JITP template", PutTemplate(new JsonObject()), async stage => (int)await StatusAsync(stage.DeleteAsync()) < 300, async stage =>
            await stage.TemplateAsync() is null),
        new(
            FirstConnection,
            async stage =>
            {
                await stage.PutWellAsync();
                await stage.EnrolAsync();
            },
            stage => stage.ConnectAsync(),
            IsInOrder),
    ];

    private static Task Nothing(JitpStage stage) => Task.CompletedTask;

    private static Task<bool> Always(JitpStage stage) => Task.FromResult(true);

    private static Task CreateNewCA(JitpStage stage) => stage.Stage.Lamassu.CreateCAAsync(NewCA);

    private static async Task<bool> NewCAIsActive(JitpStage stage) => (await stage.Stage.DescribeCAAsync(NewCA))?.Status.Value == "ACTIVE";

    private static async Task<bool> RegisterCAAsync(JitpStage stage, bool primaryAccount)
    {
        var isRegistered = await StatusAsync(stage.Stage.PostAsync(
            $"/v1/cas/{NewCA}/register-aws", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["primary_account"] = primaryAccount })) == HttpStatusCode.OK;
        if (isRegistered && primaryAccount)
        {
            // The verification certificate is revoked in Lamassu then, and the event of that looked into.
            await Patience.UntilAsync(async () => (await stage.Stage.AwsCallsAsync()).Any(call => call.Operation == "DescribeCertificate"));
        }

        return isRegistered;
    }

    private static Func<JitpStage, Task<bool>> Enrol(string device) => Quiet(stage => stage.Lamassu.EnrollAsync(Dms, device));

    private static Func<JitpStage, Task<bool>> PutTemplate(JsonObject members) => async stage => (int)await StatusAsync(stage.PutAsync(members)) < 300;

    /// <summary>By an event: something changes in Lamassu.</summary>
    private static Func<JitpStage, Task<bool>> Quiet(Func<TestStage, Task> change) => async stage =>
    {
        await change(stage.Stage);

        // A revocation that is denied is tried without end: its first refusal tells enough.
        var quiet = stage.Stage.WhenQuietAsync();
        while (!quiet.IsCompleted && (await stage.Stage.AwsCallsAsync()).All(call => call.Error != "AccessDeniedException"))
        {
            await Task.WhenAny(quiet, Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation));
        }

        return true;
    };

    private static async Task<bool> IsInOrder(JitpStage stage)
    {
        var serial = stage.Stage.CurrentSerial(Device);
        return (await stage.Stage.AttachedAsync(Device)).Contains(stage.Stage.CertificateId(serial))
            && await stage.Stage.CertificateStatusAsync(serial) == "ACTIVE"
            && (await stage.Stage.GroupsAsync(Device)).Contains("test-group")
            && (await stage.Stage.PoliciesAsync(serial)).Contains("test-policy");
    }

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        return response.StatusCode;
    }
}
