using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class ThingGroupTests : AwsStandInTest
{
    [Fact]
    public async Task A_group_knows_its_ancestors()
    {
        await GroupAsync("root");
        await GroupAsync("middle", "root");
        await GroupAsync("leaf", "middle");
        var group = (await CallAsync("GET /thing-groups/leaf")).Succeeded().Json;
        Assert.Equal("middle", group["thingGroupMetadata"]!["parentGroupName"]!.ToString());
        Assert.Equal(["root", "middle"], group["thingGroupMetadata"]!["rootToParentThingGroups"]!.AsArray().Select(entry => entry!["groupName"]!.ToString()));
    }

    [Fact]
    public async Task Creating_the_same_group_again_gives_the_same_id_and_a_different_one_is_refused()
    {
        await GroupAsync("parent");
        var first = (await CallAsync("POST /thing-groups/group", "{}")).Succeeded();
        Assert.Equal(first["thingGroupId"], (await CallAsync("POST /thing-groups/group", "{}")).Succeeded()["thingGroupId"]);
        var described = """{"thingGroupProperties":{"thingGroupDescription":"other"}}""";
        (await CallAsync("POST /thing-groups/group", described)).Refused(409, "ResourceAlreadyExistsException");
        (await CallAsync("POST /thing-groups/group", """{"parentGroupName":"parent"}""")).Refused(409, "ResourceAlreadyExistsException");
    }

    [Fact]
    public async Task A_parent_must_exist() => (await CallAsync("POST /thing-groups/group", """{"parentGroupName":"none"}""")).RefusedAsInvalid();

    [Fact]
    public async Task An_eighth_level_is_refused()
    {
        await GroupAsync("level1");
        for (var level = 2; level <= 7; level++)
        {
            await GroupAsync($"level{level}", $"level{level - 1}");
        }

        (await CallAsync("POST /thing-groups/level8", """{"parentGroupName":"level7"}""")).RefusedAsInvalid();
    }

    [Fact]
    public async Task A_group_with_children_is_not_deleted()
    {
        await GroupAsync("parent");
        await GroupAsync("child", "parent");
        (await CallAsync("DELETE /thing-groups/parent")).RefusedAsInvalid();
        (await CallAsync("DELETE /thing-groups/child")).Succeeded();
        (await CallAsync("DELETE /thing-groups/parent")).Succeeded();
        (await CallAsync("GET /thing-groups/parent")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task A_thing_is_in_one_group_of_a_hierarchy_only()
    {
        await ThingAsync("thing");
        await GroupAsync("root");
        await GroupAsync("a", "root");
        await GroupAsync("b", "root");
        await GroupAsync("elsewhere");
        (await AddAsync("thing", "a")).Succeeded();
        (await AddAsync("thing", "a")).Succeeded();
        (await AddAsync("thing", "b")).RefusedAsInvalid();
        (await AddAsync("thing", "root")).RefusedAsInvalid();
        (await AddAsync("thing", "elsewhere")).Succeeded();
        Assert.Equal(["a", "elsewhere"], await GroupsOfAsync("thing"));
    }

    [Fact]
    public async Task An_eleventh_group_of_a_thing_is_refused()
    {
        await ThingAsync("thing");
        for (var i = 0; i < 11; i++)
        {
            await GroupAsync($"group{i}");
            var answer = await AddAsync("thing", $"group{i}");
            Assert.Equal(i < 10 ? 200 : 400, answer.Status);
        }
    }

    [Fact]
    public async Task Unknown_things_and_groups_are_refused()
    {
        await ThingAsync("thing");
        await GroupAsync("group");
        (await AddAsync("none", "group")).Refused(404, "ResourceNotFoundException");
        (await AddAsync("thing", "none")).Refused(404, "ResourceNotFoundException");
        (await CallAsync("PUT /thing-groups/addThingToThingGroup", """{"thingName":"thing"}""")).RefusedAsInvalid();
        (await CallAsync("GET /things/none/thing-groups")).Refused(404, "ResourceNotFoundException");
    }

    [Fact]
    public async Task Things_leave_groups_by_name_or_ARN_and_twice()
    {
        await ThingAsync("thing");
        await GroupAsync("group");
        (await AddAsync("thing", "group")).Succeeded();
        var arns = new JsonObject { ["thingArn"] = Arn("thing/thing"), ["thingGroupArn"] = Arn("thinggroup/group") };
        (await CallAsync("PUT /thing-groups/removeThingFromThingGroup", arns)).Succeeded();
        (await CallAsync("PUT /thing-groups/removeThingFromThingGroup", arns.DeepClone())).Succeeded();
        Assert.Empty(await GroupsOfAsync("thing"));
    }

    [Fact]
    public async Task Groups_of_a_thing_are_exchanged_in_one_call()
    {
        await ThingAsync("thing");
        await GroupAsync("root");
        await GroupAsync("a", "root");
        await GroupAsync("b", "root");
        (await AddAsync("thing", "a")).Succeeded();
        var body = """{"thingName":"thing","thingGroupsToRemove":["a"],"thingGroupsToAdd":["b"]}""";
        (await CallAsync("PUT /thing-groups/updateThingGroupsForThing", body)).Succeeded();
        Assert.Equal(["b"], await GroupsOfAsync("thing"));
    }

    [Fact]
    public async Task Groups_are_listed_by_parent_and_prefix()
    {
        await GroupAsync("root");
        await GroupAsync("child", "root");
        await GroupAsync("grandchild", "child");
        Assert.Equal(["child"], await ListAsync("?parentGroup=root&recursive=false"));
        Assert.Equal(["child", "grandchild"], await ListAsync("?parentGroup=root"));
        Assert.Equal(["root"], await ListAsync("?recursive=false"));
        Assert.Equal(["grandchild"], await ListAsync("?namePrefixFilter=grand"));
    }

    private Task<AwsAnswered> AddAsync(string thing, string group) =>
        CallAsync("PUT /thing-groups/addThingToThingGroup", new JsonObject { ["thingName"] = thing, ["thingGroupName"] = group });

    private async Task<IEnumerable<string>> GroupsOfAsync(string thing) =>
        (await CallAsync($"GET /things/{thing}/thing-groups")).Succeeded().Json["thingGroups"]!.AsArray().Select(group => group!["groupName"]!.ToString());

    private async Task<IEnumerable<string>> ListAsync(string query) =>
        (await CallAsync($"GET /thing-groups{query}")).Succeeded().Json["thingGroups"]!.AsArray().Select(group => group!["groupName"]!.ToString());
}
