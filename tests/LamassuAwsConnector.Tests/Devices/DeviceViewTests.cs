using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.Devices.DeviceScenario;
using static LamassuAwsConnector.Tests.Devices.RegisterThingFailureTests;

namespace LamassuAwsConnector.Tests.Devices;

/// <summary>A device in Lamassu and in AWS, side by side.</summary>
public sealed class DeviceViewTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key)]
    [InlineData(LamassuJson.DocumentedKey)]
    public async Task A_device_in_order_is_shown_whole_and_nothing_is_found(string key)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, DeviceShadowTests.Shadow("", key));
        var serial = await scenario.EnrolAsync();
        var id = scenario.Stage.CertificateId(serial);
        await DeviceFindingsTests.ConnectAsync(scenario);
        using var asked = await scenario.Stage.PostAsync(
            $"/v1/devices/{Device}/shadow/actions", new JsonObject { ["connector_id"] = TestStage.ConnectorId, ["actions"] = new JsonArray("rotate") });

        var view = await GetAsync(scenario);

        Assert.Equal((Device, TestStage.ConnectorId), (Text(view, "device_id"), Text(view, "connector_id")));
        Assert.Equal((Dms, "auto", true), (Text(view["lamassu"]!, "dms_id"), Text(view["lamassu"]!, "registration_mode"), Flag(view["lamassu"]!, "thing_registered")));
        var thing = view["thing"]!;
        Assert.Equal((Device, $"arn:aws:iot:{TestStage.Region}:{TestStage.Account}:thing/{Device}"), (Text(thing, "name"), Text(thing, "arn")));
        Assert.Equal([Group], thing["groups"]!.AsArray().Select(group => group!.GetValue<string>()));
        var certificate = Assert.Single(view["certificates"]!.AsArray())!;
        Assert.Equal((serial, id, "ACTIVE", "ACTIVE"),
            (Text(certificate, "serial_number"), Text(certificate, "certificate_id"), Text(certificate, "lamassu_status"), Text(certificate, "aws_status")));
        Assert.Equal((true, true, true), (Flag(certificate, "ours"), Flag(certificate, "current"), Flag(certificate, "attached")));
        Assert.Equal((CA, "ACTIVE"), (Text(view["issuing_ca"]!, "id"), Text(view["issuing_ca"]!, "aws_status")));
        var policy = Assert.Single(view["policies"]!.AsArray())!;
        Assert.Equal((DeviceScenario.Policy, true, true, true, true),
            (Text(policy, "name"), Flag(policy, "requested"), Flag(policy, "exists"), Flag(policy, "attached"), Flag(policy, "same_document")));
        Assert.Equal((true, true), (Flag(view["shadow"]!, "enabled"), Flag(view["shadow"]!, "exists")));
        Assert.Equal("rotate", Text(Assert.Single(view["shadow"]!["pending_actions"]!.AsArray())!, "action"));
        Assert.Equal((Device, true), (Text(view["connection"]!, "client_id"), Flag(view["connection"]!, "connected")));
        Assert.True(DateTimeOffset.TryParse(Text(view["connection"]!, "connected_since"), out _));
        Assert.Empty(view["findings"]!.AsArray());
    }

    [Fact]
    public async Task Nothing_secret_and_no_policy_document_is_in_the_answer()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync();

        var text = (await GetAsync(scenario)).ToJsonString();

        Assert.DoesNotContain("BEGIN CERTIFICATE", text, StringComparison.Ordinal);
        Assert.DoesNotContain("iot:Connect", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Earlier_certificates_are_shown_with_both_statuses_newest_first()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var earlier = await scenario.EnrolAsync();
        var current = await scenario.RenewAsync();

        var certificates = (await GetAsync(scenario))["certificates"]!.AsArray();

        Assert.Equal([current, earlier], certificates.Select(certificate => Text(certificate!, "serial_number")));
        Assert.Equal(["ACTIVE", "REVOKED"], certificates.Select(certificate => Text(certificate!, "lamassu_status")));
        Assert.Equal(["ACTIVE", "REVOKED"], certificates.Select(certificate => Text(certificate!, "aws_status")));
        Assert.Equal([true, false], certificates.Select(certificate => Flag(certificate!, "attached")));
        Assert.Equal("Superseded", Text(certificates[1]!, "revocation_reason"));
    }

    [Fact]
    public async Task What_others_attached_to_the_thing_is_marked_as_not_ours()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync();
        var foreign = scenario.Stage.CertificateId(await scenario.EnrolAsync("foreign"));
        await scenario.Stage.IoT.AttachThingPrincipalAsync(
            new AttachThingPrincipalRequest { ThingName = Device, Principal = DeviceFindingsTests.Arn(foreign) }, Cancellation);

        var view = await GetAsync(scenario);

        var other = view["certificates"]!.AsArray()[1]!;
        Assert.Equal((false, foreign, true), (Flag(other, "ours"), Text(other, "certificate_id"), Flag(other, "attached")));
        Assert.Null(other["aws_status"]);
        Assert.Empty(FindingCodes.Of(view));
    }

    [Fact]
    public async Task Of_very_many_certificates_the_newest_are_looked_at_and_those_that_are_attached()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        var first = await scenario.EnrolAsync();
        for (var i = 0; i < 13; i++)
        {
            await scenario.Stage.Lamassu.ReenrollAsync(Dms, Device);
        }

        await scenario.RegisterAsync();
        await scenario.Stage.IoT.AttachThingPrincipalAsync(
            new AttachThingPrincipalRequest { ThingName = Device, Principal = DeviceFindingsTests.Arn(scenario.Stage.CertificateId(first)) }, Cancellation);
        await scenario.Stage.ForgetCallsAsync();

        var view = await GetAsync(scenario);

        Assert.Equal(12, view["certificates"]!.AsArray().Count);
        Assert.Equal(first, Text(view["certificates"]!.AsArray()[11]!, "serial_number"));
        Assert.Equal(2, view["certificates_left_out"]!.GetValue<int>());
        Assert.Equal(12, (await scenario.Stage.AwsCallsAsync()).Count(call => call.Operation == "DescribeCertificate"));
    }

    [Fact]
    public async Task The_calls_of_a_view_are_these_and_reads_alone()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, DeviceShadowTests.Shadow());
        await scenario.EnrolAsync();
        await GetAsync(scenario);
        await scenario.Stage.ForgetCallsAsync();

        await GetAsync(scenario);

        Assert.Equal(
            [
                "DescribeThing", "ListThingPrincipals", "ListThingGroupsForThing", "DescribeCertificate", "DescribeCACertificate", "ListAttachedPolicies",
                "GetPolicy", "GetThingShadow", "GetConnection",
            ],
            (await scenario.Stage.AwsCallsAsync()).Select(call => call.Operation));
        Assert.Equal(3, scenario.Stage.LamassuCalls().Count);
        Assert.All(scenario.Stage.LamassuCalls(), call => Assert.StartsWith("GET ", call, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_device_that_AWS_does_not_know_costs_four_calls()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, DeviceShadowTests.Shadow());
        await scenario.Stage.Lamassu.EnrollAsync(Dms, Device);

        var view = await GetAsync(scenario);

        Assert.Equal(
            ["DescribeThing", "DescribeCertificate", "DescribeCACertificate", "GetPolicy"], (await scenario.Stage.AwsCallsAsync()).Select(call => call.Operation));
        Assert.Null(view["thing"]);
        Assert.Null(view["connection"]);
        Assert.Null(view["shadow"]!["exists"]);
    }

    [Theory]
    [InlineData("DescribeThing")]
    [InlineData("ListThingPrincipals")]
    [InlineData("ListThingGroupsForThing")]
    [InlineData("DescribeCertificate")]
    [InlineData("DescribeCACertificate")]
    [InlineData("ListAttachedPolicies")]
    [InlineData("GetPolicy")]
    [InlineData("GetThingShadow")]
    [InlineData("GetConnection")]
    public async Task What_AWS_does_not_answer_is_a_503_and_never_a_half_answer(string operation)
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http, DeviceShadowTests.Shadow());
        await scenario.EnrolAsync();
        await scenario.Stage.FailAwsAsync(operation, 20, "ThrottlingException", 429);

        using var response = await scenario.Stage.Connector.GetAsync($"/v1/devices/{Device}/aws", Cancellation);

        Assert.NotNull(response.Headers.RetryAfter);
        await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, "ThrottlingException");
    }

    [Fact]
    public async Task A_device_that_Lamassu_does_not_have_is_a_404_without_a_call_to_AWS()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);

        using var response = await scenario.Stage.Connector.GetAsync("/v1/devices/unknown/aws", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await scenario.Stage.AwsCallsAsync());
    }

    [Fact]
    public async Task Lamassu_away_is_a_503()
    {
        await using var scenario = await DeviceScenario.StartAsync(Door.Http);
        await scenario.EnrolAsync();
        scenario.Stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Service = "dms-manager", Path = "/v1/dms/*", Status = 503, Times = 20 });

        using var response = await scenario.Stage.Connector.GetAsync($"/v1/devices/{Device}/aws", Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    internal static async Task<JsonObject> GetAsync(DeviceScenario scenario, string device = Device)
    {
        using var response = await scenario.Stage.Connector.GetAsync($"/v1/devices/{Uri.EscapeDataString(device)}/aws", Cancellation);
        var view = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        Assert.True(response.StatusCode == HttpStatusCode.OK, view.ToJsonString());
        return view;
    }

    private static string? Text(JsonNode node, string member) => node[member]?.GetValue<string>();

    private static bool? Flag(JsonNode node, string member) => node[member]?.GetValue<bool>();
}
