using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>What a registration leaves in AWS and in Lamassu, through both doors.</summary>
public sealed class RegisterThingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_device_becomes_a_thing_with_its_certificate_policy_and_group(Door door)
    {
        await using var scenario = await DeviceScenario.StartAsync(door);

        await scenario.EnrolAsync();

        await scenario.AssertInOrderAsync();
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_device_of_a_DMS_in_the_documented_dialect_is_noted_in_that_dialect(Door door)
    {
        await using var scenario = await DeviceScenario.StartAsync(door, LamassuJson.AutoDms(LamassuJson.DocumentedKey));

        await scenario.EnrolAsync();

        await scenario.AssertInOrderAsync();
        Assert.NotNull(scenario.Stage.State.Find(LamassuKind.Device, Device)!["metadata"]![LamassuJson.DocumentedKey]);
        Assert.Null(scenario.Stage.State.Find(LamassuKind.Device, Device)!["metadata"]![LamassuJson.Lamassu3Key]);
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task Metadata_keys_that_differ_in_letter_case_alone_are_two_keys(Door door)
    {
        var metadata = LamassuJson.AutoDms(LamassuJson.Lamassu3Key);
        metadata["site"] = "north";
        metadata["Site"] = "south";
        await using var scenario = await DeviceScenario.StartAsync(door, metadata);

        await scenario.EnrolAsync();

        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task By_event_a_fresh_device_of_a_prepared_DMS_costs_one_AWS_call_one_read_and_two_writes()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        await scenario.EnrolAsync("meter-0");
        await scenario.Stage.ForgetCallsAsync();

        var serial = await scenario.EnrolAsync();

        Assert.Equal(["RegisterThing"], (await scenario.Stage.AwsCallsAsync()).Select(call => call.Operation));
        Assert.Equal(
            [$"GET /v1/devices/{Device}", $"PUT /v1/devices/{Device}/metadata", $"PUT /v1/certificates/{serial}/metadata"], scenario.Stage.LamassuCalls());
    }

    [Fact]
    public async Task By_HTTP_a_fresh_device_of_a_prepared_DMS_costs_one_read_more()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync("meter-0");
        await scenario.Stage.ForgetCallsAsync();

        var serial = await scenario.EnrolAsync();

        Assert.Equal(["RegisterThing"], (await scenario.Stage.AwsCallsAsync()).Select(call => call.Operation));
        Assert.Equal(
            [$"GET /v1/devices/{Device}", $"GET /v1/certificates/{serial}", $"PUT /v1/devices/{Device}/metadata", $"PUT /v1/certificates/{serial}/metadata"],
            scenario.Stage.LamassuCalls());
    }

    [Theory]
    [InlineData(Door.Event, "handled")]
    [InlineData(Door.Http, "already_registered")]
    public async Task A_device_registered_twice_is_read_and_not_written(Door door, string ending)
    {
        await using var scenario = await DeviceScenario.StartAsync(door);
        await scenario.EnrolAsync();
        await scenario.Stage.ForgetCallsAsync();

        Assert.Equal(ending, await scenario.AgainAsync());

        Assert.Empty(await scenario.Stage.AwsWritesAsync());
        Assert.DoesNotContain(scenario.Stage.LamassuCalls(), call => call.StartsWith("PUT", StringComparison.Ordinal));
        await scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task The_answer_says_what_was_created_and_the_next_one_what_was_there()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);

        var first = await scenario.RegisterAsync();
        var second = await scenario.RegisterAsync();

        Assert.Equal("registered", first["status"]!.GetValue<string>());
        Assert.Equal(["policy", "thing_group", "thing", "certificate"], Kinds(first, "created"));
        Assert.Equal($"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:thing/{Device}", first["thing_arn"]!.GetValue<string>());
        Assert.Equal("already_registered", second["status"]!.GetValue<string>());
        Assert.Empty(Kinds(second, "created"));
        Assert.Equal(["policy", "thing_group", "certificate", "thing"], Kinds(second, "existing"));
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_registration_whose_note_got_lost_is_completed_without_harm(Door door)
    {
        await using var scenario = await DeviceScenario.StartAsync(door);
        await scenario.EnrolAsync();
        var device = scenario.Stage.State.Find(LamassuKind.Device, Device)!;
        device["metadata"] = new JsonObject();
        scenario.Stage.State.Store(LamassuKind.Device, device);

        await scenario.AgainAsync();

        await scenario.AssertInOrderAsync();
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task What_somebody_took_off_a_registered_thing_is_put_back(Door door)
    {
        await using var scenario = await DeviceScenario.StartAsync(door);
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.IoT.DetachThingPrincipalAsync(new DetachThingPrincipalRequest { ThingName = Device, Principal = Arn(scenario, serial) }, Cancellation);

        await scenario.AgainAsync();

        await scenario.AssertInOrderAsync();
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_certificate_that_somebody_set_INACTIVE_is_left_so(Door door)
    {
        await using var scenario = await DeviceScenario.StartAsync(door);
        var serial = await scenario.EnrolAsync();
        await SetStatusAsync(scenario, serial, CertificateStatus.INACTIVE);

        await scenario.AgainAsync();

        Assert.Equal("INACTIVE", await scenario.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task A_certificate_that_is_INACTIVE_or_REVOKED_in_AWS_is_said_with_what_to_do()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var serial = await scenario.EnrolAsync();

        await SetStatusAsync(scenario, serial, CertificateStatus.INACTIVE);
        Assert.Contains("set it ACTIVE there", LeftAlone(await scenario.RegisterAsync(), "certificate"), StringComparison.Ordinal);

        await SetStatusAsync(scenario, serial, CertificateStatus.REVOKED);
        Assert.Contains("needs a new certificate", LeftAlone(await scenario.RegisterAsync(), "certificate"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_policy_with_another_document_is_left_and_attached(Door door)
    {
        await using var scenario = await DeviceScenario.StartAsync(door, LamassuJson.AutoDms(LamassuJson.Lamassu3Key, "first-policy"));
        const string Document = """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iot:*","Resource":"*"}]}""";
        await scenario.Stage.IoT.CreatePolicyAsync(PolicyNamed(DeviceScenario.Policy, Document), Cancellation);
        var dms = scenario.Stage.State.Find(LamassuKind.Dms, DeviceScenario.Dms)!.DeepClone().AsObject();
        dms["metadata"] = LamassuJson.AutoDms(LamassuJson.Lamassu3Key);
        scenario.Stage.State.Store(LamassuKind.Dms, dms);
        await scenario.Stage.RestartConnectorAsync();

        await scenario.EnrolAsync();

        await scenario.AssertInOrderAsync();
        var policy = await scenario.Stage.IoT.GetPolicyAsync(new GetPolicyRequest { PolicyName = DeviceScenario.Policy }, Cancellation);
        Assert.Equal(Document, policy.PolicyDocument);
        Assert.Equal("1", policy.DefaultVersionId);
        Assert.Contains("another document", LeftAlone(await scenario.RegisterAsync(), "policy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("thing")]
    [InlineData("certificate")]
    public async Task A_policy_called_like_a_resource_of_the_template_takes_nothing_elses_place(string policy)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event, LamassuJson.AutoDms(LamassuJson.Lamassu3Key, policy));

        var serial = await scenario.EnrolAsync();

        Assert.Equal([policy], await scenario.Stage.PoliciesAsync(serial));
        Assert.Equal([scenario.Stage.CertificateId(serial)], await scenario.Stage.AttachedAsync(Device));
    }

    [Fact]
    public async Task A_thing_that_others_made_keeps_its_groups_and_principals()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Event);
        var serial = await scenario.EnrolAsync();
        await scenario.Stage.IoT.CreateThingGroupAsync(new CreateThingGroupRequest { ThingGroupName = "theirs" }, Cancellation);
        await scenario.Stage.IoT.AddThingToThingGroupAsync(new AddThingToThingGroupRequest { ThingName = Device, ThingGroupName = "theirs" }, Cancellation);
        var other = await scenario.EnrolAsync("meter-2");
        await scenario.Stage.IoT.AttachThingPrincipalAsync(new AttachThingPrincipalRequest { ThingName = Device, Principal = Arn(scenario, other) }, Cancellation);

        var renewed = await scenario.RenewAsync();

        Assert.NotEqual(serial, renewed);
        Assert.Equal([Group, "theirs"], (await scenario.Stage.GroupsAsync(Device)).Order());
        Assert.Equal(
            new[] { scenario.Stage.CertificateId(renewed), scenario.Stage.CertificateId(other) }.Order(), (await scenario.Stage.AttachedAsync(Device)).Order());
        Assert.Equal("ACTIVE", await scenario.Stage.CertificateStatusAsync(other));
    }

    [Theory]
    [InlineData(Door.Event)]
    [InlineData(Door.Http)]
    public async Task A_thing_that_others_made_keeps_its_attributes_type_and_groups(Door door)
    {
        await using var scenario = await DeviceScenario.StartAsync(door);
        var iot = scenario.Stage.IoT;
        await iot.CreateThingGroupAsync(new CreateThingGroupRequest { ThingGroupName = "theirs" }, Cancellation);
        await iot.RegisterThingAsync(
            new RegisterThingRequest
            {
                TemplateBody = """
                    {"Resources":{"thing":{"Type":"AWS::IoT::Thing","Properties":{"ThingName":"meter-1","AttributePayload":{"site":"north"},"ThingGroups":["theirs"]}}}}
                    """,
            },
            Cancellation);

        await scenario.Stage.ForgetCallsAsync();

        await scenario.EnrolAsync();

        var registration = Assert.Single(await scenario.Stage.AwsCallsAsync(), call => call.Operation == "RegisterThing");
        var template = JsonNode.Parse(JsonNode.Parse(registration.Body!)!["templateBody"]!.GetValue<string>())!["Resources"]!["thing"]!;
        Assert.Equal("DO_NOTHING", template["OverrideSettings"]!["ThingTypeName"]!.GetValue<string>());
        Assert.Equal("north", (await scenario.Stage.DescribeThingAsync(Device))!.Attributes["site"]);
        Assert.Equal([Group, "theirs"], (await scenario.Stage.GroupsAsync(Device)).Order());
        Assert.Equal([DeviceScenario.Policy], await scenario.Stage.PoliciesAsync(scenario.Stage.CurrentSerial(Device)));
    }

    private static CreatePolicyRequest PolicyNamed(string name, string document) => new() { PolicyName = name, PolicyDocument = document };

    private static string Arn(DeviceScenario scenario, string serial) =>
        $"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:cert/{scenario.Stage.CertificateId(serial)}";

    private static Task<UpdateCertificateResponse> SetStatusAsync(DeviceScenario scenario, string serial, CertificateStatus status) => scenario.Stage.IoT.UpdateCertificateAsync(
        new UpdateCertificateRequest { CertificateId = scenario.Stage.CertificateId(serial), NewStatus = status }, Cancellation);

    private static IEnumerable<string> Kinds(JsonObject answer, string member) => answer[member]!.AsArray().Select(resource => resource!["kind"]!.GetValue<string>());

    private static string LeftAlone(JsonObject answer, string kind) =>
        answer["left_alone"]!.AsArray().First(resource => resource!["kind"]!.GetValue<string>() == kind)!["detail"]!.GetValue<string>();
}
