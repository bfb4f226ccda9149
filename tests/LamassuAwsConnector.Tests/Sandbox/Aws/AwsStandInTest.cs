using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Aws;
using Microsoft.Extensions.Time.Testing;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

/// <summary>A stand-in for each test, called with plain HTTP.</summary>
public abstract class AwsStandInTest : IAsyncLifetime
{
    internal const string Region = "eu-west-1";

    internal const string PolicyText = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]}""";

    private AwsStandIn? standIn;

    private HttpClient? http;

    internal static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 14, 0, 0, TimeSpan.Zero));

    internal DateTimeOffset Now => Time.GetUtcNow();

    internal Uri Url => standIn!.Url;

    internal HttpClient Http => http!;

    public async ValueTask InitializeAsync()
    {
        standIn = await AwsStandIn.StartAsync(new AwsStandInOptions { Port = 0 }, Time, Cancelled);
        http = new HttpClient { BaseAddress = Url };
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (standIn is not null)
        {
            await standIn.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    internal static string Arn(string resource) => $"arn:aws:iot:{Region}:123456789012:{resource}";

    /// <param name="requestLine">Method, path and query as they travel.</param>
    /// <param name="body">JSON, or text that is sent as it is.</param>
    /// <param name="principal">The header of the operations about principals.</param>
    /// <param name="service">The signing scope's service.</param>
    /// <param name="region">The signing scope's region.</param>
    internal async Task<AwsAnswered> CallAsync(
        string requestLine,
        object? body = null,
        string? principal = null,
        string service = "iot",
        string region = Region
    )
    {
        using var request = Request(requestLine, body, out var bytes);
        if (principal is not null)
        {
            request.Headers.Add("x-amzn-principal", principal);
        }

        new SigV4Signer("testing", "testing", region, service).Sign(request, bytes, TimeProvider.System.GetUtcNow());
        return await SendAsync(request);
    }

    internal Task<AwsAnswered> DataAsync(string requestLine, object? body = null) => CallAsync(requestLine, body, service: "iotdata");

    internal HttpRequestMessage Request(string requestLine, object? body, out byte[] bytes)
    {
        var parts = requestLine.Split(' ');
        // The constructor with the flag keeps percent-encoding as written.
        var request = new HttpRequestMessage(
            new HttpMethod(parts[0]),
            new Uri(Url.GetLeftPart(UriPartial.Authority) + parts[1], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })
        );
        bytes = body is null ? [] : Encoding.UTF8.GetBytes(body is JsonNode json ? json.ToJsonString() : body.ToString()!);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    internal async Task<AwsAnswered> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request, Cancelled);
        return new AwsAnswered(
            (int)response.StatusCode,
            response.Headers.TryGetValues("x-amzn-ErrorType", out var errors) ? errors.Single() : null,
            response.Headers.TryGetValues("x-amzn-requestid", out var ids) ? ids.Single() : null,
            await response.Content.ReadAsStringAsync(Cancelled)
        );
    }

    internal async Task<(int Status, JsonObject Body)> ControlAsync(string requestLine, object? body = null)
    {
        var parts = requestLine.Split(' ');
        using var request = Request($"{parts[0]} /_control/{parts[1]}", body, out _);
        using var response = await Http.SendAsync(request, Cancelled);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancelled))!.AsObject());
    }

    internal async Task<JsonObject> SwitchAsync(string requestLine, object? body = null)
    {
        var (status, answer) = await ControlAsync(requestLine, body);
        Assert.True(status == 200, answer.ToJsonString());
        return answer;
    }

    /// <summary>Lets made time pass until a call is over: it may not wait yet when the time is first advanced.</summary>
    internal async Task<T> WithTimePassingAsync<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            Cancelled.ThrowIfCancellationRequested();
            Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        return await call;
    }

    internal async Task<JsonObject> StateAsync() => await SwitchAsync($"GET state?region={Region}");

    internal async Task<string> RegistrationCodeAsync() => (await CallAsync("GET /registrationcode")).Succeeded()["registrationCode"]!;

    internal async Task<AwsAnswered> RegisterCAAsync(TestCA ca, string query = "?setAsActive=true", JsonObject? registrationConfig = null)
    {
        var body = new JsonObject
        {
            ["caCertificate"] = ca.Pem,
            ["verificationCertificate"] = ca.Issue($"CN={await RegistrationCodeAsync()}", Now.AddHours(-1)).Pem,
        };
        if (registrationConfig is not null)
        {
            body["registrationConfig"] = registrationConfig;
        }

        return await CallAsync($"POST /cacertificate{query}", body);
    }

    internal async Task<TestCA> ActiveCAAsync(string query = "?setAsActive=true", JsonObject? registrationConfig = null)
    {
        var ca = TestCA.Create(Now);
        (await RegisterCAAsync(ca, query, registrationConfig)).Succeeded();
        return ca;
    }

    internal Task<AwsAnswered> RegisterAsync(TestCertificate certificate, string status = "ACTIVE") =>
        CallAsync("POST /certificate/register", new JsonObject { ["certificatePem"] = certificate.Pem, ["status"] = status });

    /// <summary>A certificate of a CA of its own, registered; its ARN.</summary>
    internal async Task<string> CertificateAsync(string status = "ACTIVE")
    {
        using var ca = TestCA.Create(Now);
        var certificate = ca.Issue("CN=device", Now.AddHours(-1));
        var body = new JsonObject { ["certificatePem"] = certificate.Pem, ["status"] = status };
        return (await CallAsync("POST /certificate/register-no-ca", body)).Succeeded()["certificateArn"]!;
    }

    internal async Task PolicyAsync(string name, string document = PolicyText) =>
        (await CallAsync($"POST /policies/{name}", new JsonObject { ["policyDocument"] = document })).Succeeded();

    internal async Task ThingAsync(string name) => (await CallAsync($"POST /things/{name}", "{}")).Succeeded();

    internal async Task GroupAsync(string name, string? parent = null) =>
        (await CallAsync($"POST /thing-groups/{name}", parent is null ? [] : new JsonObject { ["parentGroupName"] = parent })).Succeeded();
}
