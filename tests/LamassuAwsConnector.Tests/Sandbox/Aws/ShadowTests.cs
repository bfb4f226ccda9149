using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class ShadowTests : AwsStandInTest
{
    [Fact]
    public async Task A_shadow_needs_no_thing_and_answers_the_fields_of_the_request()
    {
        var answer = (await UpdateAsync("""{"state":{"desired":{"a":1,"gone":null}},"clientToken":"t-1","other":true}""")).Succeeded().Json;
        Assert.Equal("""{"desired":{"a":1,"gone":null}}""", answer["state"]!.ToJsonString());
        Assert.Equal(
            """{"timestamp":T}""".Replace("T", $"{Now.ToUnixTimeSeconds()}", StringComparison.Ordinal),
            answer["metadata"]!["desired"]!["a"]!.ToJsonString()
        );
        Assert.Single(answer["metadata"]!["desired"]!.AsObject());
        Assert.Equal(1, answer["version"]!.GetValue<int>());
        Assert.Equal("t-1", answer["clientToken"]!.ToString());
    }

    [Fact]
    public async Task Updates_merge_null_removes_and_lists_are_replaced()
    {
        (await UpdateAsync("""{"state":{"desired":{"a":{"b":1,"c":2},"list":[1,2],"d":1}}}""")).Succeeded();
        (await UpdateAsync("""{"state":{"desired":{"a":{"b":null,"e":3},"list":[3],"d":null}}}""")).Succeeded();
        Assert.Equal("""{"desired":{"a":{"c":2,"e":3},"list":[3]},"delta":{"a":{"c":2,"e":3},"list":[3]}}""", (await GetAsync())["state"]!.ToJsonString());
        (await UpdateAsync("""{"state":{"desired":null,"reported":{"x":1}}}""")).Succeeded();
        Assert.Equal("""{"reported":{"x":1}}""", (await GetAsync())["state"]!.ToJsonString());
    }

    [Fact]
    public async Task The_delta_holds_what_is_desired_and_not_reported()
    {
        (
            await UpdateAsync(
                """{"state":{"desired":{"same":1,"other":{"a":1,"b":2},"list":[1,2]},"reported":{"same":1,"other":{"a":1,"b":3},"list":[2,1],"only":1}}}"""
            )
        ).Succeeded();
        Assert.Equal("""{"other":{"b":2},"list":[1,2]}""", (await GetAsync())["state"]!["delta"]!.ToJsonString());
        (await UpdateAsync("""{"state":{"reported":{"other":{"b":2},"list":[1,2]}}}""")).Succeeded();
        Assert.Null((await GetAsync())["state"]!["delta"]);
    }

    [Fact]
    public async Task Each_leaf_has_the_time_of_its_last_change()
    {
        (await UpdateAsync("""{"state":{"desired":{"a":{"b":1},"list":["x","y"]}}}""")).Succeeded();
        var first = Now.ToUnixTimeSeconds();
        Time.Advance(TimeSpan.FromMinutes(1));
        (await UpdateAsync("""{"state":{"desired":{"a":{"c":1}}}}""")).Succeeded();
        var expected = "{\"a\":{\"b\":{\"timestamp\":T1},\"c\":{\"timestamp\":T2}},\"list\":[{\"timestamp\":T1},{\"timestamp\":T1}]}"
            .Replace("T1", $"{first}", StringComparison.Ordinal)
            .Replace("T2", $"{first + 60}", StringComparison.Ordinal);
        var shadow = await GetAsync();
        Assert.Equal(expected, shadow["metadata"]!["desired"]!.ToJsonString());
        Assert.Equal(first + 60, shadow["timestamp"]!.GetValue<long>());
    }

    [Fact]
    public async Task The_version_must_be_the_present_one_and_grows_also_for_equal_content()
    {
        const string Same = """{"state":{"desired":{"a":1}}}""";
        (await UpdateAsync(Same)).Succeeded();
        Assert.Equal("2", (await UpdateAsync(Same)).Succeeded()["version"]);
        var conflict = (await UpdateAsync("""{"state":{"desired":{"a":2}},"version":1}""")).Refused(409, "ConflictException");
        Assert.Equal("Version conflict", conflict["message"]);
        Assert.Equal("3", (await UpdateAsync("""{"state":{"desired":{"a":2}},"version":2}""")).Succeeded()["version"]);
    }

    [Fact]
    public async Task The_version_goes_on_after_a_deletion_and_none_may_be_named_without_a_shadow()
    {
        (await UpdateAsync("""{"state":{"desired":{"a":1}},"version":0}""")).Refused(409, "ConflictException");
        (await UpdateAsync("""{"state":{"desired":{"a":1}}}""")).Succeeded();
        var deleted = (await DataAsync("DELETE /things/thing/shadow")).Succeeded();
        Assert.Equal("1", deleted["version"]);
        (await DataAsync("DELETE /things/thing/shadow")).Refused(404, "ResourceNotFoundException");
        (await UpdateAsync("""{"state":{"desired":{"a":1}},"version":1}""")).Refused(409, "ConflictException");
        Assert.Equal("2", (await UpdateAsync("""{"state":{"desired":{"b":1}}}""")).Succeeded()["version"]);
        Assert.Equal("""{"b":1}""", (await GetAsync())["state"]!["desired"]!.ToJsonString());
    }

    [Theory]
    [InlineData("no JSON", "Invalid JSON")]
    [InlineData("", "Invalid JSON")]
    [InlineData("[]", "Invalid JSON")]
    [InlineData("{}", "Missing required node: state")]
    [InlineData("""{"state":1}""", "State node must be an object")]
    [InlineData("""{"state":null}""", "State node must be an object")]
    [InlineData("""{"state":{"desired":1}}""", "Desired node must be an object")]
    [InlineData("""{"state":{"reported":[]}}""", "Reported node must be an object")]
    [InlineData("""{"state":{"delta":{}}}""", "State contains an invalid node")]
    [InlineData("""{"state":{"desired":{"a":[null]}}}""", "State contains an invalid node")]
    [InlineData("""{"state":{},"version":"1"}""", "Invalid version")]
    [InlineData("""{"state":{},"clientToken":1}""", "Invalid clientToken")]
    [InlineData("""{"state":{},"clientToken":"12345678901234567890123456789012345678901234567890123456789012345"}""", "Invalid clientToken")]
    [InlineData("""{"state":{"desired":{"1":{"2":{"3":{"4":{"5":{}}}}}}}}""", "JSON contains too many levels of nesting")]
    [InlineData("""{"state":{"desired":{"1":{"2":{"3":{"4":[[1]]}}}}}}""", "JSON contains too many levels of nesting")]
    public async Task A_wrong_document_is_refused(string document, string message)
    {
        Assert.StartsWith(message, (await UpdateAsync(document)).RefusedAsInvalid()["message"]);
        (await DataAsync("GET /things/thing/shadow")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task Five_levels_are_taken() => (await UpdateAsync("""{"state":{"desired":{"1":{"2":{"3":{"4":{"5":1}}}}}}}""")).Succeeded();

    [Fact]
    public async Task Another_encoding_than_UTF_8_is_refused()
    {
        using var request = Request("POST /things/thing/shadow", null, out _);
        var body = Encoding.Latin1.GetBytes("""{"state":{"desired":{"a":"é"}}}""");
        request.Content = new ByteArrayContent(body);
        new SigV4Signer("testing", "testing", Region, "iotdata").Sign(request, body, TimeProvider.System.GetUtcNow());
        (await SendAsync(request)).Refused(415, "UnsupportedDocumentEncodingException");
    }

    [Fact]
    public async Task It_is_the_merged_document_that_must_not_exceed_8_KB()
    {
        // {"desired":{"a":"…"}} has 20 characters around the value.
        var value = new string('é', (8192 - 20) / 2);
        (await UpdateAsync(new JsonObject { ["state"] = new JsonObject { ["desired"] = new JsonObject { ["a"] = value } } })).Succeeded();
        (await UpdateAsync("""{"state":{"reported":{"b":1}}}""")).Refused(413, "RequestEntityTooLargeException");
        Assert.Equal(1, (await GetAsync())["version"]!.GetValue<int>());
    }

    [Fact]
    public async Task Named_shadows_are_apart_and_listed_without_the_classic_one()
    {
        (await UpdateAsync("""{"state":{"desired":{"a":1}}}""")).Succeeded();
        (await DataAsync("POST /things/thing/shadow?name=b", """{"state":{"desired":{"b":1}}}""")).Succeeded();
        (await DataAsync("POST /things/thing/shadow?name=%24a", """{"state":{}}""")).Succeeded();
        Assert.Equal("""{"b":1}""", (await DataAsync("GET /things/thing/shadow?name=b")).Succeeded().Json["state"]!["desired"]!.ToJsonString());
        Assert.Equal("""{"a":1}""", (await GetAsync())["state"]!["desired"]!.ToJsonString());

        var list = (await ListAsync("thing?pageSize=1")).Succeeded();
        Assert.Equal("""["$a"]""", list.Json["results"]!.ToJsonString());
        Assert.Equal(Now.ToUnixTimeSeconds(), list.Json["timestamp"]!.GetValue<long>());
        Assert.Equal("""["b"]""", (await ListAsync($"thing?nextToken={Uri.EscapeDataString(list["nextToken"]!)}")).Json["results"]!.ToJsonString());
        Assert.Equal("[]", (await ListAsync("none")).Succeeded().Json["results"]!.ToJsonString());
        (await ListAsync("thing?pageSize=101")).RefusedAsInvalid();
        (await DataAsync("POST /things/thing/shadow?name=a%20b", """{"state":{}}""")).RefusedAsInvalid();
    }

    [Theory]
    [InlineData("", "No shadow exists with name: 'thing'")]
    [InlineData("?name=lamassu", "No shadow exists with name: 'thing~lamassu'")]
    public async Task A_missing_shadow_is_named(string query, string message) =>
        Assert.Equal(message, (await DataAsync($"GET /things/thing/shadow{query}")).Refused(404, "ResourceNotFoundException")["message"]);

    [Fact]
    public async Task An_eleventh_request_under_way_for_one_thing_is_refused()
    {
        await SwitchAsync("PUT latency", """{"milliseconds":10}""");
        var calls = Enumerable.Range(0, 11).Select(_ => DataAsync("GET /things/thing/shadow")).ToList();
        (await await Task.WhenAny(calls)).Refused(429, "ThrottlingException");
        var statuses = (await WithTimePassingAsync(Task.WhenAll(calls))).Select(answer => answer.Status).ToList();
        Assert.Equal(10, statuses.Count(status => status == 404));
    }

    private Task<AwsAnswered> UpdateAsync(object document) => DataAsync("POST /things/thing/shadow", document);

    private Task<AwsAnswered> ListAsync(string rest) => DataAsync($"GET /api/things/shadow/ListNamedShadowsForThing/{rest}");

    private async Task<JsonObject> GetAsync() => (await DataAsync("GET /things/thing/shadow")).Succeeded().Json;
}
