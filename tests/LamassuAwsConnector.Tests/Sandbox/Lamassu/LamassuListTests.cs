using System.Buffers.Text;
using System.Text;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed class LamassuListTests : IAsyncLifetime
{
    private LamassuHarness lamassu = null!;

    public async ValueTask InitializeAsync()
    {
        lamassu = await LamassuHarness.StartAsync();
        foreach (var (id, tag) in new[] { ("c", "t1"), ("a", "t2"), ("e", "t1"), ("b_1", "T1"), ("d", "t2") })
        {
            var device = LamassuBodies.Device(id, id == "d" ? "other" : "dms");
            device["tags"] = new System.Text.Json.Nodes.JsonArray(tag);
            await lamassu.Devices("POST", "/v1/devices", device);
        }
    }

    public ValueTask DisposeAsync() => lamassu.DisposeAsync();

    [Theory]
    [InlineData("", "c a e b_1 d")]
    [InlineData("?page_size=2", "c a")]
    [InlineData("?page_size=x", "c a e b_1 d")]
    [InlineData("?page_size=-1", "c a e b_1 d")]
    [InlineData("?sort_by=id", "a b_1 c d e")]
    [InlineData("?sort_by=id&sort_mode=desc", "e d c b_1 a")]
    [InlineData("?sort_by=unknown&sort_mode=desc", "c a e b_1 d")]
    [InlineData("?sort_by=creation_timestamp&sort_mode=desc", "d b_1 e a c")]
    [InlineData("?filter=id[eq]a", "a")]
    [InlineData("?filter=id%5Beq%5Da", "a")]
    [InlineData("?filter=id[EQUAL]a", "a")]
    [InlineData("?filter=id[eq]=a", "")]
    [InlineData("?filter=id[eq]:a", "")]
    [InlineData("?filter=id[ne]a", "c e b_1 d")]
    [InlineData("?filter=id[eq_ic]A", "a")]
    [InlineData("?filter=id[eq_ic]%25", "c a e b_1 d")]
    [InlineData("?filter=id[ct]_", "c a e b_1 d")]
    [InlineData("?filter=id[contains]b", "b_1")]
    [InlineData("?filter=id[nc_ic]B", "c a e d")]
    [InlineData("?filter=id[in]a,c,%20d", "c a")]
    [InlineData("?filter=id[in]", "c a e b_1 d")]
    [InlineData("?filter=id[nin]a,c", "e b_1 d")]
    [InlineData("?filter=id[in_ic]A,E", "a e")]
    [InlineData("?filter=id=a", "c a e b_1 d")]
    [InlineData("?filter=alias[eq]a", "c a e b_1 d")]
    [InlineData("?filter=tags[ct]t1", "c e")]
    [InlineData("?filter=tags[ct_ic]t1", "c e b_1")]
    [InlineData("?filter=status[in]NO_IDENTITY,ACTIVE", "c a e b_1 d")]
    [InlineData("?filter=status[ne]NO_IDENTITY", "")]
    [InlineData("?filter=creation_timestamp[bf]2026-03-01T12:00:00Z", "")]
    [InlineData("?filter=creation_timestamp[af]2026-03-01T11:59:59Z", "c a e b_1 d")]
    [InlineData("?filter=dms_owner[eq]dms&filter=id[nin]a,c", "e b_1")]
    public async Task Lists_are_filtered_and_sorted(string query, string ids)
    {
        var answer = await lamassu.Devices("GET", $"/v1/devices{query}");

        Assert.Equal(200, answer.Status);
        Assert.Equal(ids, string.Join(' ', answer.Ids));
    }

    [Theory]
    [InlineData("/v1/devices?filter=id[gt]a", "invalid filter operand 'gt' for field 'id' of type 0")]
    [InlineData("/v1/devices?filter=status[ct]A", "invalid filter operand 'ct' for field 'status' of type 4")]
    [InlineData("/v1/devices/dms/dms?filter=tags[eq]a", "invalid filter operand 'eq' for field 'tags' of type 1")]
    public async Task An_operator_that_the_field_lacks_is_a_400(string path, string error)
    {
        var answer = await lamassu.Devices("GET", path);

        Assert.Equal((400, error, "application/json; charset=utf-8"), (answer.Status, answer.Error, answer.ContentType));
    }

    [Fact]
    public async Task A_bookmark_forgets_the_sort_unless_the_request_repeats_it()
    {
        var first = await lamassu.Devices("GET", "/v1/devices?page_size=2&sort_by=id&sort_mode=desc");
        Assert.Equal(["e", "d"], first.Ids);

        var forgetful = await lamassu.Devices("GET", $"/v1/devices?bookmark={first.Json["next"]}");
        Assert.Equal(["c", "b_1"], forgetful.Ids);
        var unsorted = await lamassu.Devices("GET", $"/v1/devices?bookmark={forgetful.Json["next"]}");
        Assert.Equal(["d"], unsorted.Ids);

        // The direction comes from the bookmark.
        var careful = await lamassu.Devices("GET", $"/v1/devices?bookmark={first.Json["next"]}&sort_by=id");
        var sorted = await lamassu.Devices("GET", $"/v1/devices?bookmark={careful.Json["next"]}&sort_by=id");
        Assert.Equal(["a"], sorted.Ids);
        Assert.Equal("", (string?)sorted.Json["next"]);
    }

    [Fact]
    public async Task With_a_bookmark_page_size_and_filters_of_the_request_do_not_count()
    {
        var first = await lamassu.Devices("GET", "/v1/devices/dms/dms?page_size=1&filter=tags[ct]t1&sort_by=id");
        Assert.Equal(["c"], first.Ids);

        var second = await lamassu.Devices("GET", $"/v1/devices/dms/dms?bookmark={first.Json["next"]}&page_size=25&filter=id[eq]a");

        Assert.Equal(["e"], second.Ids);
        Assert.Equal("", (string?)second.Json["next"]);
    }

    [Fact]
    public async Task Without_a_sort_a_row_that_was_updated_moves_to_the_end()
    {
        var first = await lamassu.Devices("GET", "/v1/devices?page_size=3");
        await lamassu.Devices("PUT", "/v1/devices/c/metadata", LamassuBodies.Patches());

        var second = await lamassu.Devices("GET", $"/v1/devices?bookmark={first.Json["next"]}");

        // b_1 is skipped and c comes a second time.
        Assert.Equal(["c", "a", "e"], first.Ids);
        Assert.Equal(["d", "c"], second.Ids);
    }

    [Theory]
    [InlineData("%25%25%25")]
    [InlineData("b2ZmOng7bGltOjI7")] // off:x;lim:2;
    public async Task A_bookmark_that_is_not_valid_is_a_500(string bookmark)
    {
        var devices = await lamassu.Devices("GET", $"/v1/devices?bookmark={bookmark}");
        Assert.Equal((500, "{}"), (devices.Status, devices.Text));
        Assert.Equal((500, "{}"), ((await lamassu.Dms("GET", $"/v1/dms?bookmark={bookmark}")) is var dms ? dms.Status : 0, dms.Text));
        Assert.Equal("not a valid bookmark", (await lamassu.CA("GET", $"/v1/cas?bookmark={bookmark}")).Error);
    }

    [Fact]
    public async Task A_bookmark_without_known_parts_starts_at_the_beginning_with_fifteen_rows()
    {
        for (var number = 10; number < 25; number++)
        {
            await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device($"n{number}"));
        }

        var answer = await lamassu.Devices("GET", $"/v1/devices?bookmark={Base64Url.EncodeToString(Encoding.UTF8.GetBytes("hello"))}");

        Assert.Equal(15, answer.Ids.Count);
        Assert.Equal("c", answer.Ids[0]);
    }

    [Fact]
    public async Task Devices_of_an_unknown_DMS_are_an_empty_list()
    {
        var answer = await lamassu.Devices("GET", "/v1/devices/dms/unknown");

        Assert.Equal((200, """{"next":"","list":[]}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task CAs_are_found_by_key_id_and_common_name_but_not_filtered_by_serial_number()
    {
        var ca = await lamassu.CreateCAAsync("root");
        await lamassu.CreateCAAsync("other");
        var leaf = await lamassu.SignAsync("root", "leaf");

        Assert.Equal(["root"], (await lamassu.CA("GET", $"/v1/cas?filter=subject_key_id[eq]{ca["certificate"]!["subject_key_id"]}")).Ids);
        Assert.Equal(["root"], (await lamassu.CA("GET", "/v1/cas/cn/root")).Ids);
        Assert.Equal(["other"], (await lamassu.CA("GET", "/v1/cas?filter=subject.common_name[ct]oth")).Ids);
        Assert.Equal(2, (await lamassu.CA("GET", "/v1/cas?sort_by=serial_number")).Ids.Count);
        foreach (var column in new[] { "serial_number", "metadata" })
        {
            var operation = column == "metadata" ? "jsonpath" : "eq";
            var answer = await lamassu.CA("GET", $"/v1/cas?filter={column}[{operation}]x");
            Assert.Equal((500, $"ERROR: column reference \"{column}\" is ambiguous (SQLSTATE 42702)"), (answer.Status, answer.Error));
        }

        Assert.Equal([leaf], (await lamassu.CA("GET", $"/v1/certificates?filter=serial_number[in]{leaf},00ff")).Ids);
        Assert.Equal([leaf], (await lamassu.CA("GET", "/v1/certificates?filter=is_ca[eq]false")).Ids);
        Assert.Equal(2, (await lamassu.CA("GET", "/v1/cas/root/certificates")).Ids.Count);
        Assert.Equal([leaf], (await lamassu.CA("GET", "/v1/cas/root/certificates?filter=extensions.extended_key_usage[ct]ClientAuth")).Ids);
        Assert.Empty((await lamassu.CA("GET", "/v1/certificates?filter=valid_to[bf]2026-03-02T00:00:00Z")).Ids);
    }

    [Fact]
    public async Task A_DMS_that_is_missing_is_told_from_a_broken_service_by_its_list()
    {
        lamassu.StandIn.State.Store(LamassuKind.Dms, new() { ["id"] = "dms" });

        Assert.Equal(["dms"], (await lamassu.Dms("GET", "/v1/dms?filter=id[eq]dms")).Ids);
        Assert.Empty((await lamassu.Dms("GET", "/v1/dms?filter=id[eq]unknown")).Ids);
    }
}
