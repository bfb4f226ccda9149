using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Core.Telemetry;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Tests.Security;

/// <summary>No secret in anything that comes out: logs of all categories at Trace, spans, metrics, answers, ends of events, dead letters' headers, notes in Lamassu.</summary>
public sealed class SecretsTests : IAsyncLifetime
{
    private const string CA = "ca-1";
    private const string Dms = "dms-1";
    private const string Device = "device-1";

    private readonly Canaries canaries = new();
    private readonly LogLines log = new();
    private readonly ConcurrentQueue<(string Where, string Text)> outputs = new();
    private readonly ActivityListener spans;
    private TestStage stage = null!;

    public SecretsTests()
    {
        spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name is ConnectorTelemetry.Name or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => Note("a span", string.Join(
                ' ', span.TagObjects.Concat(span.Events.SelectMany(happening => happening.Tags)).Select(tag => $"{tag.Key}={tag.Value}")
                    .Prepend($"{span.DisplayName} {span.StatusDescription} {span.TraceStateString}"))),
        };
        ActivitySource.AddActivityListener(spans);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        stage = await TestStage.StartAsync(Door.Http);
        stage.Stage.StandIns.Issuer.AddClient("connector", canaries["client secret"], ["pki-admin"]);
        await stage.Lamassu.CreateCAAsync(CA);
        await stage.Lamassu.CreateDmsAsync(Dms, CA, DmsMetadata());
        await stage.Lamassu.EnrollAsync(Dms, Device);
        await StartConnectorAsync(Capture);
    }

    public async ValueTask DisposeAsync()
    {
        spans.Dispose();
        await stage.DisposeAsync();
    }

    [Fact]
    public async Task Registrations_leak_nothing()
    {
        await PostAsync($"/v1/cas/{CA}/register-aws", Body("primary_account", true));
        await PostAsync($"/v1/devices/{Device}/register-aws", Body());
        await PostAsync($"/v1/devices/{Device}/register-aws", Body());
        await PublishEverythingAsync();

        Assert.Contains(outputs, output => output.Text.Contains("\"status\":\"registered\"", StringComparison.Ordinal));
        await AssertNothingLeakedAsync();
    }

    [Theory]
    [InlineData("InvalidRequestException", 400)]
    [InlineData("MalformedPolicyException", 400)]
    [InlineData("AccessDeniedException", 403)]
    [InlineData("SignatureDoesNotMatch", 403)]
    [InlineData("ThrottlingException", 429)]
    [InlineData("SomethingNewException", 418)]
    [InlineData("InternalFailureException", 500)]
    public async Task What_AWS_repeats_in_a_refusal_leaks_nothing(string error, int status)
    {
        await PostAsync($"/v1/cas/{CA}/register-aws", Body("primary_account", false));
        await stage.Stage.StandIns.AwsControl.SendAsync(
            HttpMethod.Post,
            "failures",
            new JsonObject
            {
                ["operation"] = "*",
                ["count"] = 100,
                ["error"] = error,
                ["status"] = status,
                ["message"] = $"No: {canaries.Echo} in {LamassuJson.Policy} {canaries["policy document"]}",
            },
            Cancellation);

        await PostAsync($"/v1/cas/{CA}/register-aws", Body("primary_account", true));
        await PostAsync($"/v1/devices/{Device}/register-aws", Body());
        await GetAsync($"/v1/devices/{Device}/shadow");
        await PublishEverythingAsync();

        Assert.Contains(outputs, output => output.Text.Contains(error, StringComparison.Ordinal));
        await AssertNothingLeakedAsync();
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(401, true)]
    [InlineData(404, true)]
    [InlineData(409, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(500, false)]
    [InlineData(503, true)]
    [InlineData(200, false)]
    [InlineData(302, true)]
    public async Task What_Lamassu_repeats_in_a_refusal_leaks_nothing(int status, bool asErr)
    {
        var echo = $"{canaries.Echo} {canaries["csr"]} {canaries.PrivateKey("private key in an answer")}";
        stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault
        {
            Status = status,
            Times = 1000,
            Body = asErr ? new JsonObject { ["err"] = $"could not do it: {echo}" }.ToJsonString() : $"<html>{echo}",
        });

        await PostAsync($"/v1/cas/{CA}/register-aws", Body("primary_account", true));
        await PostAsync($"/v1/devices/{Device}/register-aws", Body());
        await PublishEverythingAsync();

        Assert.Contains(outputs, output => output.Text.Contains("\"source\":\"lamassu\"", StringComparison.Ordinal));
        await AssertNothingLeakedAsync();
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("{{\"specversion\":\"1.0\",\"type\":\"{0}")]
    [InlineData("[\"{0}\"]")]
    [InlineData("{{\"specversion\":\"{0}\",\"type\":\"ca.create\"}}")]
    [InlineData("{{\"specversion\":\"1.0\",\"type\":\"ca.create\",\"data\":\"{0}\"}}")]
    [InlineData("{{\"specversion\":\"1.0\",\"type\":\"ca.create\",\"data\":{{\"id\":[\"{0}\"]}}}}")]
    [InlineData("{{\"specversion\":\"1.0\",\"type\":\"dms.bind-device-id\",\"data\":{{\"certificate\":{{\"certificate\":\"{0}\"}},\"device\":{{\"id\":\"a\"}}}}}}")]
    public async Task An_event_that_can_t_be_read_leaks_nothing(string body)
    {
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, body, canaries["event body"]);
        foreach (var key in new[] { "ca.create", "dms.bind-device-id", "certificate.status.update", "device.metadata.update" })
        {
            await PublishAsync(Encoding.UTF8.GetBytes(text), key);
        }

        Assert.Equal(4, outputs.Count(output => output.Where == "the end of an event"));
        await AssertNothingLeakedAsync();
    }

    [Fact]
    public async Task Callers_tokens_and_bodies_leak_nothing()
    {
        var issuer = stage.Stage.StandIns.Issuer;
        string[] more = [canaries["bearer token"], $"a.{canaries["bearer token"]}.c", Tokens.Good(issuer)];
        foreach (var token in Tokens.Bad(issuer).Select(bad => bad.Token).Concat(more))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/devices/{Device}/shadow");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            await SendAsync(request);
        }

        var planted = canaries["request body"];
        foreach (var body in new[] { planted, $"{{\"connector_id\":[\"{planted}\"]}}", $"{{\"connector_id\":\"x\",\"primary_account\":\"{planted}\"}}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/cas/{CA}/register-aws") { Content = new StringContent(body) };
            await SendAsync(request);
        }

        Assert.Contains(outputs, output => output.Text.Contains("token_expired", StringComparison.Ordinal));
        await AssertNothingLeakedAsync();
    }

    [Fact]
    public async Task Refused_credentials_of_our_own_leak_nothing()
    {
        stage.Stage.StandIns.Issuer.AddClient("connector", "another secret", []);
        await StartConnectorAsync(Capture, ("aws_config:secret_access_key", canaries["wrong aws secret"]));

        await PostAsync($"/v1/cas/{CA}/register-aws", Body("primary_account", true));
        await GetAsync($"/v1/devices/{Device}/shadow");
        await PublishEverythingAsync();

        await GetAsync($"/v1/cas/{CA}/aws");

        Assert.Contains(outputs, output => output.Text.Contains("lamassu_token_denied", StringComparison.Ordinal));
        Assert.Contains(outputs, output => output.Text.Contains("InvalidSignatureException", StringComparison.Ordinal));
        await AssertNothingLeakedAsync();
    }

    [Fact]
    public async Task A_broker_that_is_away_does_not_make_its_password_known()
    {
        await StartConnectorAsync(
            log.Capture,
            ("subscriber_event_bus:provider", "amqp"), ("subscriber_event_bus:hostname", "127.0.0.1"), ("subscriber_event_bus:port", "1"));

        await Patience.UntilAsync(() => log.All.Any(line => line.Contains("MassTransit", StringComparison.Ordinal) && line.Contains("127.0.0.1:1", StringComparison.Ordinal)));

        await AssertNothingLeakedAsync();
    }

    private JsonObject DmsMetadata()
    {
        var metadata = LamassuJson.AutoDms(LamassuJson.Lamassu3Key);
        var document = JsonNode.Parse(LamassuJson.Policy)!.AsObject();
        document["Id"] = canaries["policy document"];
        metadata[LamassuJson.Lamassu3Key]!["policies"]![0]!["policy_document"] = document.ToJsonString();
        metadata[LamassuJson.Lamassu3Key]!["shadow_config"] = new JsonObject { ["enable"] = true };
        return metadata;
    }

    private async Task StartConnectorAsync(Action<IServiceCollection> configure, params (string Key, string? Value)[] more)
    {
        var issuer = stage.Stage.StandIns.Issuer.Authority;
        await stage.RestartConnectorAsync(
            configure,
            [
                .. LogLines.Settings,
                ("aws_config:session_token", canaries["aws session token"]),
                ("ca_client:auth_mode", "jwt"),
                ("ca_client:jwt_options:oidc_client_id", "connector"),
                ("ca_client:jwt_options:oidc_client_secret", canaries["client secret"]),
                ("ca_client:jwt_options:oidc_well_known", $"{issuer}.well-known/openid-configuration"),
                ("device_manager_client:auth_mode", "apikey"),
                ("device_manager_client:apikey_options:header", "X-Api-Key"),
                ("device_manager_client:apikey_options:key", canaries["api key"]),
                ("subscriber_event_bus:basic_auth:enabled", "true"),
                ("subscriber_event_bus:basic_auth:username", "connector"),
                ("subscriber_event_bus:basic_auth:password", canaries["bus password"]),
                .. more,
            ]);
    }

    private void Capture(IServiceCollection services)
    {
        log.Capture(services);
        services.AddSingleton<IEventBus>(provider => new Watched(provider.GetRequiredService<InMemoryEventBus>(), outputs));
    }

    /// <summary>Events of each type that is handled, with secrets in all places where Lamassu's have them, and in some where they have not.</summary>
    private async Task PublishEverythingAsync()
    {
        // Some are tried without end while what they need is refused.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(3));
        var ends = new List<Task<EventEnd>>();
        foreach (var type in stage.Stage.Connector.Services.GetRequiredService<EventRoutes>().Types)
        {
            var kind = type.Split('.')[0];
            var id = kind switch { "ca" => CA, "certificate" => stage.CurrentSerial(Device), "dms" => Device, _ => Device };
            var changed = new JsonObject
            {
                ["id"] = id,
                ["serial_number"] = id,
                ["status"] = "ACTIVE",
                ["metadata"] = LamassuJson.Requested(LamassuJson.Lamassu3Key, primaryAccount: true),
                ["private_key"] = canaries.PrivateKey("private key in an event"),
                ["ca_private_key"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(canaries.PrivateKey("private key in an event"))),
                ["csr"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(canaries["csr"])),
                ["settings"] = new JsonObject
                {
                    ["enrollment_settings"] = new JsonObject
                    {
                        ["est_rfc7030_settings"] = new JsonObject
                        {
                            ["external_webhook"] = new JsonObject { ["auth_options"] = new JsonObject { ["api_key"] = canaries["webhook secret"] } },
                        },
                    },
                },
            };
            var bind = new JsonObject
            {
                ["certificate"] = stage.State.Find(LamassuKind.Certificate, stage.CurrentSerial(Device)),
                ["device"] = new JsonObject { ["id"] = Device },
                ["dms"] = changed.DeepClone(),
            };
            var data = kind == "dms" || type.Contains("bound", StringComparison.Ordinal)
                ? bind
                : new JsonObject { ["previous"] = changed.DeepClone(), ["updated"] = changed, ["id"] = id, ["serial_number"] = id };
            ends.Add(stage.PublishAsync(type, $"{kind}/{id}", data));
        }

        Task all = Task.WhenAll(ends);
        await all.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Cancellation.ThrowIfCancellationRequested();
        foreach (var end in ends.Where(end => end.IsCompletedSuccessfully))
        {
            Note("the end of an event", await end);
        }
    }

    private async Task PublishAsync(byte[] body, string routingKey) =>
        Note("the end of an event", await stage.Stage.Connector.PublishAsync(body, routingKey, new Dictionary<string, string>(), Cancellation));

    private static JsonObject Body(string? member = null, JsonNode? value = null)
    {
        var body = new JsonObject { ["connector_id"] = TestStage.ConnectorId };
        if (member is not null)
        {
            body[member] = value;
        }

        return body;
    }

    private async Task PostAsync(string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        await SendAsync(request);
    }

    private async Task GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        await SendAsync(request);
    }

    private async Task SendAsync(HttpRequestMessage request)
    {
        using var response = await stage.Connector.SendAsync(request, Cancellation);
        Note("an answer", $"{(int)response.StatusCode} {response.Headers} {await response.Content.ReadAsStringAsync(Cancellation)}");
    }

    private void Note(string where, object what) => outputs.Enqueue((where, $"{what}"));

    private async Task AssertNothingLeakedAsync()
    {
        Note("a note in Lamassu", $"{stage.Note(LamassuKind.CA, CA)?.ToJsonString()}");
        Note("a note in Lamassu", $"{stage.Note(LamassuKind.Device, Device)?.ToJsonString()}");
        Note("the metrics", await stage.Connector.GetStringAsync("/metrics", Cancellation));
        Assert.Contains(outputs, output => output.Where == "a span");
        var all = outputs.Concat(log.All.Select(line => ("the log", line))).ToList();
        Assert.All(
            new[] { "Microsoft.AspNetCore.Hosting", "System.Net.Http.HttpClient", "MassTransit", "LamassuAwsConnector.Core" },
            category => Assert.True(stage.Stage.Connector.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(LogLevel.Trace)));

        canaries.AssertNoneIn(all);
        foreach (var (where, text) in all)
        {
            // Also those that nobody planted: every JWT begins so, and every key in PEM.
            Assert.False(text.Contains("eyJ", StringComparison.Ordinal), $"A token in {where}: {text}");
            Assert.False(text.Contains("PRIVATE KEY", StringComparison.Ordinal), $"A key in {where}: {text}");
            Assert.False(text.Contains("\"Statement\"", StringComparison.Ordinal), $"A policy document in {where}: {text}");
        }
    }

    /// <summary>The bus in memory; what would be a dead letter's headers on a broker is looked at.</summary>
    private sealed class Watched(IEventBus bus, ConcurrentQueue<(string Where, string Text)> outputs) : IEventBus
    {
        public Task DeliverLaterAsync(ReceivedEvent received, IReadOnlyDictionary<string, string> headers, TimeSpan delay, CancellationToken cancellationToken)
        {
            Look("the headers of a later delivery", headers);
            return bus.DeliverLaterAsync(received, headers, delay, cancellationToken);
        }

        public Task DeadLetterAsync(ReceivedEvent received, DeadLetter letter, CancellationToken cancellationToken)
        {
            Look("the headers of a dead letter", DeadLetterHeaders.Of(received, letter, "queue"));
            return bus.DeadLetterAsync(received, letter, cancellationToken);
        }

        public Task SendToFleetQueueAsync(
            ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, ReceivedEvent? cause, CancellationToken cancellationToken)
        {
            Look("the headers of a message for the fleet", headers);
            return bus.SendToFleetQueueAsync(body, headers, cause, cancellationToken);
        }

        public void Ended(ReceivedEvent received, EventEnd end) => bus.Ended(received, end);

        private void Look(string where, IReadOnlyDictionary<string, string> headers) =>
            outputs.Enqueue((where, string.Join('\n', headers.Select(header => $"{header.Key}: {header.Value}"))));
    }
}
