using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class ConnectionTests : AwsStandInTest
{
    [Fact]
    public async Task An_unknown_device_of_a_JITP_CA_is_provisioned_and_connected()
    {
        using var ca = await JitpAsync();
        var device = ca.Issue("CN=device-1", Now);
        var answer = await ConnectAsync("device-1", device);
        Assert.True(answer["connected"]!.GetValue<bool>());
        Assert.Equal("device-1", answer["thing_name"]!.ToString());
        var state = await StateAsync();
        Assert.Equal("ACTIVE", state["certificates"]![device.Id]!["status"]!.ToString());
        Assert.Equal("""["policy"]""", state["certificates"]![device.Id]!["policies"]!.ToJsonString());
        Assert.Equal($"[\"{device.Id}\"]", state["things"]!["device-1"]!["principals"]!.ToJsonString());
    }

    [Fact]
    public async Task A_declared_parameter_that_the_subject_lacks_makes_provisioning_fail_and_the_certificate_wait()
    {
        var body = ProvisioningTemplateTests.Body.Replace(
            "\"Parameters\":{",
            "\"Parameters\":{\"AWS::IoT::Certificate::Country\":{\"Type\":\"String\"},",
            StringComparison.Ordinal
        );
        using var ca = await JitpAsync(body);
        var device = ca.Issue("CN=device-1", Now);
        var answer = await ConnectAsync("device-1", device);
        Assert.False(answer["connected"]!.GetValue<bool>());
        Assert.Contains("AWS::IoT::Certificate::Country", answer["reason"]!.ToString());
        var state = await StateAsync();
        Assert.Equal("PENDING_ACTIVATION", state["certificates"]![device.Id]!["status"]!.ToString());
        Assert.Empty(state["things"]!.AsObject());

        Assert.True((await ConnectAsync("device-2", ca.Issue("CN=device-2,C=ES", Now)))["connected"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_certificate_that_waits_is_provisioned_once_the_template_is_right()
    {
        using var ca = await JitpAsync(policy: false);
        var device = ca.Issue("CN=device-1", Now);
        Assert.False((await ConnectAsync("device-1", device))["connected"]!.GetValue<bool>());
        await PolicyAsync("policy");
        Assert.True((await ConnectAsync("device-1", device))["connected"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_reference_that_is_not_declared_makes_provisioning_fail()
    {
        var body = ProvisioningTemplateTests.Body.Replace(",\"AWS::IoT::Certificate::Id\":{\"Type\":\"String\"}", "", StringComparison.Ordinal);
        using var ca = await JitpAsync(body);
        Assert.Contains("AWS::IoT::Certificate::Id", (await ConnectAsync("device-1", ca.Issue("CN=device-1", Now)))["reason"]!.ToString());
    }

    [Theory]
    [InlineData("?newStatus=INACTIVE")]
    [InlineData("?newAutoRegistrationStatus=DISABLE")]
    public async Task A_CA_that_is_inactive_or_without_auto_registration_lets_nobody_in(string query)
    {
        using var ca = await JitpAsync();
        (await CallAsync($"PUT /cacertificate/{ca.Id}{query}")).Succeeded();
        Assert.False((await ConnectAsync("device-1", ca.Issue("CN=device-1", Now)))["connected"]!.GetValue<bool>());
        Assert.Empty((await StateAsync())["certificates"]!.AsObject());
    }

    [Fact]
    public async Task A_disabled_template_provisions_nobody()
    {
        using var ca = await JitpAsync();
        (await CallAsync("PATCH /provisioning-templates/jitp", """{"enabled":false}""")).Succeeded();
        Assert.False((await ConnectAsync("device-1", ca.Issue("CN=device-1", Now)))["connected"]!.GetValue<bool>());
        Assert.Empty((await StateAsync())["things"]!.AsObject());
    }

    [Fact]
    public async Task A_forged_or_expired_certificate_is_not_let_in()
    {
        using var ca = await JitpAsync();
        using var forger = TestCA.Create(Now);
        Assert.False((await ConnectAsync("device-1", forger.Issue("CN=device-1", Now)))["connected"]!.GetValue<bool>());
        Assert.False((await ConnectAsync("device-1", ca.Issue("CN=device-1", Now.AddDays(-11))))["connected"]!.GetValue<bool>());
        Assert.Empty((await StateAsync())["certificates"]!.AsObject());
    }

    [Theory]
    [InlineData("REVOKED")]
    [InlineData("INACTIVE")]
    public async Task A_certificate_that_is_not_active_is_refused(string status)
    {
        using var ca = await JitpAsync();
        var device = ca.Issue("CN=device-1", Now);
        (await RegisterAsync(device, status)).Succeeded();
        var answer = await ConnectAsync("device-1", device);
        Assert.False(answer["connected"]!.GetValue<bool>());
        Assert.Contains(status, answer["reason"]!.ToString());
        Assert.Empty((await StateAsync())["things"]!.AsObject());
    }

    [Fact]
    public async Task A_device_needs_a_policy_that_lets_it_connect()
    {
        using var ca = await JitpAsync();
        var device = ca.Issue("CN=device-1", Now);
        var arn = (await RegisterAsync(device)).Succeeded()["certificateArn"]!;
        Assert.Contains("policy", (await ConnectAsync("device-1", device))["reason"]!.ToString());
        await PolicyAsync("publish", PolicyText.Replace("Connect", "Publish", StringComparison.Ordinal));
        (await CallAsync("PUT /target-policies/publish", new JsonObject { ["target"] = arn })).Succeeded();
        Assert.False((await ConnectAsync("device-1", device))["connected"]!.GetValue<bool>());
        (await CallAsync("PUT /target-policies/policy", new JsonObject { ["target"] = arn })).Succeeded();
        Assert.True((await ConnectAsync("device-1", device))["connected"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Only_deleting_the_connection_ends_it()
    {
        using var ca = await JitpAsync();
        var device = ca.Issue("CN=device-1", Now);
        await ConnectAsync("device-1", device);
        (await CallAsync($"PUT /certificates/{device.Id}?newStatus=REVOKED")).Succeeded();
        var connected = (await DataAsync("GET /connections/device-1")).Succeeded();
        Assert.Equal("true", connected["connected"]);
        Assert.Equal("device-1", connected["thingName"]);

        Assert.Equal("", (await DataAsync("DELETE /connections/device-1?cleanSession=true&preventWillMessage=true")).Succeeded().Text);
        var gone = (await DataAsync("GET /connections/device-1")).Succeeded();
        Assert.Equal("false", gone["connected"]);
        Assert.Equal("API_INITIATED_DISCONNECT", gone["disconnectReason"]);
        (await DataAsync("DELETE /connections/device-1")).Refused(404, "ResourceNotFoundException");
        Assert.False((await ConnectAsync("device-1", device))["connected"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_client_that_never_came_is_not_found()
    {
        (await DataAsync("DELETE /connections/nobody")).Refused(404, "ResourceNotFoundException");
        (await DataAsync("GET /connections/nobody")).Refused(404, "ResourceNotFoundException");
        (await DataAsync("DELETE /connections/%24nobody")).RefusedAsInvalid();
        (await DataAsync($"DELETE /connections/{new string('a', 129)}")).RefusedAsInvalid();
    }

    [Fact]
    public async Task A_device_disconnects_by_itself()
    {
        using var ca = await JitpAsync();
        await ConnectAsync("device-1", ca.Issue("CN=device-1", Now));
        await SwitchAsync("POST disconnect", """{"client_id":"device-1"}""");
        Assert.Equal("CLIENT_INITIATED_DISCONNECT", (await DataAsync("GET /connections/device-1"))["disconnectReason"]);
        Assert.Equal(400, (await ControlAsync("POST disconnect", """{"client_id":"device-1"}""")).Status);
    }

    private async Task<TestCA> JitpAsync(string body = ProvisioningTemplateTests.Body, bool policy = true)
    {
        if (policy)
        {
            await PolicyAsync("policy");
        }

        (await CallAsync("POST /provisioning-templates", ProvisioningTemplateTests.Template("jitp", body: body))).Succeeded();
        return await ActiveCAAsync("?setAsActive=true&allowAutoRegistration=true", new() { ["templateName"] = "jitp" });
    }

    private Task<JsonObject> ConnectAsync(string clientId, TestCertificate certificate) =>
        SwitchAsync("POST connect", new JsonObject { ["client_id"] = clientId, ["certificate_pem"] = certificate.Pem });
}
