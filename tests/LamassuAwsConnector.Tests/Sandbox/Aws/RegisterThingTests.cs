using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class RegisterThingTests : AwsStandInTest
{
    [Fact]
    public async Task Thing_certificate_policy_and_group_are_brought_together()
    {
        var (ca, certificate) = await ReadyAsync();
        var answer = (await RegisterAsync(ca, certificate)).Succeeded();
        Assert.Equal(Arn("thing/thing"), answer.Json["resourceArns"]!["thing"]!.ToString());
        Assert.Equal(Arn($"cert/{certificate.Id}"), answer.Json["resourceArns"]!["certificate"]!.ToString());
        Assert.Equal(Arn("policy/policy"), answer.Json["resourceArns"]!["my-policy"]!.ToString());
        Assert.Equal(certificate.Pem.Trim(), answer["certificatePem"]!.Trim());

        var state = await StateAsync();
        Assert.Equal("""["group"]""", state["things"]!["thing"]!["groups"]!.ToJsonString());
        Assert.Equal($"[\"{certificate.Id}\"]", state["things"]!["thing"]!["principals"]!.ToJsonString());
        Assert.Equal("""{"dms":"dms-1"}""", state["things"]!["thing"]!["attributes"]!.ToJsonString());
        Assert.Equal("""["policy"]""", state["certificates"]![certificate.Id]!["policies"]!.ToJsonString());
        Assert.Equal("ACTIVE", state["certificates"]![certificate.Id]!["status"]!.ToString());
        Assert.Equal(ca.Id, state["certificates"]![certificate.Id]!["ca_certificate_id"]!.ToString());
    }

    [Fact]
    public async Task A_second_certificate_is_added_and_the_first_stays()
    {
        var (ca, first) = await ReadyAsync();
        (await RegisterAsync(ca, first)).Succeeded();
        var second = ca.Issue("CN=device", Now);
        (await RegisterAsync(ca, second)).Succeeded();
        var state = await StateAsync();
        Assert.Equal(new[] { first.Id, second.Id }.Order(), state["things"]!["thing"]!["principals"]!.AsArray().Select(id => id!.ToString()).Order());
        Assert.Equal("ACTIVE", state["certificates"]![first.Id]!["status"]!.ToString());
    }

    [Fact]
    public async Task Registering_again_changes_nothing()
    {
        var (ca, certificate) = await ReadyAsync();
        (await RegisterAsync(ca, certificate)).Succeeded();
        var before = (await StateAsync()).ToJsonString();
        (await RegisterAsync(ca, certificate)).Succeeded();
        Assert.Equal(before, (await StateAsync()).ToJsonString());
    }

    [Fact]
    public async Task A_missing_policy_is_refused_and_what_was_done_remains()
    {
        var (ca, certificate) = await ReadyAsync(policy: false);
        (await RegisterAsync(ca, certificate)).Refused(400, "ResourceRegistrationFailureException");
        var state = await StateAsync();
        Assert.NotNull(state["things"]!["thing"]);
        Assert.NotNull(state["certificates"]![certificate.Id]);
        Assert.Empty(state["things"]!["thing"]!["principals"]!.AsArray());
    }

    [Fact]
    public async Task A_missing_group_is_refused()
    {
        var (ca, certificate) = await ReadyAsync(group: false);
        (await RegisterAsync(ca, certificate)).Refused(400, "ResourceRegistrationFailureException");
        Assert.Empty((await StateAsync())["things"]!["thing"]!["groups"]!.AsArray());
    }

    [Fact]
    public async Task Two_groups_of_one_hierarchy_are_refused()
    {
        var (ca, certificate) = await ReadyAsync();
        await GroupAsync("child", "group");
        (
            await RegisterAsync(ca, certificate, template => template["Resources"]!["thing"]!["Properties"]!["ThingGroups"] = new JsonArray("group", "child"))
        ).Refused(400, "ResourceRegistrationFailureException");
    }

    [Fact]
    public async Task A_thing_type_is_not_found()
    {
        var (ca, certificate) = await ReadyAsync();
        (await RegisterAsync(ca, certificate, template => template["Resources"]!["thing"]!["Properties"]!["ThingTypeName"] = "type")).Refused(
            400,
            "ResourceRegistrationFailureException"
        );
    }

    [Fact]
    public async Task A_CA_that_is_not_registered_is_refused()
    {
        using var ca = TestCA.Create(Now);
        await PolicyAsync("policy");
        await GroupAsync("group");
        (await RegisterAsync(ca, ca.Issue("CN=device", Now))).Refused(400, "ResourceRegistrationFailureException");
    }

    [Fact]
    public async Task An_inactive_CA_is_refused()
    {
        var (ca, certificate) = await ReadyAsync();
        (await CallAsync($"PUT /cacertificate/{ca.Id}?newStatus=INACTIVE")).Succeeded();
        (await RegisterAsync(ca, certificate)).Refused(400, "ResourceRegistrationFailureException");
    }

    [Fact]
    public async Task A_certificate_that_the_CA_did_not_sign_is_refused()
    {
        var (ca, _) = await ReadyAsync();
        using var forger = TestCA.Create(Now);
        (await RegisterAsync(ca, forger.Issue("CN=device", Now))).Refused(400, "ResourceRegistrationFailureException");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-11)]
    public async Task A_certificate_that_is_not_valid_now_is_refused(int days)
    {
        var (ca, _) = await ReadyAsync();
        (await RegisterAsync(ca, ca.Issue("CN=device", Now.AddDays(days)))).Refused(400, "ResourceRegistrationFailureException");
    }

    [Fact]
    public async Task A_revoked_certificate_is_refused()
    {
        var (ca, certificate) = await ReadyAsync();
        (await RegisterAsync(certificate, "REVOKED")).Succeeded();
        (await RegisterAsync(ca, certificate, Override("certificate", "Status", "REPLACE"))).Refused(400, "ResourceRegistrationFailureException");
        Assert.Equal("REVOKED", (await StateAsync())["certificates"]![certificate.Id]!["status"]!.ToString());
    }

    [Theory]
    [InlineData(null, 400, "INACTIVE")]
    [InlineData("FAIL", 400, "INACTIVE")]
    [InlineData("DO_NOTHING", 200, "INACTIVE")]
    [InlineData("REPLACE", 200, "ACTIVE")]
    public async Task An_existing_inactive_certificate_follows_the_override(string? setting, int status, string after)
    {
        var (ca, certificate) = await ReadyAsync();
        (await RegisterAsync(certificate, "INACTIVE")).Succeeded();
        Assert.Equal(status, (await RegisterAsync(ca, certificate, Override("certificate", "Status", setting))).Status);
        Assert.Equal(after, (await StateAsync())["certificates"]![certificate.Id]!["status"]!.ToString());
    }

    [Theory]
    [InlineData(null, 400, """{"old":"1"}""")]
    [InlineData("FAIL", 400, """{"old":"1"}""")]
    [InlineData("DO_NOTHING", 200, """{"old":"1"}""")]
    [InlineData("REPLACE", 200, """{"dms":"dms-1"}""")]
    [InlineData("MERGE", 200, """{"dms":"dms-1","old":"1"}""")]
    public async Task Attributes_of_an_existing_thing_follow_the_override(string? setting, int status, string after)
    {
        var (ca, certificate) = await ReadyAsync();
        (await CallAsync("POST /things/thing", """{"attributePayload":{"attributes":{"old":"1"}}}""")).Succeeded();
        var answer = await RegisterAsync(
            ca,
            certificate,
            template =>
            {
                Override("thing", "ThingGroups", "MERGE")(template);
                Override("thing", "AttributePayload", setting)(template);
            }
        );
        Assert.Equal(status, answer.Status);
        Assert.Equal(after, (await StateAsync())["things"]!["thing"]!["attributes"]!.ToJsonString());
    }

    [Theory]
    [InlineData(null, 400, """["old"]""")]
    [InlineData("FAIL", 400, """["old"]""")]
    [InlineData("DO_NOTHING", 200, """["old"]""")]
    [InlineData("REPLACE", 200, """["group"]""")]
    [InlineData("MERGE", 200, """["group","old"]""")]
    public async Task Groups_of_an_existing_thing_follow_the_override(string? setting, int status, string after)
    {
        var (ca, certificate) = await ReadyAsync();
        await GroupAsync("old");
        (await CallAsync("POST /things/thing", """{"attributePayload":{"attributes":{"dms":"dms-1"}}}""")).Succeeded();
        (await CallAsync("PUT /thing-groups/addThingToThingGroup", """{"thingName":"thing","thingGroupName":"old"}""")).Succeeded();
        Assert.Equal(status, (await RegisterAsync(ca, certificate, Override("thing", "ThingGroups", setting))).Status);
        Assert.Equal(after, (await StateAsync())["things"]!["thing"]!["groups"]!.ToJsonString());
    }

    [Fact]
    public async Task A_default_stands_in_for_a_parameter_and_an_undeclared_one_has_no_effect()
    {
        var (ca, certificate) = await ReadyAsync();
        (
            await RegisterAsync(
                ca,
                certificate,
                template => template["Parameters"]!["Dms"]!["Default"] = "from-default",
                parameters =>
                {
                    parameters.Remove("Dms");
                    parameters["Undeclared"] = "x";
                }
            )
        ).Succeeded();
        Assert.Equal("from-default", (await StateAsync())["things"]!["thing"]!["attributes"]!["dms"]!.ToString());
    }

    [Fact]
    public async Task A_reference_without_value_is_refused()
    {
        var (ca, certificate) = await ReadyAsync();
        (await RegisterAsync(ca, certificate, parameters: parameters => parameters.Remove("Dms"))).RefusedAsInvalid();
        (await RegisterAsync(ca, certificate, template => template["Parameters"]!.AsObject().Remove("Dms"))).RefusedAsInvalid();
        Assert.Empty((await StateAsync())["things"]!.AsObject());
    }

    [Theory]
    [InlineData(4096, 200)]
    [InlineData(4097, 400)]
    public async Task A_parameter_has_at_most_4096_characters(int length, int status)
    {
        var (ca, certificate) = await ReadyAsync();
        Assert.Equal(status, (await RegisterAsync(ca, certificate, parameters: parameters => parameters["Undeclared"] = new string('x', length))).Status);
    }

    [Fact]
    public async Task A_body_of_more_than_10240_characters_is_refused() =>
        (await CallAsync("POST /things", new JsonObject { ["templateBody"] = Template().ToJsonString() + new string(' ', 10240) })).RefusedAsInvalid();

    [Theory]
    [InlineData("Properties", "ThingGroup", "\"group\"")]
    [InlineData("OverrideSettings", "THING_GROUPS", "\"REPLACE\"")]
    [InlineData("OverrideSettings", "ThingTypeName", "\"MERGE\"")]
    [InlineData("OverrideSettings", "ThingGroups", "\"IGNORE\"")]
    [InlineData("Properties", "ThingName", "{\"Ref\":\"None\"}")]
    [InlineData("Properties", "ThingName", "\"a b\"")]
    [InlineData("Properties", "ThingName", "1")]
    [InlineData("Properties", "BillingGroup", "\"b\"")]
    public async Task A_wrong_template_is_refused(string section, string member, string json)
    {
        var (ca, certificate) = await ReadyAsync();
        (
            await RegisterAsync(ca, certificate, template => template["Resources"]!["thing"]![section]!.AsObject()[member] = JsonNode.Parse(json))
        ).RefusedAsInvalid();
        Assert.Empty((await StateAsync())["things"]!.AsObject());
    }

    [Theory]
    [InlineData("""{"Type":"AWS::IoT::Other","Properties":{}}""")]
    [InlineData("""{"Type":"AWS::IoT::Policy","Properties":{}}""")]
    [InlineData("""{"Type":"AWS::IoT::Policy","Properties":{"PolicyName":"policy","PolicyDocument":"{}"}}""")]
    [InlineData("""{"Type":"AWS::IoT::Policy","Properties":{"PolicyName":"policy"},"OverrideSettings":{"PolicyName":"REPLACE"}}""")]
    [InlineData("""{"Type":"AWS::IoT::Thing","Properties":{"ThingName":"second"}}""")]
    [InlineData("""{"Type":"AWS::IoT::Certificate","Properties":{"CertificateId":"a"}}""")]
    [InlineData("null")]
    public async Task A_wrong_resource_is_refused(string resource)
    {
        var (ca, certificate) = await ReadyAsync();
        (await RegisterAsync(ca, certificate, template => template["Resources"]!["more"] = JsonNode.Parse(resource))).RefusedAsInvalid();
    }

    [Theory]
    [InlineData("""{"CertificatePem":{"Ref":"Pem"},"CertificateId":"a"}""")]
    [InlineData("""{"CACertificatePem":{"Ref":"CA"}}""")]
    [InlineData("""{"CertificatePem":{"Ref":"Pem"},"Status":"REVOKED"}""")]
    [InlineData("""{"CertificateSigningRequest":"x"}""")]
    public async Task A_wrong_certificate_resource_is_refused(string properties)
    {
        var (ca, certificate) = await ReadyAsync();
        (
            await RegisterAsync(ca, certificate, template => template["Resources"]!["certificate"]!["Properties"] = JsonNode.Parse(properties))
        ).RefusedAsInvalid();
    }

    [Fact]
    public async Task A_certificate_already_registered_is_given_by_its_id()
    {
        var (ca, certificate) = await ReadyAsync();
        (await RegisterAsync(ca, certificate, ById)).Refused(400, "ResourceRegistrationFailureException");
        (await RegisterAsync(certificate)).Succeeded();
        (await RegisterAsync(ca, certificate, ById)).Succeeded();

        void ById(JsonNode template)
        {
            template["Resources"]!["certificate"]!["Properties"] = new JsonObject { ["CertificateId"] = certificate.Id };
            // The refused call leaves the thing behind, without its group.
            template["Resources"]!["thing"]!["OverrideSettings"]!["ThingGroups"] = "MERGE";
        }
    }

    [Fact]
    public async Task A_policy_document_becomes_a_policy_named_by_its_hash()
    {
        var (ca, certificate) = await ReadyAsync();
        var answer = await RegisterAsync(
            ca,
            certificate,
            template => template["Resources"]!["my-policy"]!["Properties"] = new JsonObject { ["PolicyDocument"] = PolicyText }
        );
        Assert.Matches("policy/[0-9a-f]{64}$", answer.Succeeded().Json["resourceArns"]!["my-policy"]!.ToString());
        (
            await RegisterAsync(ca, certificate, template => template["Resources"]!["my-policy"]!["Properties"] = new JsonObject { ["PolicyDocument"] = "{}" })
        ).Refused(400, "ResourceRegistrationFailureException");
    }

    [Fact]
    public async Task An_eleventh_policy_of_a_certificate_is_refused()
    {
        var (ca, certificate) = await ReadyAsync();
        var answer = await RegisterAsync(
            ca,
            certificate,
            template =>
            {
                for (var i = 0; i < 10; i++)
                {
                    var document = PolicyText.Replace("\"*\"", $"\"client{i}\"", StringComparison.Ordinal);
                    template["Resources"]![$"policy{i}"] = new JsonObject
                    {
                        ["Type"] = "AWS::IoT::Policy",
                        ["Properties"] = new JsonObject { ["PolicyDocument"] = document },
                    };
                }
            }
        );
        answer.Refused(400, "ResourceRegistrationFailureException");
    }

    [Fact]
    public async Task Two_at_once_for_one_thing_are_refused()
    {
        var (ca, certificate) = await ReadyAsync();
        await SwitchAsync("PUT latency", """{"milliseconds":10}""");
        var first = RegisterAsync(ca, certificate);
        var second = RegisterAsync(ca, certificate);
        (await await Task.WhenAny(first, second)).Refused(409, "ConflictingResourceUpdateException");
        var answers = await WithTimePassingAsync(Task.WhenAll(first, second));
        Assert.Equal([200, 409], answers.Select(answer => answer.Status).Order());
    }

    private static JsonObject Template() =>
        JsonNode
            .Parse(
                """
                {"Parameters":{"ThingName":{"Type":"String"},"Pem":{"Type":"String"},"CA":{"Type":"String"},"Dms":{"Type":"String"}},
                "Resources":{
                  "thing":{"Type":"AWS::IoT::Thing","Properties":
                    {"ThingName":{"Ref":"ThingName"},"AttributePayload":{"dms":{"Ref":"Dms"}},"ThingGroups":["group"]},
                    "OverrideSettings":{}},
                  "certificate":{"Type":"AWS::IoT::Certificate","Properties":{"CertificatePem":{"Ref":"Pem"},"CACertificatePem":{"Ref":"CA"}},
                    "OverrideSettings":{}},
                  "my-policy":{"Type":"AWS::IoT::Policy","Properties":{"PolicyName":"policy"}}}}
                """
            )!
            .AsObject();

    private static Action<JsonNode> Override(string resource, string property, string? value) =>
        template =>
        {
            if (value is not null)
            {
                template["Resources"]![resource]!["OverrideSettings"]![property] = value;
            }
        };

    private async Task<(TestCA CA, TestCertificate Certificate)> ReadyAsync(bool policy = true, bool group = true)
    {
        var ca = await ActiveCAAsync();
        if (policy)
        {
            await PolicyAsync("policy");
        }

        if (group)
        {
            await GroupAsync("group");
        }

        return (ca, ca.Issue("CN=device", Now));
    }

    private Task<AwsAnswered> RegisterAsync(TestCA ca, TestCertificate certificate, Action<JsonNode>? change = null, Action<JsonObject>? parameters = null)
    {
        var template = Template();
        change?.Invoke(template);
        var values = new JsonObject
        {
            ["ThingName"] = "thing",
            ["Pem"] = certificate.Pem,
            ["CA"] = ca.Pem,
            ["Dms"] = "dms-1",
        };
        parameters?.Invoke(values);
        return CallAsync("POST /things", new JsonObject { ["templateBody"] = template.ToJsonString(), ["parameters"] = values });
    }
}
