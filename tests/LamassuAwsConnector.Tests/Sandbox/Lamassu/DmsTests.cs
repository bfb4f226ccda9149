using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed class DmsTests
{
    [Fact]
    public async Task A_PUT_replaces_all_but_the_creation_time_of_the_DMS_that_the_body_names()
    {
        await using var lamassu = await StartAsync();
        var before = (await lamassu.Dms("GET", "/v1/dms/one")).Json;

        var answer = await lamassu.Dms("PUT", "/v1/dms/other", JsonNode.Parse("""{"id":"one","creation_ts":"2020-01-01T00:00:00Z"}"""));

        Assert.Equal((200, "one", ""), (answer.Status, (string?)answer.Json["id"], (string?)answer.Json["name"]));
        Assert.Equal((string?)before["creation_ts"], (string?)answer.Json["creation_ts"]);
        Assert.Null(answer.Json["metadata"]);
        Assert.Equal("0s", (string?)answer.Json["settings"]!["reenrollment_settings"]!["preventive_delta"]);
        Assert.Equal("0", (string?)answer.Json["settings"]!["server_keygen_settings"]!["key"]!["type"]);
        var message = Assert.Single(lamassu.Published);
        Assert.Equal(("dms.update", "dms/one", "service/ra"), (message.Type, message.Subject, message.Source));
        Assert.Equal("DMS one", (string?)message.Previous["name"]);
        Assert.Equal("DMS other", (string?)lamassu.StandIn.State.Find(LamassuKind.Dms, "other")!["name"]);
    }

    [Fact]
    public async Task A_PUT_can_store_null_within_metadata()
    {
        await using var lamassu = await StartAsync();

        var answer = await lamassu.Dms("PUT", "/v1/dms/one", JsonNode.Parse("""{"id":"one","name":"n","metadata":{"a":null}}"""));

        Assert.Equal("""{"a":null}""", answer.Json["metadata"]!.ToJsonString());
    }

    [Fact]
    public async Task A_metadata_patch_closes_the_connection_where_the_DMS_Manager_is_alone()
    {
        await using var lamassu = await StartAsync();

        foreach (var method in new[] { "PUT", "PATCH" })
        {
            Assert.Equal(
                Answer.Dropped, (await lamassu.Dms(method, "/v1/dms/one/metadata", LamassuBodies.Patches(LamassuBodies.Patch("add", "/a", 1)))).Status);
        }

        Assert.False(lamassu.StandIn.State.Find(LamassuKind.Dms, "one")!["metadata"]!.AsObject().ContainsKey("a"));
        Assert.Empty(lamassu.Published);
    }

    [Fact]
    public async Task A_metadata_patch_works_where_it_shares_a_process_and_has_an_event_of_its_own()
    {
        await using var lamassu = await StartAsync(new() { DmsManagerAlone = false });

        var answer = await lamassu.Dms("PATCH", "/v1/dms/one/metadata", LamassuBodies.Patches(LamassuBodies.Patch("add", "/a", 1)));

        Assert.Equal((200, 1), (answer.Status, (int)answer.Json["metadata"]!["a"]!));
        Assert.Equal(["dms.metadata.update"], lamassu.EventTypes);
        Assert.Equal(500, (await lamassu.Dms("PATCH", "/v1/dms/one/metadata", new JsonObject())).Status);
    }

    [Fact]
    public async Task A_deleted_DMS_is_gone_and_announced_by_its_id_alone()
    {
        await using var lamassu = await StartAsync();

        Assert.Equal(204, (await lamassu.Dms("DELETE", "/v1/dms/one")).Status);

        Assert.Equal(("dms.delete", """{"ID":"one"}"""), (lamassu.Events[^1].Type, lamassu.Events[^1].Data.ToJsonString()));
        var missing = await lamassu.Dms("GET", "/v1/dms/one");
        Assert.Equal((500, "{}"), (missing.Status, missing.Text));
    }

    private static async Task<LamassuHarness> StartAsync(LamassuStandInOptions? options = null)
    {
        var lamassu = await LamassuHarness.StartAsync(options);
        await lamassu.Dms("POST", "/v1/dms", LamassuBodies.Dms("one", "ca", ""));
        await lamassu.Dms("POST", "/v1/dms", LamassuBodies.Dms("other", "ca", ""));
        lamassu.Published.Clear();
        return lamassu;
    }
}
