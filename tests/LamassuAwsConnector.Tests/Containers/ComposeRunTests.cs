using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Story;
using LamassuAwsConnector.Tests.Broker;
using LamassuAwsConnector.Tests.Infrastructure;
using RabbitMQ.Client;

namespace LamassuAwsConnector.Tests.Containers;

/// <summary>What a person does with the compose file, with a broker and the programs themselves in place of containers.</summary>
public sealed class ComposeRunTests(RabbitMqNode node, ITestOutputHelper output)
{
    private const string ConnectorId = "aws-iot-prod";
    private const string Key = $"lamassu.io/iot/{ConnectorId}";
    private const string Device = "meter-1";
    private const string OldQueue = $"#_aws-connector-{ConnectorId}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_CA_and_a_device_are_registered_by_event_and_by_request_and_Prometheus_counts_the_device()
    {
        await node.ConnectionAsync(Cancellation);
        output.WriteLine(ContainerProcess.Isolation);
        await using var run = new ComposeRun(("5672", node.Port));
        await run.StartAsync("stand-ins", Cancellation);
        await run.StartAsync("connector", Cancellation);
        await run.WhenWellAsync("connector", Cancellation);
        Assert.Contains("listen on every address of this machine", run.OutputOf("stand-ins"), StringComparison.Ordinal);
        using var connector = new HttpClient { BaseAddress = run.UrlOf("8085") };
        using var lamassu = new HttpClient();
        using var person = new LamassuOperator(run.UrlOf("18085"), run.UrlOf("18087"));

        var profile = await EnrolAsync(person);
        await WhenRegisteredAsync(run, lamassu);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(connector, $"/v1/devices/{Device}/register-aws")).Status);
        connector.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenIn(run.OutputOf("stand-ins")));
        Assert.Equal("already_registered", (string?)(await AskAsync(connector, $"/v1/devices/{Device}/register-aws")).Answer["status"]);
        await person.CreateCAAsync("other", "Other", profile, [], Cancellation);
        Assert.Equal("registered", (string?)(await AskAsync(connector, "/v1/cas/other/register-aws", ("primary_account", false))).Answer["status"]);

        connector.DefaultRequestHeaders.Authorization = null;
        Assert.Matches(@"(?m)^lamassu_aws_iot_devices_registered_total(\{\})? 1\b", await connector.GetStringAsync("/metrics", Cancellation));
        Assert.Equal(0, await run.StopAsync("connector", Cancellation));
        Assert.Equal(0, await run.StopAsync("stand-ins", Cancellation));
    }

    /// <summary>As the page for those who migrate says: what happened between the end of the existing connector and the start of this one is in its queue.</summary>
    [Fact]
    public async Task What_gathered_in_the_queue_of_the_existing_connector_is_moved_and_done()
    {
        await using var broker = await (await node.ConnectionAsync(Cancellation)).CreateConnectionAsync(Cancellation);
        await using var channel = await broker.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.ExchangeDeclareAsync("lamassu-events", ExchangeType.Topic, durable: true, cancellationToken: Cancellation);
        await channel.QueueDeclareAsync(OldQueue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        await channel.QueueBindAsync(OldQueue, "lamassu-events", "#", cancellationToken: Cancellation);
        await using var run = new ComposeRun(("5672", node.Port));
        await run.StartAsync("stand-ins", Cancellation);
        await run.WhenWellAsync("stand-ins", Cancellation);
        using var lamassu = new HttpClient();
        using var person = new LamassuOperator(run.UrlOf("18085"), run.UrlOf("18087"));
        await EnrolAsync(person);

        await run.StartAsync("connector", Cancellation);
        await run.WhenWellAsync("connector", Cancellation);
        while (await channel.BasicGetAsync(OldQueue, autoAck: true, Cancellation) is { } message)
        {
            var properties = new BasicProperties(message.BasicProperties);
            await channel.BasicPublishAsync("", $"lamassu-aws-connector.{ConnectorId}", mandatory: true, properties, message.Body, Cancellation);
        }

        await WhenRegisteredAsync(run, lamassu);
        await channel.QueueDeleteAsync(OldQueue, cancellationToken: Cancellation);
    }

    private static async Task<string> EnrolAsync(LamassuOperator person)
    {
        var profile = await person.CreateProfileAsync(Cancellation);
        var asks = new JsonObject { ["registration"] = new JsonObject { ["status"] = "REQUESTED", ["primary_account"] = true } };
        await person.CreateCAAsync("root", "Root", profile, new JsonObject { [Key] = asks }, Cancellation);
        await person.CreateDmsAsync("dms", "root", profile, Settings(), Cancellation);
        await person.EnrollAsync("dms", Device, Cancellation);
        return profile;
    }

    private static async Task WhenRegisteredAsync(ComposeRun run, HttpClient lamassu)
    {
        await Patience.UntilAsync(async () => (string?)(await NoteAsync(lamassu, run.UrlOf("18085"), "v1/cas/root"))?["registration"]!["status"] == "SUCCEEDED");
        await Patience.UntilAsync(async () => (bool?)(await NoteAsync(lamassu, run.UrlOf("18086"), $"v1/devices/{Device}"))?["thing_registered"] == true);
    }

    private static JsonObject Settings() => new()
    {
        [Key] = new JsonObject { ["registration_mode"] = "auto", ["groups"] = new JsonArray(), ["policies"] = new JsonArray() },
    };

    private static async Task<(HttpStatusCode Status, JsonObject Answer)> AskAsync(
        HttpClient connector, string path, params (string Key, JsonNode? Value)[] more)
    {
        var body = new JsonObject { ["connector_id"] = ConnectorId };
        foreach (var (key, value) in more)
        {
            body[key] = value;
        }

        using var response = await connector.PostAsJsonAsync(path, body, Cancellation);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!);
    }

    private static async Task<JsonObject?> NoteAsync(HttpClient lamassu, Uri service, string path) =>
        (await lamassu.GetFromJsonAsync<JsonObject>(new Uri(service, path), Cancellation))!["metadata"]?[Key] as JsonObject;

    private static string TokenIn(string output) =>
        output.Split('\n').Single(line => line.StartsWith("TOKEN=", StringComparison.Ordinal))["TOKEN=".Length..].Trim();
}
