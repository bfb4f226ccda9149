using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed class LamassuFaultsTests : IAsyncLifetime
{
    private LamassuHarness lamassu = null!;

    public async ValueTask InitializeAsync()
    {
        lamassu = await LamassuHarness.StartAsync();
        await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("dev"));
        lamassu.StandIn.ForgetCalls();
        lamassu.Published.Clear();
    }

    public ValueTask DisposeAsync() => lamassu.DisposeAsync();

    [Fact]
    public async Task The_next_requests_that_fit_fail_without_saying_why_and_change_nothing()
    {
        lamassu.StandIn.Faults.Add(new() { Service = "device-manager", Method = "PUT", Path = "/v1/devices/*/metadata", Times = 2 });

        Assert.Equal(200, (await lamassu.Devices("GET", "/v1/devices/dev")).Status);
        var refused = await PatchAsync("a");
        Assert.Equal((500, "{}"), (refused.Status, refused.Text));
        Assert.Equal(500, (await PatchAsync("a")).Status);
        Assert.Empty(lamassu.Published);
        Assert.Equal("{}", Metadata());

        Assert.Equal(200, (await PatchAsync("a")).Status);
        Assert.Equal([200, 500, 500, 200], lamassu.StandIn.Calls.Select(call => call.Status));
    }

    [Theory]
    [InlineData(false, "{}")]
    [InlineData(true, """{"a":1}""")]
    public async Task A_connection_is_dropped_before_or_after_the_write(bool afterWrite, string metadata)
    {
        lamassu.StandIn.Faults.Add(new() { Drop = true, AfterWrite = afterWrite });

        Assert.Equal(Answer.Dropped, (await PatchAsync("a")).Status);

        Assert.Equal(metadata, Metadata());
        Assert.Equal(afterWrite ? 1 : 0, lamassu.Published.Count);
        Assert.Null(Assert.Single(lamassu.StandIn.Calls).Status);
    }

    [Fact]
    public async Task An_answer_can_be_given_word_for_word()
    {
        lamassu.StandIn.Faults.Add(new() { Status = 503, Body = "busy" });

        var answer = await PatchAsync("a");

        Assert.Equal((503, "busy"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData(5, 200)]
    [InlineData(11, Answer.Dropped)]
    public async Task A_delay_beyond_the_write_timeout_cuts_the_answer_off_though_all_is_done(int seconds, int status)
    {
        lamassu.StandIn.Faults.Add(new() { Delay = TimeSpan.FromSeconds(seconds) });

        var asked = PatchAsync("a");
        while (!asked.IsCompleted)
        {
            lamassu.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(status, (await asked).Status);
        Assert.Equal("""{"a":1}""", Metadata());
    }

    [Fact]
    public async Task Of_two_writers_of_a_row_the_last_one_wins_whatever_part_it_changed()
    {
        lamassu.StandIn.Faults.BetweenReadAndWrite(
            LamassuKind.Device, "dev", _ => lamassu.Devices("PUT", "/v1/devices/dev/idslot", JsonNode.Parse("""{"status":"ACTIVE","events":{}}""")));

        var answer = await PatchAsync("a");

        // The slot that was stored in between is gone, though its event was published.
        Assert.False(answer.Json.ContainsKey("identity"));
        Assert.False(lamassu.StandIn.State.Find(LamassuKind.Device, "dev")!.ContainsKey("identity"));
        Assert.Equal(["device.status.update", "device.identity.update", "device.metadata.update"], lamassu.EventTypes);
    }

    [Fact]
    public async Task A_CA_metadata_patch_undoes_a_revocation_that_came_in_between()
    {
        await lamassu.CreateCAAsync("ca");
        lamassu.StandIn.Faults.BetweenReadAndWrite(
            LamassuKind.CA, "ca", _ => lamassu.CA("POST", "/v1/cas/ca/status", LamassuBodies.Status("REVOKED")));

        await lamassu.CA("PUT", "/v1/cas/ca/metadata", LamassuBodies.Patches());

        Assert.Equal("ACTIVE", (string?)(await lamassu.CA("GET", "/v1/cas/ca")).Json["certificate"]!["status"]);
    }

    [Fact]
    public async Task The_call_log_has_source_headers_and_body_but_no_credentials()
    {
        await lamassu.Devices(
            "PUT", "/v1/devices/dev/metadata?x=1", LamassuBodies.Patches(), ("x-lms-source", "service/mine"), ("Authorization", "Bearer secret"));

        var call = Assert.Single(lamassu.StandIn.Calls);
        Assert.Equal(("device-manager", "PUT", "/v1/devices/dev/metadata?x=1", "service/mine"), (call.Service, call.Method, call.PathAndQuery, call.Source));
        Assert.Equal("""{"patches":[]}""", call.Body);
        Assert.Equal("Bearer", call.Headers["authorization"]);
    }

    [Fact]
    public async Task Faults_and_calls_are_offered_over_HTTP()
    {
        var fault = JsonNode.Parse("""{"service":"device-manager","path":"/v1/devices/*","status":502,"body":{"err":"gateway"},"times":1}""");
        Assert.Equal(204, (await lamassu.CA("POST", "/_control/faults", fault)).Status);
        var failed = await lamassu.Devices("GET", "/v1/devices/dev");
        Assert.Equal((502, "gateway"), (failed.Status, failed.Error));

        var calls = JsonNode.Parse((await lamassu.CA("GET", "/_control/calls")).Text)!.AsArray();
        Assert.Equal(("/v1/devices/dev", 502), ((string?)Assert.Single(calls)!["url"], (int)calls[0]!["status"]!));
        Assert.Equal(204, (await lamassu.CA("DELETE", "/_control/calls")).Status);
        Assert.Empty(lamassu.StandIn.Calls);

        Assert.Equal(204, (await lamassu.CA("POST", "/_control/reset")).Status);
        Assert.Empty(lamassu.StandIn.State.All(LamassuKind.Device));
        Assert.Equal(404, (await lamassu.Devices("GET", "/_control/calls")).Status);
    }

    [Fact]
    public async Task The_expiry_monitor_is_run_over_HTTP()
    {
        await lamassu.EnrolAsync("dev-1");

        Assert.Equal(204, (await lamassu.CA("POST", "/_control/expiry-monitor?now=2027-02-20T00:00:00Z")).Status);
        await lamassu.StandIn.WhenQuietAsync();

        Assert.Equal("RENEWAL_PENDING", (string?)lamassu.StandIn.State.Find(LamassuKind.Device, "dev-1")!["status"]);
    }

    private string Metadata() => lamassu.StandIn.State.Find(LamassuKind.Device, "dev")!["metadata"]!.ToJsonString();

    private Task<Answer> PatchAsync(string key) =>
        lamassu.Devices("PUT", "/v1/devices/dev/metadata", LamassuBodies.Patches(LamassuBodies.Patch("add", $"/{key}", 1)));
}
