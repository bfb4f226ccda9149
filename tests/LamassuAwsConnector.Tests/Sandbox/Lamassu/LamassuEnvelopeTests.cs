using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed partial class LamassuEnvelopeTests : IAsyncLifetime
{
    private LamassuHarness lamassu = null!;

    public async ValueTask InitializeAsync() => lamassu = await LamassuHarness.StartAsync();

    public ValueTask DisposeAsync() => lamassu.DisposeAsync();

    [Fact]
    public async Task A_message_is_a_compact_event_with_text_headers_and_nine_digits_of_time()
    {
        await lamassu.CreateProfileAsync(new JsonObject { ["description"] = "a < b & c > d, \"quoted\", ñ" });

        var message = lamassu.Published.First();
        Assert.Equal("profile.issuance.create", message.RoutingKey);
        Assert.Matches(Envelope, message.Raw);
        Assert.Contains("a \\u003c b \\u0026 c \\u003e d, \\\"quoted\\\", ñ", message.Raw, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message.Raw);
        Assert.Equal(message.Id, message.Headers["_watermill_message_uuid"]);
        Assert.Equal(2, message.Headers.Count);

        // The producer's span is in the trace of the event, but not its span.
        var traceParent = message.Headers["traceparent"].Split('-');
        Assert.Equal(["00", message.TraceId!, "00"], [traceParent[0], traceParent[1], traceParent[3]]);
        Assert.NotEqual((string)message.Envelope["spanid"]!, traceParent[2]);
    }

    [Theory]
    [InlineData("service/awsiot-connector/aws.1", "service/awsiot-connector/aws.1")]
    [InlineData("source://lamassu.io/ctx/source/service/x", "source://lamassu.io/ctx/source/service/x")]
    [InlineData("", "service/ca")]
    public async Task The_source_of_an_event_is_what_the_caller_says_it_is(string header, string source)
    {
        await lamassu.CA("POST", "/v1/profiles", LamassuBodies.Profile(), ("x-lms-source", header));

        Assert.All(lamassu.Published, message => Assert.Equal($"source://lamassu.io/ctx/source/{source}", (string?)message.Envelope["source"]));
        Assert.Equal(2, lamassu.Published.Count);
    }

    [Fact]
    public async Task A_trace_goes_on_through_nested_calls_and_through_the_bus_but_the_source_does_not()
    {
        var serialNumber = await lamassu.EnrolAsync("dev-1");
        const string Trace = "0af7651916cd43dd8448eb211c80319c";

        await lamassu.CA(
            "PUT",
            $"/v1/certificates/{serialNumber}/status",
            LamassuBodies.Status("REVOKED", "KeyCompromise"),
            ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"),
            ("x-lms-source", "service/mine"));
        await lamassu.StandIn.WhenQuietAsync();

        Assert.Equal(["certificate.status.update", "device.status.update", "device.identity.update"], lamassu.EventTypes);
        Assert.All(lamassu.Published, message => Assert.Equal(Trace, message.TraceId));
        Assert.Equal(["service/mine", "eventbus-unknown", "eventbus-unknown"], lamassu.Events.Select(message => message.Source));
    }

    [Fact]
    public async Task An_event_and_its_audit_record_have_the_same_id_and_only_the_event_a_subject()
    {
        await lamassu.CreateCAAsync("ca");

        var created = lamassu.Published.Single(message => message.Type == "ca.create");
        var record = lamassu.Published.Single(message => message.Type == "audit.ca.create");
        Assert.Equal(created.Id, record.Id);
        Assert.Equal("ca/ca", created.Subject);
        Assert.Null(record.Subject);
        Assert.True(JsonNode.DeepEquals(created.Data, record.Data["output"]));
    }

    [Fact]
    public async Task The_caller_of_a_bearer_token_is_named_without_the_token_being_checked()
    {
        var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes("""{"sub":"operator","a":1}"""));

        await lamassu.CA("POST", "/v1/profiles", LamassuBodies.Profile(), ("Authorization", $"Bearer x.{claims}.y"));

        var envelope = lamassu.Published.First().Envelope;
        Assert.Equal(("jwt", "operator"), ((string?)envelope["authtype"], (string?)envelope["authid"]));
        Assert.Equal("""{"a":1,"sub":"operator"}""", (string?)envelope["authclaims"]);
        Assert.Equal(["authclaims", "authid", "authtype", "spanid", "traceid"], envelope.Select(member => member.Key).TakeLast(5));
    }

    [Fact]
    public async Task A_message_that_cannot_be_published_is_lost_and_the_change_stands()
    {
        await using var standIn = await LamassuAwsConnector.Sandbox.Lamassu.LamassuStandIn.StartAsync(
            new() { CAPort = 0, DeviceManagerPort = 0, DmsManagerPort = 0 },
            (_, _, _, _) => throw new InvalidOperationException("no broker"),
            lamassu.Time,
            TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        using var body = new StringContent(LamassuBodies.Profile().ToJsonString());

        using var response = await http.PostAsync(new Uri(standIn.CAUrl, "/v1/profiles"), body, TestContext.Current.CancellationToken);

        Assert.Equal(201, (int)response.StatusCode);
        Assert.Single(standIn.State.All(LamassuAwsConnector.Sandbox.Lamassu.LamassuKind.Profile));
    }

    [GeneratedRegex("""
        ^\{"specversion":"1\.0","id":"[0-9a-f]{32}-[0-9a-f]{16}","source":"[^"]+","type":"[^"]+","subject":"[^"]+","datacontenttype":"application/json",
        "time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z","data":\{.*\},"spanid":"[0-9a-f]{16}","traceid":"[0-9a-f]{32}"\}$
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Envelope { get; }
}
