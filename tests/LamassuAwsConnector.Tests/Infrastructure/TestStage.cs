using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using Amazon.IotData;
using Amazon.IotData.Model;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Sandbox.Story;
using LamassuAwsConnector.Tests.Builders;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.Infrastructure;

/// <summary>The door that a scenario comes through.</summary>
public enum Door
{
    Event,
    Http,
}

/// <summary>
/// The real connector against the sandbox's stand-ins. What Lamassu publishes reaches the connector only where a test wants the door of events; time in
/// retries is short, everything else as in production.
/// </summary>
internal sealed class TestStage : IAsyncDisposable
{
    public const string ConnectorId = "aws-iot-test";
    public const string Region = "eu-west-1";
    public const string Account = "123456789012";

    private static readonly Dictionary<string, string?> Quick = new()
    {
        ["event_retries:pause"] = "00:00:00",
        ["event_retries:delays:0"] = "00:00:00.010",
        ["event_retries:delays:1"] = "00:00:00.010",
        ["event_retries:delays:2"] = "00:00:00.010",
        ["logs:level"] = "none",
    };

    // Making an RSA key takes a third of a second of the processor.
    public static readonly string IssuerKey = RSA.Create(2048).ExportPkcs8PrivateKeyPem();

    private TestStage(Stage stage)
    {
        Stage = stage;
        Connector = new HttpClient { BaseAddress = stage.Connector.Url };
        Connector.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stage.StandIns.OperatorToken());
        Lamassu = new LamassuHttp(stage.StandIns.Lamassu, stage.Operator);
    }

    public Stage Stage { get; }

    /// <summary>With the token of somebody who may do everything.</summary>
    public HttpClient Connector { get; }

    public LamassuHttp Lamassu { get; }

    public LamassuState State => Stage.StandIns.Lamassu.State;

    public IAmazonIoT IoT => Stage.IoT;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<TestStage> StartAsync(Door door, params (string Key, string? Value)[] configuration) => StartAsync(door, configure: null, configuration);

    public static async Task<TestStage> StartAsync(Door door, Action<IServiceCollection>? configure, params (string Key, string? Value)[] configuration)
    {
        var extra = With(configuration);
        var settings = new StandInSettings { ConnectorId = ConnectorId, Region = Region, Account = Account, PublishesEvents = door == Door.Event, IssuerKeyPem = IssuerKey };
        var stage = new TestStage(await Stage.StartAsync(settings, port: 0, extra, Cancellation, configure));

        // What the start itself asks has a test of its own.
        await stage.ForgetCallsAsync();
        return stage;
    }

    /// <summary>A connector that remembers nothing of before.</summary>
    public Task RestartConnectorAsync(params (string Key, string? Value)[] configuration) => RestartConnectorAsync(configure: null, configuration);

    public async Task RestartConnectorAsync(Action<IServiceCollection>? configure, (string Key, string? Value)[] configuration)
    {
        var extra = With(configuration);
        await Stage.StartConnectorAsync(Connector.BaseAddress!.Port, extra, Cancellation, configure);
    }

    /// <summary>Another connector beside the first, against the same stand-ins, for whoever started it to end. Lamassu's events do not reach it.</summary>
    public Task<RunningConnector> StartAnotherConnectorAsync(params (string Key, string? Value)[] configuration)
    {
        var all = Stage.StandIns.ConnectorConfiguration();
        foreach (var (key, value) in With(configuration))
        {
            all[key] = value;
        }

        return RunningConnector.StartAsync(port: 0, all, Cancellation);
    }

    private static Dictionary<string, string?> With((string Key, string? Value)[] configuration)
    {
        var all = new Dictionary<string, string?>(Quick);
        if (configuration.Contains(("subscriber_event_bus:provider", "amqp")))
        {
            // Less is refused on a broker.
            all["event_retries:delays:2"] = "00:00:01";
        }

        foreach (var (key, value) in configuration)
        {
            all[key] = value;
        }

        return all;
    }

    public Task WhenQuietAsync() => Stage.WhenQuietAsync(Cancellation);

    /// <summary>All calls to AWS but those of the health check, which comes when it comes.</summary>
    public async Task<IReadOnlyList<ObservedCall>> AwsCallsAsync() =>
        [.. (await Stage.StandIns.AwsControl.CallsAsync(Cancellation)).Where(call => call.Operation != "GetCallerIdentity")];

    /// <summary>The operations that were called in AWS, in order, without reads.</summary>
    public async Task<IReadOnlyList<string>> AwsWritesAsync() =>
        [.. (await AwsCallsAsync()).Select(call => call.Operation).Where(operation => !IsRead(operation))];

    public async Task ForgetCallsAsync()
    {
        await WhenQuietAsync();
        await Stage.StandIns.AwsControl.ForgetCallsAsync(Cancellation);
        Stage.StandIns.Lamassu.ForgetCalls();
    }

    /// <summary>The connector's own calls to Lamassu since the last <see cref="ForgetCallsAsync"/>: <c>GET /v1/devices/…</c>.</summary>
    public IReadOnlyList<string> LamassuCalls() =>
    [
        .. Stage.StandIns.Lamassu.Calls
            .Where(call => call.Source == $"service/awsiot-connector/{ConnectorId}" && call.PathAndQuery != "/health")
            .Select(call => $"{call.Method} {call.PathAndQuery}"),
    ];

    /// <param name="after">So many calls of the operation still pass.</param>
    public Task FailAwsAsync(string operation, int count, string error, int? status = null, int after = 0)
    {
        var failure = new JsonObject { ["operation"] = operation, ["count"] = count, ["after"] = after, ["error"] = error };
        if (status is not null)
        {
            failure["status"] = status;
        }

        return Stage.StandIns.AwsControl.SendAsync(HttpMethod.Post, "failures", failure, Cancellation);
    }

    public async Task<HttpResponseMessage> PostAsync(string path, JsonNode body) => await Connector.PostAsJsonAsync(path, body, Cancellation);

    /// <summary>Publishes an event as Lamassu would, and returns how it ended.</summary>
    public Task<EventEnd> PublishAsync(
        string type,
        string subject,
        JsonObject data,
        string source = "source://lamassu.io/ctx/source/service/ra",
        string time = "2026-11-26T10:00:00.123456789Z",
        string? traceParent = null)
    {
        var body = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = "unknown",
            ["source"] = source,
            ["type"] = type,
            ["subject"] = subject,
            ["datacontenttype"] = "application/json",
            ["time"] = time,
            ["data"] = data,
        };
        var headers = traceParent is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["traceparent"] = traceParent };
        return Stage.Connector.PublishAsync(Encoding.UTF8.GetBytes(body.ToJsonString()), type, headers, Cancellation);
    }

    /// <summary>Publishes the bind of a certificate to a device.</summary>
    public Task<EventEnd> PublishBindAsync(
        string deviceId, string serialNumber, string type = "dms.bind-device-id", string? traceParent = null) => PublishAsync(
        type,
        $"device/{deviceId}",
        new JsonObject { ["certificate"] = State.Find(LamassuKind.Certificate, serialNumber), ["device"] = new JsonObject { ["id"] = deviceId } },
        traceParent: traceParent);

    public string CurrentSerial(string deviceId)
    {
        var slot = State.Find(LamassuKind.Device, deviceId)!["identity"]!;
        return slot["versions"]![slot["active_version"]!.ToJsonString()]!.GetValue<string>();
    }

    public string CertificateId(string serialNumber) => CertificateIds.Of(State.Find(LamassuKind.Certificate, serialNumber)!);

    public string CAId(string caId) => CertificateIds.Of(State.Find(LamassuKind.CA, caId)!["certificate"]!.AsObject());

    public async Task<string?> CertificateStatusAsync(string serialNumber) => await FindAsync(async () =>
        (await IoT.DescribeCertificateAsync(new DescribeCertificateRequest { CertificateId = CertificateId(serialNumber) }, Cancellation)).CertificateDescription.Status.Value);

    public Task<CACertificateDescription?> DescribeCAAsync(string caId) => FindAsync(async () =>
        (await IoT.DescribeCACertificateAsync(new DescribeCACertificateRequest { CertificateId = CAId(caId) }, Cancellation)).CertificateDescription);

    /// <summary>The CA certificate of that id with the template that it runs; null when it is not registered.</summary>
    public Task<DescribeCACertificateResponse?> DescribeCACertificateAsync(string certificateId) => FindAsync(() =>
        IoT.DescribeCACertificateAsync(new DescribeCACertificateRequest { CertificateId = certificateId }, Cancellation));

    public Task<DescribeThingResponse?> DescribeThingAsync(string thing) =>
        FindAsync(() => IoT.DescribeThingAsync(new DescribeThingRequest { ThingName = thing }, Cancellation));

    /// <summary>The ids of the certificates attached to the thing; empty when there is no thing.</summary>
    public async Task<IReadOnlyList<string>> AttachedAsync(string thing) =>
        await FindAsync(async () => (IReadOnlyList<string>)[.. ((await IoT.ListThingPrincipalsAsync(
            new ListThingPrincipalsRequest { ThingName = thing }, Cancellation)).Principals ?? []).Select(arn => arn.Split('/')[1])]) ?? [];

    public async Task<IReadOnlyList<string>> PoliciesAsync(string serialNumber) => [.. ((await IoT.ListAttachedPoliciesAsync(
        new ListAttachedPoliciesRequest { Target = $"arn:aws:iot:{Region}:{Account}:cert/{CertificateId(serialNumber)}" }, Cancellation)).Policies ?? []).Select(policy => policy.PolicyName)];

    public async Task<IReadOnlyList<string>> GroupsAsync(string thing) => [.. ((await IoT.ListThingGroupsForThingAsync(
        new ListThingGroupsForThingRequest { ThingName = thing }, Cancellation)).ThingGroups ?? []).Select(group => group.GroupName)];

    /// <summary>Writes to a thing's classic shadow as the device or another program would.</summary>
    public async Task WriteShadowAsync(string thing, string document)
    {
        using var data = new AmazonIotDataClient(
            StandInSettings.AccessKeyId, StandInSettings.AccessKeyId, new AmazonIotDataConfig { ServiceURL = Stage.StandIns.Aws.Url.ToString(), AuthenticationRegion = Region });
        await data.UpdateThingShadowAsync(
            new UpdateThingShadowRequest { ThingName = thing, Payload = new MemoryStream(Encoding.UTF8.GetBytes(document)) }, Cancellation);
    }

    /// <summary>This connector's data on an object, under either key.</summary>
    public JsonObject? Note(LamassuKind kind, string id) => State.Find(kind, id)?["metadata"] is JsonObject metadata
        ? (metadata[LamassuJson.Lamassu3Key] ?? metadata[LamassuJson.DocumentedKey]) as JsonObject
        : null;

    public async ValueTask DisposeAsync()
    {
        Connector.Dispose();
        Lamassu.Dispose();
        await Stage.DisposeAsync();
    }

    private static bool IsRead(string operation) =>
        operation.StartsWith("Describe", StringComparison.Ordinal) || operation.StartsWith("Get", StringComparison.Ordinal) || operation.StartsWith("List", StringComparison.Ordinal);

    private static async Task<T?> FindAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (Amazon.IoT.Model.ResourceNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>What people and devices ask of Lamassu, over its routes.</summary>
internal sealed class LamassuHttp(LamassuStandIn lamassu, LamassuOperator device) : IDisposable
{
    private readonly HttpClient client = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<string> CreateProfileAsync() => (await PostAsync(new Uri(lamassu.CAUrl, "/v1/profiles"), LamassuJson.Profile()))["id"]!.GetValue<string>();

    public async Task CreateCAAsync(string id, JsonObject? metadata = null, string? parent = null)
    {
        var request = LamassuJson.CreateCA(id, metadata, await CreateProfileAsync());
        if (parent is not null)
        {
            request["parent_id"] = parent;
            request["ca_expiration"]!["duration"] = "5y";
        }

        await PostAsync(new Uri(lamassu.CAUrl, "/v1/cas"), request);
    }

    public async Task CreateDmsAsync(string id, string enrollmentCA, JsonObject? metadata, bool revokeOnReenrollment = true) => await PostAsync(
        new Uri(lamassu.DmsManagerUrl, "/v1/dms"), LamassuJson.CreateDms(id, enrollmentCA, metadata, await CreateProfileAsync(), revokeOnReenrollment));

    public Task PutDmsAsync(JsonObject dms) => SendAsync(HttpMethod.Put, new Uri(lamassu.DmsManagerUrl, $"/v1/dms/{dms["id"]}"), dms);

    public Task PatchCAAsync(string caId, JsonObject patches) => SendAsync(HttpMethod.Put, new Uri(lamassu.CAUrl, $"/v1/cas/{caId}/metadata"), patches);

    public Task PatchDeviceAsync(string deviceId, JsonObject patches) =>
        SendAsync(HttpMethod.Put, new Uri(lamassu.DeviceManagerUrl, $"/v1/devices/{deviceId}/metadata"), patches);

    public Task SetCertificateStatusAsync(string serialNumber, string status, string reason = "Unspecified") => SendAsync(
        HttpMethod.Put,
        new Uri(lamassu.CAUrl, $"/v1/certificates/{serialNumber}/status"),
        new JsonObject { ["status"] = status, ["revocation_reason"] = reason });

    public Task SetCAStatusAsync(string caId, string status, string reason = "Unspecified") => SendAsync(
        HttpMethod.Post, new Uri(lamassu.CAUrl, $"/v1/cas/{caId}/status"), new JsonObject { ["status"] = status, ["revocation_reason"] = reason });

    public Task ReissueCAAsync(string caId) => SendAsync(HttpMethod.Post, new Uri(lamassu.CAUrl, $"/v1/cas/{caId}/reissue"), []);

    public Task DeleteCAAsync(string caId) => SendAsync(HttpMethod.Delete, new Uri(lamassu.CAUrl, $"/v1/cas/{caId}"), body: null);

    public Task DecommissionAsync(string deviceId) =>
        SendAsync(HttpMethod.Delete, new Uri(lamassu.DeviceManagerUrl, $"/v1/devices/{deviceId}/decommission"), body: null);

    public Task DeleteDeviceAsync(string deviceId) => SendAsync(HttpMethod.Delete, new Uri(lamassu.DeviceManagerUrl, $"/v1/devices/{deviceId}"), body: null);

    public Task EnrollAsync(string dmsId, string deviceId) => device.EnrollAsync(dmsId, deviceId, Cancellation);

    public Task ReenrollAsync(string dmsId, string deviceId) => device.ReenrollAsync(dmsId, deviceId, Cancellation);

    public Task<JsonObject> PostAsync(Uri url, JsonObject body) => SendAsync(HttpMethod.Post, url, body);

    public void Dispose() => client.Dispose();

    private async Task<JsonObject> SendAsync(HttpMethod method, Uri url, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await client.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{method} {url} {(int)response.StatusCode}: {text}");
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }
}
