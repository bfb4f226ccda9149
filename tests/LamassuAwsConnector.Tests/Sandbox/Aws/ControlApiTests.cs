using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class ControlApiTests : AwsStandInTest
{
    [Fact]
    public async Task Calls_are_logged_in_the_order_of_their_arrival()
    {
        await CallAsync("POST /things/a%3Ab?x=1", "{}");
        await CallAsync("GET /things/none");
        await DataAsync("GET /things/a/shadow");
        await CallAsync("GET /nothing");
        var calls = (await SwitchAsync("GET calls"))["calls"]!.AsArray();
        Assert.Equal([1, 2, 3, 4], calls.Select(call => call!["sequence"]!.GetValue<int>()));
        Assert.Equal(["CreateThing", "DescribeThing", "GetThingShadow", "-"], calls.Select(call => call!["operation"]!.ToString()));
        Assert.Equal(["iot", "iot", "iotdata", "iot"], calls.Select(call => call!["service"]!.ToString()));
        Assert.Equal([400, 404, 404, 404], calls.Select(call => call!["status"]!.GetValue<int>()));
        Assert.Equal("InvalidRequestException", calls[0]!["error"]!.ToString());
        Assert.Equal("/things/a%3Ab", calls[0]!["path"]!.ToString());
        Assert.Equal("x=1", calls[0]!["query"]!.ToString());
        Assert.Equal("{}", calls[0]!["body"]!.ToString());
        Assert.Null(calls[1]!["body"]);
        Assert.Equal(Region, calls[1]!["region"]!.ToString());
        Assert.Equal("GET", calls[1]!["method"]!.ToString());
    }

    [Fact]
    public async Task Calls_are_counted_and_forgotten_when_asked_to()
    {
        await RegistrationCodeAsync();
        await RegistrationCodeAsync();
        Assert.Equal("""{"GetRegistrationCode":2}""", (await SwitchAsync("GET counts")).ToJsonString());
        await SwitchAsync("DELETE calls");
        Assert.Equal("{}", (await SwitchAsync("GET counts")).ToJsonString());
        Assert.Empty((await SwitchAsync("GET calls"))["calls"]!.AsArray());
    }

    [Fact]
    public async Task The_next_calls_of_an_operation_fail_as_told()
    {
        await SwitchAsync("POST failures", """{"operation":"GetPolicy","count":2,"error":"AccessDeniedException","status":403,"message":"not you"}""");
        (await CallAsync("GET /registrationcode")).Succeeded();
        Assert.Equal("not you", (await CallAsync("GET /policies/a")).Refused(403, "AccessDeniedException")["message"]);
        (await CallAsync("GET /policies/a")).Refused(403, "AccessDeniedException");
        (await CallAsync("GET /policies/a")).Refused(404, "ResourceNotFoundException");
        await SwitchAsync("POST failures", """{"operation":"GetPolicy","count":1,"after":1,"error":"AccessDeniedException","status":403}""");
        (await CallAsync("GET /policies/a")).Refused(404, "ResourceNotFoundException");
        (await CallAsync("GET /policies/a")).Refused(403, "AccessDeniedException");
        (await CallAsync("GET /policies/a")).Refused(404, "ResourceNotFoundException");
        await SwitchAsync("POST failures", """{"operation":"*","count":1}""");
        (await CallAsync("POST /things/a", "{}")).Refused(500, "InternalFailureException");
        Assert.Empty((await StateAsync())["things"]!.AsObject());
        await SwitchAsync("POST failures", """{"operation":"GetPolicy","count":100000}""");
        await SwitchAsync("DELETE failures");
        (await CallAsync("GET /policies/a")).Refused(404, "ResourceNotFoundException");
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_connection_is_dropped_before_or_after_the_change(bool after, int things)
    {
        await SwitchAsync(
            "POST drops",
            new JsonObject
            {
                ["operation"] = "CreateThing",
                ["count"] = 1,
                ["after"] = after,
            }
        );
        await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync("POST /things/a", "{}"));
        Assert.Equal(things, (await StateAsync())["things"]!.AsObject().Count);
        Assert.Equal("dropped", (await SwitchAsync("GET calls"))["calls"]![0]!["error"]!.ToString());
        (await CallAsync("POST /things/a", "{}")).Succeeded();
    }

    [Fact]
    public async Task Latency_lies_between_arrival_and_effect()
    {
        await SwitchAsync("PUT latency", """{"milliseconds":10}""");
        var call = CallAsync("POST /things/a", "{}");
        var early = await StateAsync();
        Assert.False(call.IsCompleted);
        Assert.True(early.Count == 0 || early["things"]!.AsObject().Count == 0);
        (await WithTimePassingAsync(call)).Succeeded();
        Assert.True((await SwitchAsync("GET calls"))["calls"]![0]!["duration_ms"]!.GetValue<double>() >= 10);
    }

    [Theory]
    [InlineData("second", 3)]
    [InlineData("token", 1)]
    public async Task An_operation_has_so_many_calls_a_second(string burst, int atOnce)
    {
        await SwitchAsync(
            "PUT limits",
            new JsonObject
            {
                ["preset"] = "none",
                ["burst"] = burst,
                ["operations"] = new JsonObject { ["DescribeThing"] = 3 },
            }
        );
        for (var i = 0; i < atOnce; i++)
        {
            (await CallAsync("GET /things/a")).Refused(404, "ResourceNotFoundException");
        }

        (await CallAsync("GET /things/a")).Refused(400, "ThrottlingException");
        (await CallAsync("GET /things/a", region: "us-east-1")).Refused(404, "ResourceNotFoundException");
        Time.Advance(TimeSpan.FromSeconds(0.34));
        (await CallAsync("GET /things/a")).Refused(404, "ResourceNotFoundException");
        (await CallAsync("GET /things/a")).Refused(400, "ThrottlingException");
    }

    [Fact]
    public async Task The_preset_has_the_quotas_of_AWS()
    {
        await SwitchAsync("PUT limits", """{"preset":"aws"}""");
        for (var i = 0; i < 15; i++)
        {
            (await CallAsync("POST /target-policies/none", """{"target":"a"}""")).Refused(404, "ResourceNotFoundException");
        }

        (await CallAsync("POST /target-policies/none", """{"target":"a"}""")).Refused(400, "ThrottlingException");
        for (var i = 0; i < 20; i++)
        {
            (await DataAsync("GET /things/a/shadow")).Refused(404, "ResourceNotFoundException");
        }

        (await DataAsync("DELETE /things/a/shadow")).Refused(429, "ThrottlingException");
        (await DataAsync("GET /things/b/shadow")).Refused(404, "ResourceNotFoundException");
    }

    [Theory]
    [InlineData("CreateThing")]
    [InlineData("RegisterCertificate")]
    [InlineData("AttachPolicy")]
    [InlineData("AttachThingPrincipal")]
    [InlineData("AddThingToThingGroup")]
    public async Task RegisterThing_spends_the_quota_of_what_it_calls(string operation)
    {
        using var ca = await ActiveCAAsync();
        await PolicyAsync("policy");
        await GroupAsync("group");
        await SwitchAsync("PUT limits", new JsonObject { ["operations"] = new JsonObject { [operation] = 1 } });
        (await RegisterThingAsync(ca, "one")).Succeeded();
        (await RegisterThingAsync(ca, "two")).Refused(400, "ThrottlingException");
        Time.Advance(TimeSpan.FromSeconds(1));
        (await RegisterThingAsync(ca, "two")).Succeeded();
    }

    [Fact]
    public async Task The_clock_decides_which_certificates_are_valid()
    {
        using var ca = await ActiveCAAsync();
        var expired = ca.Issue("CN=device", Now.AddDays(-11));
        await SwitchAsync("PUT clock", new JsonObject { ["now"] = Now.AddDays(-5).ToString("yyyy-MM-ddTHH:mm:ssZ") });
        (await RegisterAsync(expired)).Succeeded();
        await SwitchAsync("PUT clock", """{"now":null}""");
        (await RegisterAsync(ca.Issue("CN=device", Now.AddDays(-11)))).Refused(400, "CertificateValidationException");
    }

    [Fact]
    public async Task A_verification_key_takes_the_place_of_the_CAs_own_for_verification_certificates_only()
    {
        using var ca = TestCA.Create(Now);
        using var replay = TestCA.Create(Now);
        var body = new JsonObject { ["caCertificate"] = ca.Pem, ["verificationCertificate"] = replay.Issue($"CN={await RegistrationCodeAsync()}", Now).Pem };
        (await CallAsync("POST /cacertificate?setAsActive=true", body)).Refused(400, "CertificateValidationException");
        await SwitchAsync($"PUT verification-keys/{ca.Id}", new JsonObject { ["public_key_pem"] = replay.PublicKeyPem });
        (await CallAsync("POST /cacertificate?setAsActive=true", body)).Succeeded();
        (await RegisterAsync(replay.Issue("CN=device", Now))).Refused(400, "CertificateValidationException");
        (await RegisterAsync(ca.Issue("CN=device", Now))).Succeeded();
        await SwitchAsync($"DELETE verification-keys/{ca.Id}");
        (await CallAsync($"PUT /cacertificate/{ca.Id}?newStatus=INACTIVE")).Succeeded();
        (await CallAsync($"DELETE /cacertificate/{ca.Id}")).Succeeded();
        (await CallAsync("POST /cacertificate", body)).Refused(400, "CertificateValidationException");
    }

    [Fact]
    public async Task A_reset_takes_state_calls_and_switches_away()
    {
        await ThingAsync("thing");
        await SwitchAsync("POST failures", """{"operation":"*","count":5}""");
        await SwitchAsync("PUT limits", """{"operations":{"DescribeThing":1}}""");
        await SwitchAsync("PUT clock", """{"now":"2000-01-01T00:00:00Z"}""");
        await SwitchAsync("POST reset");
        Assert.Equal("{}", (await SwitchAsync("GET counts")).ToJsonString());
        (await CallAsync("GET /things/thing")).Refused(404, "ResourceNotFoundException");
        (await CallAsync("GET /things/thing")).Refused(404, "ResourceNotFoundException");
        using var ca = await ActiveCAAsync();
    }

    [Fact]
    public async Task The_state_is_shown_by_region()
    {
        await ThingAsync("thing");
        var all = await SwitchAsync("GET state");
        Assert.NotNull(all[Region]!["things"]!["thing"]);
        Assert.Equal("{}", (await SwitchAsync("GET state?region=us-east-1")).ToJsonString());
    }

    [Theory]
    [InlineData("PUT latency", "{}")]
    [InlineData("PUT latency", """{"milliseconds":-1}""")]
    [InlineData("PUT latency", """{"milliseconds":"1"}""")]
    [InlineData("PUT latency", """{"milliseconds":1,"other":1}""")]
    [InlineData("PUT latency", "no JSON")]
    [InlineData("PUT limits", """{"preset":"other"}""")]
    [InlineData("PUT limits", """{"burst":"minute"}""")]
    [InlineData("PUT limits", """{"operations":{"None":1}}""")]
    [InlineData("PUT limits", """{"operations":{"CreateThing":0}}""")]
    [InlineData("POST failures", """{"operation":"None","count":1}""")]
    [InlineData("POST failures", """{"operation":"*"}""")]
    [InlineData("POST failures", """{"operation":"*","count":1,"status":200}""")]
    [InlineData("POST drops", """{"count":1}""")]
    [InlineData("PUT clock", "{}")]
    [InlineData("PUT clock", """{"now":"noon"}""")]
    [InlineData("PUT verification-keys/abc", """{"public_key_pem":"x"}""")]
    [InlineData("PUT verification-keys/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", """{"public_key_pem":"x"}""")]
    [InlineData("POST other-accounts", """{"ca_certificate_id":"x"}""")]
    [InlineData("POST connect", """{"client_id":"a"}""")]
    [InlineData("POST connect", """{"client_id":"a","certificate_pem":"x"}""")]
    [InlineData("POST disconnect", """{"client_id":"a"}""")]
    public async Task Wrong_input_is_answered_with_a_reason(string requestLine, string body)
    {
        var (status, answer) = await ControlAsync(requestLine, body);
        Assert.Equal(400, status);
        Assert.NotEmpty(answer["reason"]!.ToString());
    }

    [Fact]
    public async Task An_unknown_control_call_is_not_found() => Assert.Equal(404, (await ControlAsync("GET nothing")).Status);

    private Task<AwsAnswered> RegisterThingAsync(TestCA ca, string name)
    {
        var template = new JsonObject
        {
            ["Parameters"] = new JsonObject { ["Pem"] = new JsonObject { ["Type"] = "String" } },
            ["Resources"] = new JsonObject
            {
                ["thing"] = new JsonObject
                {
                    ["Type"] = "AWS::IoT::Thing",
                    ["Properties"] = new JsonObject { ["ThingName"] = name, ["ThingGroups"] = new JsonArray("group") },
                    ["OverrideSettings"] = new JsonObject { ["ThingGroups"] = "MERGE" },
                },
                ["certificate"] = new JsonObject
                {
                    ["Type"] = "AWS::IoT::Certificate",
                    ["Properties"] = new JsonObject { ["CertificatePem"] = new JsonObject { ["Ref"] = "Pem" } },
                },
                ["policy"] = new JsonObject
                {
                    ["Type"] = "AWS::IoT::Policy",
                    ["Properties"] = new JsonObject { ["PolicyName"] = "policy" },
                },
            },
        };
        var parameters = new JsonObject { ["Pem"] = ca.Issue($"CN={name}", Now).Pem };
        return CallAsync("POST /things", new JsonObject { ["templateBody"] = template.ToJsonString(), ["parameters"] = parameters });
    }
}
