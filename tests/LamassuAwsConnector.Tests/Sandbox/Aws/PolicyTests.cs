using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class PolicyTests : AwsStandInTest
{
    private const string Other = """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["iot:Publish"],"Resource":["*"]}]}""";

    [Fact]
    public async Task A_policy_has_version_1_as_default()
    {
        await PolicyAsync("policy");
        var policy = (await CallAsync("GET /policies/policy")).Succeeded();
        Assert.Equal("1", policy["defaultVersionId"]);
        Assert.Equal(PolicyText, policy["policyDocument"]);
        (await CallAsync("POST /policies/policy", Document(PolicyText))).Refused(409, "ResourceAlreadyExistsException");
        (await CallAsync("GET /policies/none")).Refused(404, "ResourceNotFoundException");
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Version":"2012-10-17"}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":[]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"allow","Action":"iot:*","Resource":"*"}]}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*"}]}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*"}]}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"Connect","Resource":"*"}]}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Actions":"iot:*","Action":"iot:*","Resource":"*"}]}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[1],"Resource":"*"}]}""")]
    public async Task A_malformed_document_is_refused(string document)
    {
        (await CallAsync("POST /policies/policy", Document(document))).Refused(400, "MalformedPolicyException");
        await PolicyAsync("known");
        (await CallAsync("POST /policies/known/version", Document(document))).Refused(400, "MalformedPolicyException");
    }

    [Theory]
    [InlineData(2048, 200)]
    [InlineData(2049, 400)]
    public async Task White_space_does_not_count_to_the_length(int characters, int status)
    {
        var rest = characters - PolicyText.Replace("*", "", StringComparison.Ordinal).Length;
        var document = PolicyText.Replace("*", new string('a', rest), StringComparison.Ordinal).Replace(",", ", \n", StringComparison.Ordinal);
        Assert.Equal(status, (await CallAsync("POST /policies/policy", Document(document))).Status);
    }

    [Fact]
    public async Task A_new_version_is_the_default_only_when_asked_for()
    {
        await PolicyAsync("policy");
        Assert.Equal("2", (await CallAsync("POST /policies/policy/version", Document(Other))).Succeeded()["policyVersionId"]);
        Assert.Equal(PolicyText, (await CallAsync("GET /policies/policy"))["policyDocument"]);
        (await CallAsync("POST /policies/policy/version?setAsDefault=true", Document(Other))).Succeeded();
        Assert.Equal(Other, (await CallAsync("GET /policies/policy"))["policyDocument"]);
        (await CallAsync("PATCH /policies/policy/version/1")).Succeeded();
        Assert.Equal(PolicyText, (await CallAsync("GET /policies/policy"))["policyDocument"]);
        Assert.Equal("false", (await CallAsync("GET /policies/policy/version/2"))["isDefaultVersion"]);
        (await CallAsync("GET /policies/policy/version/9")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task A_sixth_version_is_refused_and_numbers_are_not_used_again()
    {
        await PolicyAsync("policy");
        for (var i = 0; i < 4; i++)
        {
            (await CallAsync("POST /policies/policy/version", Document(Other))).Succeeded();
        }

        (await CallAsync("POST /policies/policy/version", Document(Other))).Refused(409, "VersionsLimitExceededException");
        (await CallAsync("DELETE /policies/policy/version/5")).Succeeded();
        Assert.Equal("6", (await CallAsync("POST /policies/policy/version", Document(Other))).Succeeded()["policyVersionId"]);
        var versions = (await CallAsync("GET /policies/policy/version")).Succeeded().Json["policyVersions"]!.AsArray();
        Assert.Equal(["6", "4", "3", "2", "1"], versions.Select(version => version!["versionId"]!.ToString()));
    }

    [Fact]
    public async Task The_default_version_and_a_policy_in_use_are_not_deleted()
    {
        var arn = await CertificateAsync();
        await PolicyAsync("policy");
        (await CallAsync("POST /policies/policy/version", Document(Other))).Succeeded();
        (await CallAsync("DELETE /policies/policy/version/1")).Refused(409, "DeleteConflictException");
        (await CallAsync("DELETE /policies/policy")).Refused(409, "DeleteConflictException");
        (await CallAsync("DELETE /policies/policy/version/2")).Succeeded();
        (await CallAsync("DELETE /policies/policy/version/2")).Refused(404, "ResourceNotFoundException");
        (await AttachAsync("policy", arn)).Succeeded();
        (await CallAsync("DELETE /policies/policy")).Refused(409, "DeleteConflictException");
        (await CallAsync("POST /target-policies/policy", new JsonObject { ["target"] = arn })).Succeeded();
        (await CallAsync("DELETE /policies/policy")).Succeeded();
        (await CallAsync("DELETE /policies/policy")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task An_eleventh_policy_on_a_certificate_is_refused()
    {
        var arn = await CertificateAsync();
        for (var i = 0; i < 11; i++)
        {
            await PolicyAsync($"policy{i}");
            var answer = await AttachAsync($"policy{i}", arn);
            Assert.Equal(i < 10 ? 200 : 410, answer.Status);
        }

        (await AttachAsync("policy0", arn)).Succeeded();
        (await AttachAsync("policy10", arn)).Refused(410, "LimitExceededException");
    }

    [Fact]
    public async Task A_third_policy_on_a_group_is_refused_and_recursion_finds_those_of_parents()
    {
        await GroupAsync("root");
        await GroupAsync("leaf", "root");
        foreach (var name in new[] { "a", "b", "c" })
        {
            await PolicyAsync(name);
        }

        (await AttachAsync("a", Arn("thinggroup/root"))).Succeeded();
        (await AttachAsync("b", Arn("thinggroup/root"))).Succeeded();
        (await AttachAsync("c", Arn("thinggroup/root"))).Refused(410, "LimitExceededException");
        (await AttachAsync("c", Arn("thinggroup/leaf"))).Succeeded();
        var leaf = Uri.EscapeDataString(Arn("thinggroup/leaf"));
        Assert.Equal(["c"], NamesOf(await CallAsync($"POST /attached-policies/{leaf}")));
        Assert.Equal(["c", "a", "b"], NamesOf(await CallAsync($"POST /attached-policies/{leaf}?recursive=true")));
    }

    [Fact]
    public async Task Policy_and_target_must_exist()
    {
        var arn = await CertificateAsync();
        await PolicyAsync("policy");
        (await AttachAsync("none", arn)).Refused(404, "ResourceNotFoundException");
        (await AttachAsync("policy", Arn($"cert/{new string('a', 64)}"))).Refused(404, "ResourceNotFoundException");
        (await AttachAsync("policy", Arn("thing/a"))).RefusedAsInvalid();
        (await CallAsync("PUT /target-policies/policy", "{}")).RefusedAsInvalid();
        (await CallAsync($"POST /attached-policies/{Uri.EscapeDataString(Arn($"cert/{new string('a', 64)}"))}")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task Attaching_and_detaching_can_be_repeated()
    {
        var arn = await CertificateAsync();
        await PolicyAsync("policy");
        (await AttachAsync("policy", arn)).Succeeded();
        (await AttachAsync("policy", arn)).Succeeded();
        Assert.Equal(["policy"], NamesOf(await CallAsync($"POST /attached-policies/{Uri.EscapeDataString(arn)}")));
        Assert.Equal(arn, (await CallAsync("POST /policy-targets/policy")).Json["targets"]!.AsArray().Single()!.ToString());
        (await CallAsync("POST /target-policies/policy", new JsonObject { ["target"] = arn })).Succeeded();
        (await CallAsync("POST /target-policies/policy", new JsonObject { ["target"] = arn })).Succeeded();
        Assert.Empty(NamesOf(await CallAsync($"POST /attached-policies/{Uri.EscapeDataString(arn)}")));
    }

    private static JsonObject Document(string text) => new() { ["policyDocument"] = text };

    private static IEnumerable<string> NamesOf(AwsAnswered answer) =>
        answer.Succeeded().Json["policies"]!.AsArray().Select(policy => policy!["policyName"]!.ToString());

    private Task<AwsAnswered> AttachAsync(string policy, string arn) => CallAsync($"PUT /target-policies/{policy}", new JsonObject { ["target"] = arn });
}
