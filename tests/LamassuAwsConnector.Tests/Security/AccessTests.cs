using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Tests.Security;

/// <summary>Who may call what: every operation of the published document, whatever it is, with every kind of token.</summary>
public sealed class AccessTests
{
    private static readonly (string, string?)[] Settings = [("auth:audience", "account"), ("auth:read_only_role", "pki-reader")];
    private static readonly (string, string?)[] NoSection = [("auth:mode", null), ("auth:authority", null)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_refuses_every_bad_token()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, Settings);
        var operations = await OperationsAsync(stage);
        var tokens = Tokens.Bad(stage.Stage.StandIns.Issuer);

        foreach (var (method, path) in operations)
        {
            foreach (var (name, token, code) in tokens)
            {
                using var response = await SendAsync(stage, method, path, token);

                var problem = await AssertProblemAsync(response, HttpStatusCode.Unauthorized, code, $"{method} {path} with a token {name}");
                var challenge = Assert.Single(response.Headers.WwwAuthenticate);
                Assert.Equal("Bearer", challenge.Scheme);
                Assert.Equal(name != "no token at all", challenge.Parameter?.Contains("error=\"invalid_token\"", StringComparison.Ordinal) == true);
                Assert.True(token.Length == 0 || !problem.ToJsonString().Contains(token, StringComparison.Ordinal));
            }
        }

