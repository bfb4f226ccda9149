using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed class MetadataPatchTests : IAsyncLifetime
{
    private const string Stored = """{"a/b":{"c":1},"key":{"list":[1,2]},"plain":"x"}""";

    private LamassuHarness lamassu = null!;

    public async ValueTask InitializeAsync()
    {
        lamassu = await LamassuHarness.StartAsync();
        await lamassu.CreateCAAsync("ca", changes: new JsonObject { ["metadata"] = JsonNode.Parse(Stored) });
    }

    public ValueTask DisposeAsync() => lamassu.DisposeAsync();

    [Theory]
    [InlineData("""{"op":"add","path":"/new","value":{"b":1,"a":2}}""", """{"a/b":{"c":1},"key":{"list":[1,2]},"new":{"a":2,"b":1},"plain":"x"}""")]
    [InlineData("""{"op":"add","path":"/a~1b","value":{"d":2}}""", """{"a/b":{"d":2},"key":{"list":[1,2]},"plain":"x"}""")]
    [InlineData("""{"op":"add","path":"/a~1b/d","value":2}""", """{"a/b":{"c":1,"d":2},"key":{"list":[1,2]},"plain":"x"}""")]
    [InlineData("""{"op":"add","path":"/x~0y","value":2}""", """{"a/b":{"c":1},"key":{"list":[1,2]},"plain":"x","x~y":2}""")]
    [InlineData("""{"op":"add","path":"/n/m/o","value":2}""", """{"a/b":{"c":1},"key":{"list":[1,2]},"n":{"m":{"o":2}},"plain":"x"}""")]
    [InlineData("""{"op":"add","path":"/n/-","value":2}""", """{"a/b":{"c":1},"key":{"list":[1,2]},"n":[2],"plain":"x"}""")]
    [InlineData("""{"op":"add","path":"/n/1","value":2}""", """{"a/b":{"c":1},"key":{"list":[1,2]},"n":[null,2],"plain":"x"}""")]
    [InlineData("""{"op":"add","path":"/e~1f/-","value":2}""", """{"a/b":{"c":1},"e/f":[2],"key":{"list":[1,2]},"plain":"x"}""")]
    [InlineData("""{"op":"add","path":"/e~1f/0","value":2}""", """{"a/b":{"c":1},"e/f":[2],"key":{"list":[1,2]},"plain":"x"}""")]
    [InlineData("""{"op":"add","path":"/key/list/1","value":9}""", """{"a/b":{"c":1},"key":{"list":[1,9,2]},"plain":"x"}""")]
    [InlineData("""{"op":"add","path":"/key/list/-","value":9}""", """{"a/b":{"c":1},"key":{"list":[1,2,9]},"plain":"x"}""")]
    [InlineData("""{"op":"add","path":"","value":{"only":1}}""", """{"only":1}""")]
    [InlineData("""{"op":"replace","path":"/plain","value":"y"}""", """{"a/b":{"c":1},"key":{"list":[1,2]},"plain":"y"}""")]
    [InlineData("""{"op":"replace","path":"/key/list/0","value":9}""", """{"a/b":{"c":1},"key":{"list":[9,2]},"plain":"x"}""")]
    [InlineData("""{"op":"remove","path":"/plain"}""", """{"a/b":{"c":1},"key":{"list":[1,2]}}""")]
    [InlineData("""{"op":"remove","path":"/missing"}""", Stored)]
    [InlineData("""{"op":"remove","path":"/missing/parent"}""", Stored)]
    [InlineData("""{"op":"test","path":"/a~1b/c","value":1}""", Stored)]
    [InlineData("""{"OP":"add","Path":"/plain","VALUE":"y"}""", """{"a/b":{"c":1},"key":{"list":[1,2]},"plain":"y"}""")]
    public async Task A_patch_that_applies(string patch, string metadata)
    {
        foreach (var method in new[] { "PUT", "PATCH" })
        {
            await lamassu.CA("PUT", "/v1/cas/ca/metadata", LamassuBodies.Patches(LamassuBodies.Patch("add", "", JsonNode.Parse(Stored))));

            var answer = await lamassu.CARaw(method, "/v1/cas/ca/metadata", $$"""{"Patches":[{{patch}}]}""");

            Assert.Equal((200, metadata), (answer.Status, answer.Json["metadata"]!.ToJsonString()));
            Assert.Equal(metadata, lamassu.StandIn.State.Find(LamassuKind.CA, "ca")!["metadata"]!.ToJsonString());
        }
    }

    [Theory]
    [InlineData("""{"op":"replace","path":"/missing","value":1}""", "replace operation does not apply: doc is missing key: /missing: missing value")]
    [InlineData("""{"op":"test","path":"/plain","value":"y"}""", "testing value /plain failed: test failed")]
    [InlineData("""{"op":"add","path":"/e~1f/g","value":1}""", "add operation does not apply: doc is missing path: \"/e~1f/g\": missing value")]
    [InlineData("""{"op":"add","path":"/e~0f/g/h","value":1}""", "add operation does not apply: doc is missing path: \"/e~0f/g/h\": missing value")]
    [InlineData("""{"op":"add","path":"/n/e~1f/-","value":1}""", "add operation does not apply: doc is missing path: \"/n/e~1f/-\": missing value")]
    [InlineData("""{"op":"move","path":"/n","from":"/plain"}""", "move operation does not apply: missing from")]
    [InlineData("""{"op":"copy","path":"/n","from":"/plain"}""", "copy operation does not apply: missing from")]
    [InlineData("""{"op":"merge","path":"/n","value":1}""", "Unexpected kind: merge")]
    public async Task A_patch_that_does_not_apply_is_a_500_and_all_of_them_are_dropped(string patch, string error)
    {
        var answer = await lamassu.CARaw("PUT", "/v1/cas/ca/metadata", $$"""{"patches":[{"op":"add","path":"/first","value":1},{{patch}}]}""");

        Assert.Equal((500, $"failed to apply patches to metadata: {error}"), (answer.Status, answer.Error));
        Assert.Equal(Stored, lamassu.StandIn.State.Find(LamassuKind.CA, "ca")!["metadata"]!.ToJsonString());
        Assert.Equal("ca.metadata.update.error", lamassu.Published.Last().Type);
    }

    [Theory]
    [InlineData("""{"op":"add","path":"/n","value":null}""")]
    [InlineData("""{"op":"add","path":"/n"}""")]
    [InlineData("""{"op":"replace","path":"/plain","value":null}""")]
    public async Task Null_cannot_be_patched_in(string patch)
    {
        var answer = await lamassu.CARaw("PUT", "/v1/cas/ca/metadata", $$"""{"patches":[{{patch}}]}""");

        Assert.Equal(500, answer.Status);
        Assert.StartsWith("failed to decode patches: ", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"patches":null}""")]
    public async Task Without_patches_the_request_is_invalid(string body)
    {
        await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("dev"));

        var ca = await lamassu.CARaw("PUT", "/v1/cas/ca/metadata", body);
        var device = await lamassu.Devices("PUT", "/v1/devices/dev/metadata", JsonNode.Parse(body));

        Assert.Equal((400, "struct validation error"), (ca.Status, ca.Error));
        Assert.Equal((500, "{}"), (device.Status, device.Text));
    }

    [Fact]
    public async Task An_empty_list_changes_nothing_and_is_published_all_the_same()
    {
        lamassu.Published.Clear();

        var answer = await lamassu.CA("PUT", "/v1/cas/ca/metadata", LamassuBodies.Patches());

        Assert.Equal(200, answer.Status);
        var message = Assert.Single(lamassu.Events);
        Assert.Equal("ca.metadata.update", message.Type);
        Assert.True(JsonNode.DeepEquals(message.Previous, message.Updated));
    }

    [Fact]
    public async Task A_key_with_a_slash_is_written_whole_and_then_added_to_in_one_request()
    {
        var answer = await lamassu.CA(
            "PUT",
            "/v1/cas/ca/metadata",
            LamassuBodies.Patches(
                LamassuBodies.Patch("add", "/e~1f", new JsonObject { ["a"] = 1 }), LamassuBodies.Patch("add", "/e~1f/b", 2)));

        Assert.Equal("""{"a":1,"b":2}""", answer.Json["metadata"]!["e/f"]!.ToJsonString());
    }

    [Fact]
    public async Task Metadata_that_is_null_takes_no_patch_before_it_was_replaced()
    {
        using var certificate = LamassuBodies.Certificate(lamassu.StandIn.State.Find(LamassuKind.CA, "ca")!["certificate"]!["certificate"]!);
        lamassu.StandIn.State.Clear();
        var imported = await lamassu.CA(
            "POST", "/v1/certificates/import", new JsonObject { ["certificate"] = LamassuBodies.Wire(certificate.ExportCertificatePem()) });
        Assert.Null(imported.Json["metadata"]);
        var path = $"/v1/certificates/{imported.Json["serial_number"]}/metadata";

        Assert.Equal(500, (await lamassu.CA("PUT", path, LamassuBodies.Patches(LamassuBodies.Patch("add", "/a", 1)))).Status);
        var cured = await lamassu.CA(
            "PUT", path, LamassuBodies.Patches(LamassuBodies.Patch("add", "", new JsonObject()), LamassuBodies.Patch("add", "/a", 1)));
        Assert.Equal("""{"a":1}""", cured.Json["metadata"]!.ToJsonString());
    }

    [Fact]
    public async Task The_two_metadata_maps_of_a_CA_are_apart()
    {
        var serialNumber = (string)lamassu.StandIn.State.Find(LamassuKind.CA, "ca")!["serial_number"]!;

        await lamassu.CA("PUT", $"/v1/certificates/{serialNumber}/metadata", LamassuBodies.Patches(LamassuBodies.Patch("add", "/inner", 1)));

        var ca = (await lamassu.CA("GET", "/v1/cas/ca")).Json;
        Assert.Equal("""{"inner":1}""", ca["certificate"]!["metadata"]!.ToJsonString());
        Assert.Equal(Stored, ca["metadata"]!.ToJsonString());
    }
}
