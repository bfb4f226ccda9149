using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Tests.Broker;
using LamassuAwsConnector.Tests.Security;
using LamassuAwsConnector.Tests.Telemetry;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.DeadLetters;

/// <summary>The same on a broker and in memory.</summary>
public sealed class DeadLetterApiTests(RabbitMqNode node)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_letter_is_listed_with_what_is_needed_to_understand_it_and_without_its_body(bool onBroker)
    {
        await using var stage = await DeadLetterStage.StartAsync(onBroker ? node : null);
        var before = TimeProvider.System.GetUtcNow();

        await stage.DieAsync("ca/one");

        var list = await stage.ListAsync();
        Assert.Equal((true, 1L, true), (list["complete"]!.GetValue<bool>(), list["total"]!.GetValue<long>(), list["next"] is null));
        var letter = Assert.Single(list["list"]!.AsArray())!.AsObject();
        Assert.Equal(
            ["id", "type", "subject", "source", "routing_key", "cause", "attempts", "replays", "first_time", "dead_letter_time", "age_seconds", "size"],
            letter.Select(member => member.Key));
        Assert.Equal(("ca.create", "ca/one"), (letter["type"]!.GetValue<string>(), letter["subject"]!.GetValue<string>()));
        Assert.Equal("source://lamassu.io/ctx/source/service/ra", letter["source"]!.GetValue<string>());
        Assert.Equal("ca.create", letter["routing_key"]!.GetValue<string>());
        Assert.Equal("""{"kind":"conflict","code":"told_to_fail","reason":"The test wants ca/one to fail."}""", letter["cause"]!.ToJsonString());
        Assert.Equal((1, 0), (letter["attempts"]!.GetValue<int>(), letter["replays"]!.GetValue<int>()));
        Assert.InRange(letter["dead_letter_time"]!.GetValue<DateTimeOffset>(), before, TimeProvider.System.GetUtcNow());
        Assert.InRange(letter["first_time"]!.GetValue<DateTimeOffset>(), before, TimeProvider.System.GetUtcNow());
        Assert.InRange(letter["age_seconds"]!.GetValue<long>(), 0, 60);
        Assert.Equal(DeadLetterStage.EventOf("ca/one").Length, letter["size"]!.GetValue<int>());
        var time = letter["dead_letter_time"]!.GetValue<DateTimeOffset>().ToString("O", CultureInfo.InvariantCulture);
        byte[] bodyAndTime = [.. DeadLetterStage.EventOf("ca/one"), .. Encoding.UTF8.GetBytes(time)];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bodyAndTime)), letter["id"]!.GetValue<string>());
        Assert.Equal(letter["id"]!.GetValue<string>(), (await stage.ListAsync())["list"]![0]!["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_no_event_is_listed_too(bool onBroker)
    {
        await using var stage = await DeadLetterStage.StartAsync(onBroker ? node : null);

        await stage.PublishAsync(Encoding.UTF8.GetBytes("{not json"));
        await stage.UntilCountAsync(1);

        var letter = (await stage.ListAsync())["list"]![0]!;
        Assert.Null(letter["type"]);
        Assert.Equal("ca.create", letter["routing_key"]!.GetValue<string>());
        Assert.Equal(("invalid", "not_json"), (letter["cause"]!["kind"]!.GetValue<string>(), letter["cause"]!["code"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_hold_each_letter_once_the_oldest_first_while_others_come(bool onBroker)
    {
        await using var stage = await DeadLetterStage.StartAsync(onBroker ? node : null);
        var subjects = Enumerable.Range(0, 7).Select(number => $"ca/{number}").ToArray();
        foreach (var subject in subjects)
        {
            await stage.DieAsync(subject);
        }

        var seen = new List<string>();
        var first = await stage.ListAsync("?page_size=3");
        seen.AddRange(first["list"]!.AsArray().Select(DeadLetterStage.Subject));
        await stage.DieAsync("ca/late");
        for (var next = first["next"]; next is not null;)
        {
            var page = await stage.ListAsync($"?page_size=3&bookmark={Uri.EscapeDataString(next.GetValue<string>())}");
            seen.AddRange(page["list"]!.AsArray().Select(DeadLetterStage.Subject));
            next = page["next"];
        }

        Assert.Equal([.. subjects, "ca/late"], seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_that_are_replayed_are_handled_with_their_retries_forgotten_and_leave_the_list(bool onBroker)
    {
        await using var stage = await DeadLetterStage.StartAsync(onBroker ? node : null);
        stage.Fails = subject => DeadLetterStage.Failure(FailureKind.Unavailable, "told_to_fail", subject);
        await stage.DieAsync("ca/one", "ca/two");
        var attempts = (await stage.ListAsync())["list"]!.AsArray().Select(letter => letter!["attempts"]!.GetValue<int>());
        Assert.Equal([4, 4], attempts);
        var handled = stage.Handled.Count;
        stage.Fails = _ => null;

        var answer = await stage.ReplayAsync(new JsonObject { ["all"] = true, ["connector_id"] = stage.ConnectorId });

        Assert.Equal("""{"replayed":2,"not_found":[],"left":0,"complete":true,"incomplete_because":null}""", answer.ToJsonString());
        await UntilAsync(() => stage.Handled.Count == handled + 2);
        Assert.Equal(["ca/one", "ca/two"], stage.Handled.Skip(handled).Order());
        Assert.Empty(await stage.SubjectsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_replayed_letter_that_fails_again_is_one_letter_again_with_fresh_retries(bool onBroker)
    {
        await using var stage = await DeadLetterStage.StartAsync(onBroker ? node : null);
        stage.Fails = subject => DeadLetterStage.Failure(FailureKind.Unavailable, "told_to_fail", subject);
        await stage.DieAsync("ca/one");
        var before = (await stage.ListAsync())["list"]![0]!;

        Assert.Equal(1, (await stage.ReplayAsync(new JsonObject { ["cause"] = "told_to_fail" }))["replayed"]!.GetValue<int>());
        await UntilAsync(async () => (await stage.ListAsync())["list"]!.AsArray() is [{ } letter] && letter["replays"]!.GetValue<int>() == 1);

        var after = (await stage.ListAsync())["list"]![0]!;
        Assert.Equal(4, after["attempts"]!.GetValue<int>());
        Assert.Equal("ca.create", after["routing_key"]!.GetValue<string>());
        Assert.NotEqual(before["id"]!.GetValue<string>(), after["id"]!.GetValue<string>());
        Assert.True(after["first_time"]!.GetValue<DateTimeOffset>() > before["dead_letter_time"]!.GetValue<DateTimeOffset>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Letters_are_replayed_by_id_and_by_cause_and_the_others_stay(bool onBroker)
    {
        await using var stage = await DeadLetterStage.StartAsync(onBroker ? node : null);
        stage.Fails = subject => subject == "ca/odd"
            ? DeadLetterStage.Failure(FailureKind.Invalid, "odd", subject)
            : DeadLetterStage.Failure(FailureKind.Conflict, "told_to_fail", subject);
        await stage.DieAsync("ca/one", "ca/two", "ca/three", "ca/odd");
        var two = await IdAsync(stage, "ca/two");
        var unknown = Convert.ToHexStringLower(SHA256.HashData("unknown"u8));
        stage.Fails = _ => null;

        var byId = await stage.ReplayAsync(new JsonObject { ["ids"] = new JsonArray(two.ToUpperInvariant(), unknown) });
        Assert.Equal($$"""{"replayed":1,"not_found":["{{unknown}}"],"left":3,"complete":true,"incomplete_because":null}""", byId.ToJsonString());
        Assert.Equal(["ca/odd", "ca/one", "ca/three"], (await stage.SubjectsAsync()).Order());

        Assert.Equal(1, (await stage.ReplayAsync(new JsonObject { ["cause"] = "invalid" }))["replayed"]!.GetValue<int>());
        Assert.Equal(["ca/one", "ca/three"], (await stage.SubjectsAsync()).Order());

        Assert.Equal(2, (await stage.ReplayAsync(new JsonObject { ["cause"] = "told_to_fail" }))["replayed"]!.GetValue<int>());
        await UntilAsync(() => stage.Handled.Count == 8);
        Assert.All(new[] { "ca/one", "ca/two", "ca/three", "ca/odd" }, subject => Assert.Equal(2, stage.HandledOf(subject)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Letters_are_deleted_by_id_by_cause_and_all_and_are_not_handled(bool onBroker)
    {
        await using var stage = await DeadLetterStage.StartAsync(onBroker ? node : null);
        stage.Fails = subject => DeadLetterStage.Failure(FailureKind.Conflict, subject == "ca/odd" ? "odd" : "told_to_fail", subject);
        await stage.DieAsync("ca/one", "ca/odd", "ca/two", "ca/three");
        var one = await IdAsync(stage, "ca/one");

        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync(stage, $"/{one}")).Status);
        var (status, problem) = await DeleteAsync(stage, $"/{one}");
        Assert.Equal((HttpStatusCode.NotFound, "dead_letter_not_found"), (status, problem!["code"]!.GetValue<string>()));
        Assert.Equal("""{"deleted":1,"left":2,"complete":true,"incomplete_because":null}""", (await DeleteAsync(stage, "?cause=odd")).Body!.ToJsonString());
        Assert.Equal(["ca/three", "ca/two"], (await stage.SubjectsAsync()).Order());
        Assert.Equal(2, (await DeleteAsync(stage, "?all=true")).Body!["deleted"]!.GetValue<int>());
        Assert.Equal(0, (await stage.ListAsync())["total"]!.GetValue<int>());
        Assert.Equal(4, stage.Handled.Count);
    }

    [Fact]
    public async Task A_selection_that_says_nothing_or_too_much_is_refused_by_member()
    {
        await using var stage = await DeadLetterStage.StartAsync(node: null);
        await stage.DieAsync("ca/one");
        foreach (var (body, member) in new[]
        {
            ("{}", "$"), ("""{"all":false}""", "all"), ("""{"all":true,"cause":"denied"}""", "$"), ("""{"ids":[]}""", "ids"), ("""{"ids":["abc"]}""", "ids"),
            ("""{"cause":""}""", "cause"), ("""{"ids":"all"}""", "ids"), ("""{"everything":true}""", "everything"), ("""{"ids":[null]}""", "ids"),
        })
        {
            using var response = await stage.Client.PostAsync("/v1/dead-letters/replay", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
            var problem = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.True(problem["errors"]![member] is not null, $"{body}: {problem}");
        }

        foreach (var query in new[] { "", "?all=false", "?all=true&cause=denied", "?cause=", "/abc" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await DeleteAsync(stage, query)).Status);
        }

        foreach (var query in new[] { "?page_size=0", "?page_size=101", "?page_size=x", "?bookmark=x", "?bookmark=1-2-3" })
        {
            using var response = await stage.Client.GetAsync($"/v1/dead-letters{query}", Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }

        using var other = await stage.Client.PostAsync("/v1/dead-letters/replay", new StringContent("""{"all":true,"connector_id":"other"}""", Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal(["ca/one"], await stage.SubjectsAsync());
    }

    [Fact]
    public async Task Who_replays_and_deletes_how_many_is_logged_and_counted()
    {
        var log = new LogLines();
        await using var stage = await DeadLetterStage.StartAsync(node: null, more: log.Capture, configuration: LogLines.Settings);
        await stage.DieAsync("ca/one", "ca/two");
        await UntilAsync(async () => (await PrometheusText.ReadAsync(stage.Stage))["lamassu_connector_dead_letters_waiting"] == 2);

        await DeleteAsync(stage, $"/{await IdAsync(stage, "ca/one")}");
        stage.Fails = _ => null;
        await stage.ReplayAsync(new JsonObject { ["all"] = true });

        Assert.Contains(log.All, line => line.Contains("operator deleted 1 dead letters", StringComparison.Ordinal));
        Assert.Contains(log.All, line => line.Contains("operator replayed 1 dead letters", StringComparison.Ordinal));
        var metrics = await PrometheusText.ReadAsync(stage.Stage);
        Assert.Equal((1d, 1d), (metrics["lamassu_connector_dead_letters_deleted_total"], metrics["lamassu_connector_dead_letters_replayed_total"]));
        await UntilAsync(async () => (await PrometheusText.ReadAsync(stage.Stage))["lamassu_connector_dead_letters_waiting"] == 0);
    }

    private static async Task<string> IdAsync(DeadLetterStage stage, string subject) =>
        (await stage.ListAsync())["list"]!.AsArray().Single(letter => DeadLetterStage.Subject(letter) == subject)!["id"]!.GetValue<string>();

    private static async Task<(HttpStatusCode Status, JsonObject? Body)> DeleteAsync(DeadLetterStage stage, string path)
    {
        using var response = await stage.Client.DeleteAsync($"/v1/dead-letters{path}", Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject());
    }
}
