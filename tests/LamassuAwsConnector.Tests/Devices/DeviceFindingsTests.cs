using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>What the view of a device finds wrong with it, each in a state that the stand-ins are brought to.</summary>
public sealed class DeviceFindingsTests
{
    private const string Other = "other-policy";

    // What a DMS's settings are wrong in is found where they are read.
    private static readonly string[] CodesOfSettings = ["dms_settings_invalid", "metadata_not_an_object"];

    private static readonly Dictionary<string, Case> Cases = new(StringComparer.Ordinal)
    {
        ["revoked in Lamassu alone"] = new(
            scenario => scenario.Stage.Lamassu.SetCertificateStatusAsync(scenario.Stage.CurrentSerial(Device), "REVOKED", "KeyCompromise"),
            ["revoked_but_active", "identity_not_active"]),
        ["on hold in Lamassu alone"] = new(
            scenario => scenario.Stage.Lamassu.SetCertificateStatusAsync(scenario.Stage.CurrentSerial(Device), "REVOKED", "CertificateHold"),
            ["revoked_but_active", "identity_not_active"]),
        ["decommissioned and ACTIVE everywhere"] = new(
            scenario => Change(scenario, LamassuKind.Device, Device, device => device["status"] = "DECOMMISSIONED"), ["decommissioned_but_active"]),
        ["decommissioned and shut out"] = new(
            async scenario =>
            {
                await scenario.Stage.Lamassu.DecommissionAsync(Device);
                await SetAsync(scenario, CertificateStatus.REVOKED);
            },
            []),
        ["an earlier certificate that the DMS does not keep any more"] = new(
            async scenario =>
            {
                await scenario.RenewAsync();
                await Change(scenario, LamassuKind.Dms, Dms, dms => dms["settings"]!["reenrollment_settings"]!["revoke_on_reenrollment"] = true);
            },
            ["earlier_certificate_active"],
            KeepsEarlier: true),
        ["an earlier certificate that the DMS keeps"] = new(scenario => scenario.RenewAsync(), [], KeepsEarlier: true),
        ["connected and shut out"] = new(
            async scenario =>
            {
                await ConnectAsync(scenario);
                await SetAsync(scenario, CertificateStatus.INACTIVE);
            },
            ["connected_though_shut_out", "certificate_inactive"]),
        ["INACTIVE by others"] = new(scenario => SetAsync(scenario, CertificateStatus.INACTIVE), ["certificate_inactive"]),
        ["REVOKED in AWS alone"] = new(scenario => SetAsync(scenario, CertificateStatus.REVOKED), ["certificate_revoked_in_aws"]),
        ["without an identity"] = new(
            scenario => Change(scenario, LamassuKind.Device, Device, device => device["identity"] = null), ["no_identity"]),
        ["a certificate that Lamassu has lost"] = new(
            scenario =>
            {
                scenario.Stage.State.Remove(LamassuKind.Certificate, scenario.Stage.CurrentSerial(Device));
                return Task.CompletedTask;
            },
            ["certificate_not_in_lamassu"]),
        ["an issuer that Lamassu does not have"] = new(
            scenario => Change(scenario, LamassuKind.Certificate, scenario.Stage.CurrentSerial(Device), certificate => certificate["issuer_metadata"]!["id"] = "gone"),
            ["issuer_unknown"]),
        ["not registered yet"] = new(_ => Task.CompletedTask, ["certificate_missing", "thing_missing", "policy_missing"], Registers: false),
        ["not registered yet, by AWS itself"] = new(
            scenario => ChangeSettings(scenario, settings => settings["registration_mode"] = "jitp"),
            ["certificate_missing", "thing_missing", "policy_missing"],
            Registers: false),
        ["a CA that is not registered"] = new(
            _ => Task.CompletedTask, ["ca_not_registered", "certificate_missing", "thing_missing", "policy_missing"], Registers: false, RegistersCA: false),
        ["a CA that is INACTIVE"] = new(
            scenario => scenario.Stage.IoT.UpdateCACertificateAsync(
                new UpdateCACertificateRequest { CertificateId = scenario.Stage.CAId(CA), NewStatus = CACertificateStatus.INACTIVE }, Cancellation),
            ["ca_inactive", "certificate_missing", "thing_missing", "policy_missing"],
            Registers: false),
        ["detached"] = new(
            scenario => scenario.Stage.IoT.DetachThingPrincipalAsync(
                new DetachThingPrincipalRequest { ThingName = Device, Principal = Arn(scenario.Stage.CertificateId(scenario.Stage.CurrentSerial(Device))) }, Cancellation),
            ["certificate_not_attached"]),
        ["a group more in the DMS"] = new(
            scenario => ChangeSettings(scenario, settings => settings["groups"]!.AsArray().Add("another-group")), ["not_in_group"]),
        ["a policy more in the DMS"] = new(
            async scenario =>
            {
                await CreateOtherAsync(scenario);
                await ChangeSettings(scenario, settings => settings["policies"] = LamassuJson.Policies(DeviceScenario.Policy, Other));
            },
            ["policy_not_attached"]),
        ["a policy more in the DMS that AWS does not have"] = new(
            scenario => ChangeSettings(scenario, settings => settings["policies"] = LamassuJson.Policies(DeviceScenario.Policy, Other)), ["policy_missing"]),
        ["another policy document"] = new(
            scenario => scenario.Stage.IoT.CreatePolicyVersionAsync(
                new CreatePolicyVersionRequest
                {
                    PolicyName = DeviceScenario.Policy,
                    PolicyDocument = LamassuJson.Policy.Replace("iot:Connect", "iot:*", StringComparison.Ordinal),
                    SetAsDefault = true,
                },
                Cancellation),
            ["policy_differs"]),
        ["a policy of others"] = new(
            async scenario =>
            {
                await CreateOtherAsync(scenario);
                await scenario.Stage.IoT.AttachPolicyAsync(
                    new AttachPolicyRequest { PolicyName = Other, Target = Arn(scenario.Stage.CertificateId(scenario.Stage.CurrentSerial(Device))) }, Cancellation);
            },
            ["policy_not_of_dms"]),
        ["an error noted"] = new(scenario => NoteAsync(scenario, "error", "AWS said no."), ["error_noted"]),
        ["actions without a shadow"] = new(scenario => DeviceShadowTests.AskInMetadataAsync(scenario, "rotate"), ["actions_wait"]),
        ["no permission to see connections"] = new(
            scenario => scenario.Stage.FailAwsAsync("GetConnection", 20, "ForbiddenException", 403), ["connection_not_shown"]),
        ["a DMS that is gone"] = new(
            scenario => Change(scenario, LamassuKind.Device, Device, device => device["dms_owner"] = "gone"), ["dms_missing"]),
        ["mode none"] = new(scenario => ChangeSettings(scenario, settings => settings["registration_mode"] = "none"), ["mode_none"]),
        ["a DMS without settings"] = new(
            scenario => Change(scenario, LamassuKind.Dms, Dms, dms => dms["metadata"] = new JsonObject()), ["dms_without_settings"]),
        ["settings that AWS would refuse"] = new(
            scenario => ChangeSettings(scenario, settings => settings["groups"] = new JsonArray("no group!")), ["dms_settings_invalid", "policy_not_of_dms"]),
        ["settings that are no object"] = new(
            scenario => Change(scenario, LamassuKind.Dms, Dms, dms => dms["metadata"]![LamassuJson.Lamassu3Key] = "text"), ["metadata_not_an_object"]),
        ["a note that is no object"] = new(
            scenario => Change(scenario, LamassuKind.Device, Device, device => device["metadata"]![LamassuJson.Lamassu3Key] = "text"), ["metadata_not_an_object"]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_wrong_is_found_and_nothing_else(string name)
    {
        var (arrange, codes, registers, registersCA, keepsEarlier) = Cases[name];
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, registersCA: registersCA, revokeOnReenrollment: !keepsEarlier);
        if (registers)
        {
            await scenario.EnrolAsync();
        }
        else
        {
            await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        }

        await arrange(scenario);
        await scenario.Stage.ForgetCallsAsync();

        var view = await DeviceViewTests.GetAsync(scenario);

        Assert.True(codes.SequenceEqual(FindingCodes.Of(view)), view.ToJsonString());
        Assert.All(
            view["findings"]!.AsArray(), finding => Assert.All(new[] { "message", "action" }, member => Assert.NotEmpty(finding![member]!.GetValue<string>())));
        Assert.Empty(await scenario.Stage.AwsWritesAsync());
        Assert.All(scenario.Stage.LamassuCalls(), call => Assert.StartsWith("GET ", call, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_device_whose_id_is_no_thing_name_is_said_so_and_AWS_is_not_asked_for_the_thing()
    {
        const string Unnameable = "meter.1";
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Unnameable);

        var view = await DeviceViewTests.GetAsync(scenario, Unnameable);

        Assert.Equal("device_id_no_thing_name", FindingCodes.Of(view)[0]);
        Assert.DoesNotContain("DescribeThing", (await scenario.Stage.AwsCallsAsync()).Select(call => call.Operation));
    }

    [Fact]
    public void Every_finding_has_a_case() => Assert.Equal(
        FindingCodes.In("Devices/DeviceFindings.cs").Concat(CodesOfSettings).Order(StringComparer.Ordinal),
        Cases.Values.SelectMany(@case => @case.Codes).Append("device_id_no_thing_name").Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public async Task What_the_findings_of_an_unregistered_device_advise_mends_it()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, registersCA: false);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);
        Assert.NotEmpty(FindingCodes.Of(await DeviceViewTests.GetAsync(scenario)));

        await scenario.RegisterCAAsync();
        await scenario.RegisterAsync();

        Assert.Empty(FindingCodes.Of(await DeviceViewTests.GetAsync(scenario)));
    }

    internal static string Arn(string certificateId) => $"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:cert/{certificateId}";

    /// <summary>The device connects to AWS with its current certificate.</summary>
    internal static async Task ConnectAsync(DeviceScenario scenario)
    {
        var certificate = scenario.Stage.State.Find(LamassuKind.Certificate, scenario.Stage.CurrentSerial(Device))!["certificate"]!.GetValue<string>();
        using var client = new HttpClient();
        using var response = await client.PostAsJsonAsync(
            new Uri(scenario.Stage.Stage.StandIns.Aws.Url, "/_control/connect"),
            new JsonObject { ["client_id"] = Device, ["certificate_pem"] = Encoding.UTF8.GetString(Convert.FromBase64String(certificate)) },
            Cancellation);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        Assert.True(answer["connected"]!.GetValue<bool>(), answer.ToJsonString());
    }

    private static Task<UpdateCertificateResponse> SetAsync(DeviceScenario scenario, CertificateStatus status) => scenario.Stage.IoT.UpdateCertificateAsync(
        new UpdateCertificateRequest { CertificateId = scenario.Stage.CertificateId(scenario.Stage.CurrentSerial(Device)), NewStatus = status }, Cancellation);

    private static Task<CreatePolicyResponse> CreateOtherAsync(DeviceScenario scenario) => scenario.Stage.IoT.CreatePolicyAsync(
        new CreatePolicyRequest { PolicyName = Other, PolicyDocument = LamassuJson.Policy }, Cancellation);

    private static Task NoteAsync(DeviceScenario scenario, string member, string value) => scenario.Stage.Lamassu.PatchDeviceAsync(Device, new JsonObject
    {
        ["patches"] = new JsonArray(new JsonObject { ["op"] = "add", ["path"] = $"/lamassu.io~1iot~1aws-iot-test/{member}", ["value"] = value }),
    });

    private static Task ChangeSettings(DeviceScenario scenario, Action<JsonObject> change) =>
        Change(scenario, LamassuKind.Dms, Dms, dms => change(dms["metadata"]![LamassuJson.Lamassu3Key]!.AsObject()));

    private static Task Change(DeviceScenario scenario, LamassuKind kind, string id, Action<JsonObject> change)
    {
        var found = scenario.Stage.State.Find(kind, id)!;
        change(found);
        scenario.Stage.State.Store(kind, found);
        return Task.CompletedTask;
    }

    private sealed record Case(
        Func<DeviceScenario, Task> Arrange, string[] Codes, bool Registers = true, bool RegistersCA = true, bool KeepsEarlier = false);
}
