using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using Microsoft.Extensions.Time.Testing;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>A stand-in on free ports with a clock that stands still, what it published, and short ways to ask it.</summary>
internal sealed class LamassuHarness : IAsyncDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private LamassuHarness(FakeTimeProvider time) => Time = time;

    public FakeTimeProvider Time { get; }

    public LamassuStandIn StandIn { get; private set; } = null!;

    public ConcurrentQueue<PublishedEvent> Published { get; } = new();

    public ConcurrentQueue<Answer> Answers { get; } = new();

    /// <summary>The events without the audit records.</summary>
    public IReadOnlyList<PublishedEvent> Events => [.. Published.Where(message => !message.Type.StartsWith("audit.", StringComparison.Ordinal))];

    public IEnumerable<string> EventTypes => Events.Select(message => message.Type);

    public string ProfileId { get; private set; } = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<LamassuHarness> StartAsync(LamassuStandInOptions? options = null)
    {
        var harness = new LamassuHarness(new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)));
        harness.StandIn = await LamassuStandIn.StartAsync(
            (options ?? new LamassuStandInOptions()) with { CAPort = 0, DeviceManagerPort = 0, DmsManagerPort = 0 },
            (body, routingKey, headers, _) =>
            {
                harness.Published.Enqueue(new PublishedEvent(Encoding.UTF8.GetString(body.Span), routingKey, headers));
                return Task.CompletedTask;
            },
            harness.Time,
            Cancelled);
        return harness;
    }

    public Task<Answer> CA(string method, string path, JsonNode? body = null, params (string Name, string Value)[] headers) =>
        SendAsync("ca", StandIn.CAUrl, method, path, Json(body), headers);

    public Task<Answer> CARaw(string method, string path, string body) =>
        SendAsync("ca", StandIn.CAUrl, method, path, new StringContent(body, Encoding.UTF8, "application/json"), []);

    public Task<Answer> Devices(string method, string path, JsonNode? body = null, params (string Name, string Value)[] headers) =>
        SendAsync("device-manager", StandIn.DeviceManagerUrl, method, path, Json(body), headers);

    public Task<Answer> Dms(string method, string path, JsonNode? body = null, params (string Name, string Value)[] headers) =>
        SendAsync("dms-manager", StandIn.DmsManagerUrl, method, path, Json(body), headers);

    public Task<Answer> EstAsync(string dmsId, string operation, string commonName, string accept = "application/x-pem-file")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        var content = new StringContent(Convert.ToBase64String(csr));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/pkcs10");
        return SendAsync("dms-manager", StandIn.DmsManagerUrl, "POST", $"/.well-known/est/{dmsId}/{operation}", content, [("accept", accept)]);
    }

    public async Task<string> CreateProfileAsync(JsonObject? changes = null)
    {
        var answer = await CA("POST", "/v1/profiles", LamassuBodies.Profile(changes));
        Assert.Equal(201, answer.Status);
        ProfileId = (string)answer.Json["id"]!;
        return ProfileId;
    }

    public async Task<JsonObject> CreateCAAsync(string id, string parent = "", JsonObject? changes = null)
    {
        if (ProfileId.Length == 0)
        {
            await CreateProfileAsync();
        }

        var answer = await CA("POST", "/v1/cas", LamassuBodies.CA(id, ProfileId, parent, changes));
        Assert.Equal(201, answer.Status);
        return answer.Json;
    }

    /// <summary>A CA, a DMS that enrols with it, and one enrolled device; the events so far are forgotten.</summary>
    public async Task<string> EnrolAsync(string deviceId, JsonObject? dmsSettings = null)
    {
        if (StandIn.State.Find(LamassuKind.Dms, "dms") is null)
        {
            await CreateCAAsync("ca");
            Assert.Equal(201, (await Dms("POST", "/v1/dms", LamassuBodies.Dms("dms", "ca", ProfileId, dmsSettings))).Status);
        }

        Assert.Equal(200, (await EstAsync("dms", "simpleenroll", deviceId)).Status);
        Published.Clear();
        return SerialNumberOf(deviceId);
    }

    /// <summary>The serial number of the device's active version.</summary>
    public string SerialNumberOf(string deviceId)
    {
        var slot = StandIn.State.Find(LamassuKind.Device, deviceId)!["identity"]!;
        return (string)slot["versions"]![slot["active_version"]!.ToString()]!;
    }

    public async Task<string> SignAsync(string caId, string commonName, JsonObject? profile = null)
    {
        var answer = await CA("POST", $"/v1/cas/{caId}/certificates/sign", LamassuBodies.Sign(LamassuBodies.Csr(commonName), profile));
        Assert.Equal(201, answer.Status);
        return (string)answer.Json["serial_number"]!;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await StandIn.DisposeAsync();
    }

    private static StringContent? Json(JsonNode? body) => body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");

    private async Task<Answer> SendAsync(
        string service, Uri url, string method, string path, HttpContent? content, IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(url, path)) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        Answer answer;
        try
        {
            using var response = await http.SendAsync(request, Cancelled);
            var text = await response.Content.ReadAsStringAsync(Cancelled);
            answer = new Answer(service, method, path, (int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), text)
            {
                Location = response.Headers.Location?.ToString(),
            };
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.Unknown)
        {
            answer = new Answer(service, method, path, Answer.Dropped, null, "");
        }

        Answers.Enqueue(answer);
        return answer;
    }
}

/// <summary>An answer of a stand-in.</summary>
internal sealed record Answer(string Service, string Method, string Path, int Status, string? ContentType, string Text)
{
    /// <summary>The status of a request whose connection was closed without an answer.</summary>
    public const int Dropped = 0;

    public string? Location { get; init; }

    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string? Error => (string?)Json["err"];

    public IReadOnlyList<string> Ids => [.. Json["list"]!.AsArray().Select(row => (string?)row!["id"] ?? (string)row["serial_number"]!)];
}

/// <summary>A message that a stand-in published.</summary>
internal sealed record PublishedEvent(string Raw, string RoutingKey, IReadOnlyDictionary<string, string> Headers)
{
    public JsonObject Envelope { get; } = JsonNode.Parse(Raw)!.AsObject();

    public string Type => (string)Envelope["type"]!;

    public string Id => (string)Envelope["id"]!;

    public string? Subject => (string?)Envelope["subject"];

    /// <summary>The name behind the fixed beginning.</summary>
    public string Source => ((string)Envelope["source"]!).Replace("source://lamassu.io/ctx/source/", "", StringComparison.Ordinal);

    public string? TraceId => (string?)Envelope["traceid"];

    public JsonObject Data => Envelope["data"]!.AsObject();

    public JsonObject Previous => Data["previous"]!.AsObject();

    public JsonObject Updated => Data["updated"]!.AsObject();
}