        Assert.NotEmpty(operations);
        Assert.Empty(stage.LamassuCalls());
        Assert.Empty(await stage.AwsCallsAsync());
    }

    [Fact]
    public async Task Every_operation_refuses_a_token_without_the_role()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, Settings);
        string[] tokens = [Tokens.Good(stage.Stage.StandIns.Issuer), Tokens.Good(stage.Stage.StandIns.Issuer, "PKI-ADMIN", "pki-admin2"), Tokens.Changed(
            stage.Stage.StandIns.Issuer, claims => (claims["realm_access"], claims["roles"]) = (null, new JsonArray("pki-admin")))];

        foreach (var (method, path) in await OperationsAsync(stage))
        {
            foreach (var token in tokens)
            {
                using var response = await SendAsync(stage, method, path, token);
                var problem = await AssertProblemAsync(response, HttpStatusCode.Forbidden, "forbidden", $"{method} {path}");
                Assert.Contains("pki-admin", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
            }
        }

        Assert.Empty(stage.LamassuCalls());
    }

    [Fact]
    public async Task Every_operation_lets_the_role_in_and_those_that_read_the_reading_role_too()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, Settings);
        var (admin, reader) = (Tokens.Good(stage.Stage.StandIns.Issuer, "other", "pki-admin"), Tokens.Good(stage.Stage.StandIns.Issuer, "pki-reader"));

        foreach (var (method, path) in await OperationsAsync(stage))
        {
            using var byAdmin = await SendAsync(stage, method, path, admin);
            using var byReader = await SendAsync(stage, method, path, reader);

            Assert.False(IsRefusal(byAdmin), $"{method} {path} {byAdmin.StatusCode}");
            Assert.True(IsRefusal(byReader) == (method != HttpMethod.Get), $"{method} {path} {byReader.StatusCode}");
        }
    }

    [Theory]
    [InlineData("GET", "/", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/v1", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/v1/unknown", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/V1/devices/a/shadow", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "//v1/devices/a/shadow", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/healthz", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/health/../v1/devices/a/shadow", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/swagger/../v1/devices/a/shadow", HttpStatusCode.Unauthorized)]
    [InlineData("OPTIONS", "/v1/devices/a/shadow", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/metrics", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/health", HttpStatusCode.OK)]
    [InlineData("GET", "/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("GET", "/swagger/index.html", HttpStatusCode.OK)]
    public async Task Without_a_token_nothing_is_open_but_health_and_the_document(string method, string path, HttpStatusCode status)
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("metrics:open", "false"));

        using var response = await SendAsync(stage, new HttpMethod(method), path, token: "");

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_are_open_where_the_configuration_says_so()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("metrics:open", "true"));

        using var response = await SendAsync(stage, HttpMethod.Get, "/metrics", token: "");

        Assert.False(IsRefusal(response));
    }

    [Fact]
    public async Task Without_an_auth_section_every_operation_is_closed_with_the_reason_and_events_are_handled()
    {
        var log = new LogLines();
        await using var stage = await TestStage.StartAsync(Door.Event, log.Capture, [.. NoSection, .. LogLines.Settings]);
        var issuer = stage.Stage.StandIns.Issuer;

        foreach (var (method, path) in await OperationsAsync(stage))
        {
            using var response = await SendAsync(stage, method, path, Tokens.Good(issuer, "pki-admin"));
            var problem = await AssertProblemAsync(response, HttpStatusCode.Forbidden, "auth_not_configured", $"{method} {path}");
            Assert.Contains("auth.mode", problem["err"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        using var health = await SendAsync(stage, HttpMethod.Get, "/health", token: "");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal("gone", (await stage.PublishAsync("ca.create", "ca/x", new JsonObject { ["id"] = "x" })).Outcome);
        Assert.Contains(log.All, line => line.Contains("Warning", StringComparison.Ordinal) && line.Contains("There is no auth section", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mode_none_lets_everybody_in_and_says_so_at_start()
    {
        var log = new LogLines();
        await using var stage = await TestStage.StartAsync(Door.Http, log.Capture, [("auth:mode", "none"), ("auth:authority", null), .. LogLines.Settings]);

        foreach (var (method, path) in await OperationsAsync(stage))
        {
            using var response = await SendAsync(stage, method, path, token: "");
            Assert.False(IsRefusal(response), $"{method} {path}");
        }

        Assert.Contains(log.All, line => line.Contains("Warning", StringComparison.Ordinal) && line.Contains("auth.mode is none: EVERYBODY", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":["a","pki-admin"]}}""", true)]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":"pki-admin"}}""", true)]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":[["pki-admin"],1,null]}}""", false)]
    [InlineData("realm_access.roles", """{"realm_access":["pki-admin"]}""", false)]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":{"pki-admin":true}}}""", false)]
    [InlineData("cognito:groups", """{"cognito:groups":["pki-admin"]}""", true)]
    [InlineData("https://example.com/roles", """{"https://example.com/roles":["pki-admin"]}""", true)]
    [InlineData("resource_access.my.client.roles", """{"resource_access":{"my.client":{"roles":["pki-admin"]}}}""", true)]
    [InlineData("scope", """{"scope":"openid pki-admin"}""", true)]
    [InlineData("scope", """{"scope":"openid pki-administrator"}""", false)]
    public async Task Roles_are_read_where_the_configuration_says(string path, string claims, bool isIn)
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("auth:roles_claim", path));
        var token = Tokens.Changed(stage.Stage.StandIns.Issuer, token =>
        {
            token.Remove("realm_access");
            foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject().ToList())
            {
                token[name] = value?.DeepClone();
            }
        });

        using var response = await SendAsync(stage, HttpMethod.Get, "/v1/devices/a/shadow", token);

        Assert.Equal(isIn, !IsRefusal(response));
    }

    [Theory]
    [InlineData("auth:mode", "open", "auth.mode must be jwt or none")]
    [InlineData("auth:mode", "", "auth.mode is missing")]
    [InlineData("auth:authority", "", "one of auth.authority and auth.jwks_url")]
    [InlineData("auth:jwks_url", "http://127.0.0.1/jwks", "one of auth.authority and auth.jwks_url")]
    [InlineData("auth:authority", "keycloak", "auth.authority must be an http or https URL")]
    [InlineData("auth:required_role", "", "auth.required_role must not be empty")]
    [InlineData("auth:ca_cert_file", "/no/such/file", "auth.ca_cert_file")]
    [InlineData("cors:allowed_origins:0", "https://a.example.com/", "is no origin")]
    public async Task A_wrong_configuration_stops_the_start(string key, string value, string reason)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(async () => await TestStage.StartAsync(Door.Http, (key, value)));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    internal static async Task<IReadOnlyList<(HttpMethod Method, string Path)>> OperationsAsync(TestStage stage)
    {
        var document = (await stage.Connector.GetFromJsonAsync<JsonObject>("/openapi/v1.json", Cancellation))!;
        return
        [
            .. from path in document["paths"]!.AsObject()
               where !path.Key.StartsWith("/health", StringComparison.Ordinal)
               from operation in path.Value!.AsObject()
               select (new HttpMethod(operation.Key.ToUpperInvariant()), System.Text.RegularExpressions.Regex.Replace(path.Key, @"\{\w+\}", "x-1")),
        ];
    }

    internal static async Task<HttpResponseMessage> SendAsync(TestStage stage, HttpMethod method, string path, string token)
    {
        // As it is written: paths that mean to slip through are not tidied up here.
        var url = new Uri(stage.Stage.Connector.Url.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(method, url);
        request.Content = method == HttpMethod.Get || method == HttpMethod.Options ? null : new StringContent("{}", Encoding.UTF8, "application/json");
        using var client = new HttpClient();
        if (token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await client.SendAsync(request, Cancellation);
    }

    internal static bool IsRefusal(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    private static async Task<JsonObject> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code, string what)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == status, $"{what}: {response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.True(problem["code"]?.GetValue<string>() == code, $"{what}: {text}");
        Assert.StartsWith("urn:lamassu-aws-connector:problem:", problem["type"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("connector", problem["source"]!.GetValue<string>());
        Assert.Equal((int)status, problem["status"]!.GetValue<int>());
        Assert.NotEmpty(problem["traceId"]!.GetValue<string>());
        Assert.Equal(problem["detail"]!.GetValue<string>(), problem["err"]!.GetValue<string>());
        return problem;
    }
}
