using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class ThingTests : AwsStandInTest
{
    [Fact]
    public async Task Creating_the_same_thing_again_gives_the_same_ids_and_a_different_one_is_refused()
    {
        var first = (await CallAsync("POST /things/thing", Attributes("a", "1"))).Succeeded();
        Assert.Equal(first["thingId"], (await CallAsync("POST /things/thing", Attributes("a", "1"))).Succeeded()["thingId"]);
        (await CallAsync("POST /things/thing", Attributes("a", "2"))).Refused(409, "ResourceAlreadyExistsException");
        (await CallAsync("POST /things/thing", "{}")).Refused(409, "ResourceAlreadyExistsException");
        Assert.Equal(Arn("thing/thing"), first["thingArn"]);
    }

    [Theory]
    [InlineData("""{"thingTypeName":"type"}""")]
    [InlineData("""{"billingGroupName":"group"}""")]
    public async Task An_unknown_type_or_billing_group_is_refused(string body) =>
        (await CallAsync("POST /things/thing", body)).Refused(404, "ResourceNotFoundException");

    [Fact]
    public async Task A_fourth_attribute_without_type_is_refused()
    {
        var attributes = new JsonObject
        {
            ["a"] = "1",
            ["b"] = "1",
            ["c"] = "1",
            ["d"] = "1",
        };
        (await CallAsync("POST /things/thing", new JsonObject { ["attributePayload"] = new JsonObject { ["attributes"] = attributes } })).RefusedAsInvalid();
    }

    [Theory]
    [InlineData("na me", "v")]
    [InlineData("name", "v v")]
    [InlineData("name", "é")]
    public async Task An_attribute_with_other_characters_is_refused(string name, string value) =>
        (await CallAsync("POST /things/thing", Attributes(name, value))).RefusedAsInvalid();

    [Fact]
    public async Task An_update_replaces_merges_removes_and_counts_versions()
    {
        (await CallAsync("POST /things/thing", Attributes("a", "1"))).Succeeded();
        (await CallAsync("PATCH /things/thing", Attributes("b", "2", merge: true))).Succeeded();
        Assert.Equal("""{"a":"1","b":"2"}""", (await DescribeAsync("thing"))["attributes"]!.ToJsonString());
        (await CallAsync("PATCH /things/thing", Attributes("a", "", merge: true))).Succeeded();
        Assert.Equal("""{"b":"2"}""", (await DescribeAsync("thing"))["attributes"]!.ToJsonString());
        (await CallAsync("PATCH /things/thing", Attributes("c", "3"))).Succeeded();
        var thing = await DescribeAsync("thing");
        Assert.Equal("""{"c":"3"}""", thing["attributes"]!.ToJsonString());
        Assert.Equal(4, thing["version"]!.GetValue<long>());
        (await CallAsync("PATCH /things/thing", """{"expectedVersion":3}""")).Refused(409, "VersionConflictException");
        (await CallAsync("PATCH /things/thing", """{"expectedVersion":4}""")).Succeeded();
        (await CallAsync("PATCH /things/none", "{}")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task A_thing_with_principals_is_not_deleted_and_an_unknown_one_is_deleted_without_error()
    {
        var arn = await CertificateAsync();
        await ThingAsync("thing");
        (await CallAsync("PUT /things/thing/principals", principal: arn)).Succeeded();
        (await CallAsync("DELETE /things/thing")).RefusedAsInvalid();
        (await CallAsync("DELETE /things/thing/principals", principal: arn)).Succeeded();
        (await CallAsync("DELETE /things/thing?expectedVersion=2")).Refused(409, "VersionConflictException");
        (await CallAsync("DELETE /things/thing")).Succeeded();
        (await CallAsync("DELETE /things/thing")).Succeeded();
        (await CallAsync("GET /things/thing")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task Things_are_listed_in_pages_and_by_attribute()
    {
        (await CallAsync("POST /things/a", Attributes("dms", "dms-1"))).Succeeded();
        (await CallAsync("POST /things/b", Attributes("dms", "dms-2"))).Succeeded();
        var page = (await CallAsync("GET /things?maxResults=1")).Succeeded();
        Assert.Equal(["a"], NamesOf(page));
        var next = (await CallAsync($"GET /things?maxResults=1&nextToken={Uri.EscapeDataString(page["nextToken"]!)}")).Succeeded();
        Assert.Equal(["b"], NamesOf(next));
        Assert.Null(next["nextToken"]);
        Assert.Equal(["b"], NamesOf(await CallAsync("GET /things?attributeName=dms&attributeValue=dms-2")));
        Assert.Equal(["a", "b"], NamesOf(await CallAsync("GET /things?attributeName=dms&attributeValue=dms&usePrefixAttributeValue=true")));
        Assert.Empty(NamesOf(await CallAsync("GET /things?thingTypeName=type")));
        (await CallAsync("GET /things?attributeName=dms")).RefusedAsInvalid();
    }

    [Fact]
    public async Task Attaching_twice_leaves_one_principal_and_detaching_twice_is_refused()
    {
        var arn = await CertificateAsync();
        await ThingAsync("thing");
        (await CallAsync("PUT /things/thing/principals", principal: arn)).Succeeded();
        (await CallAsync("PUT /things/thing/principals", principal: arn)).Succeeded();
        Assert.Equal(arn, (await CallAsync("GET /things/thing/principals")).Json["principals"]!.AsArray().Single()!.ToString());
        Assert.Equal("thing", (await CallAsync("GET /principals/things", principal: arn)).Json["things"]!.AsArray().Single()!.ToString());
        (await CallAsync("DELETE /things/thing/principals", principal: arn)).Succeeded();
        (await CallAsync("DELETE /things/thing/principals", principal: arn)).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task Principals_must_be_certificates_that_exist()
    {
        await ThingAsync("thing");
        (await CallAsync("PUT /things/thing/principals", principal: Arn($"cert/{new string('a', 64)}"))).Refused(404, "ResourceNotFoundException");
        (await CallAsync("PUT /things/thing/principals", principal: "us-east-1:aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee")).RefusedAsInvalid();
        (await CallAsync("PUT /things/thing/principals")).RefusedAsInvalid();
        (await CallAsync("PUT /things/none/principals", principal: await CertificateAsync())).Refused(404, "ResourceNotFoundException");
        (await CallAsync("GET /things/none/principals")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task An_exclusive_certificate_has_one_thing()
    {
        var arn = await CertificateAsync();
        await ThingAsync("one");
        await ThingAsync("two");
        (await CallAsync("PUT /things/one/principals?thingPrincipalType=EXCLUSIVE_THING", principal: arn)).Succeeded();
        (await CallAsync("PUT /things/two/principals", principal: arn)).RefusedAsInvalid();
        (await CallAsync("PUT /things/one/principals?thingPrincipalType=SHARED", principal: arn)).RefusedAsInvalid();
        var attached = (await CallAsync("GET /things/one/principals-v2?thingPrincipalType=EXCLUSIVE_THING")).Json["thingPrincipalObjects"]!.AsArray();
        Assert.Equal("EXCLUSIVE_THING", attached.Single()!["thingPrincipalType"]!.ToString());
        Assert.Empty(
            (await CallAsync("GET /principals/things-v2?thingPrincipalType=NON_EXCLUSIVE_THING", principal: arn)).Json["principalThingObjects"]!.AsArray()
        );
    }

    private static JsonObject Attributes(string name, string value, bool merge = false) =>
        new()
        {
            ["attributePayload"] = new JsonObject
            {
                ["attributes"] = new JsonObject { [name] = value },
                ["merge"] = merge,
            },
        };

    private static IEnumerable<string> NamesOf(AwsAnswered answer) =>
        answer.Succeeded().Json["things"]!.AsArray().Select(thing => thing!["thingName"]!.ToString());

    private async Task<JsonObject> DescribeAsync(string name) => (await CallAsync($"GET /things/{name}")).Succeeded().Json;
}
