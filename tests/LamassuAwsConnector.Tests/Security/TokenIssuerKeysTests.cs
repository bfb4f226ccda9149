using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using static LamassuAwsConnector.Tests.Security.AccessTests;

namespace LamassuAwsConnector.Tests.Security;

/// <summary>Where the keys that tokens are checked with come from, when they change, and when their issuer is away.</summary>
public sealed class TokenIssuerKeysTests : IAsyncDisposable
{
    private const string Route = "/v1/devices/x-1/shadow";
    private const string JwksPath = "/jwks";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(11);

    private readonly WireMockServer server = WireMockServer.Start();
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly List<TokenIssuer> issuers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_can_be_named_without_a_discovery_document()
    {
        var issuer = await PublishedIssuerAsync();
        await using var stage = await StartAsync(issuer);

        Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(stage, issuer));
        Assert.Equal([JwksPath], server.LogEntries.Select(entry => entry.RequestMessage!.Path));
    }

    [Fact]
    public async Task A_key_that_is_not_known_is_looked_for_and_a_withdrawn_one_is_not_taken_any_more()
    {
        var (before, after) = (await PublishedIssuerAsync(), await IssuerAsync());
        await using var stage = await StartAsync(before);
        Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(stage, before));
        await PublishAsync(after);
        time.Advance(Pause);

        Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(stage, after, named: before));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, before));
    }

    [Fact]
    public async Task A_withdrawn_key_goes_after_an_hour_though_nobody_names_another()
    {
        var issuer = await PublishedIssuerAsync();
        await using var stage = await StartAsync(issuer);
        Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(stage, issuer));
        await PublishAsync(await IssuerAsync());
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(stage, issuer, lifetime: TimeSpan.FromHours(3)));

        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, issuer, lifetime: TimeSpan.FromHours(3)));
    }

    [Fact]
    public async Task Many_tokens_with_unknown_keys_don_t_become_many_calls_to_the_issuer()
    {
        var issuer = await PublishedIssuerAsync();
        await using var stage = await StartAsync(issuer);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => TokenStatusAsync(
            stage, Tokens.Changed(issuer, header: header => header["kid"] = $"unknown-{number}"))));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.Single(server.LogEntries);
    }

    [Fact]
    public async Task While_the_issuer_was_never_there_a_token_is_answered_with_503_and_no_token_with_401()
    {
        var issuer = await IssuerAsync();
        server.Given(Request.Create().WithPath(JwksPath)).RespondWith(Response.Create().WithStatusCode(500));
        await using var stage = await StartAsync(issuer);

        using var response = await SendAsync(stage, HttpMethod.Get, Route, Tokens.Good(issuer, "pki-admin"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal("token_issuer_unavailable", problem["code"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Unauthorized, await TokenStatusAsync(stage, ""));
        Assert.Equal(HttpStatusCode.Unauthorized, await TokenStatusAsync(stage, Tokens.Changed(issuer, header: header => header["alg"] = "none", sign: _ => [])));

        await PublishAsync(issuer);
        time.Advance(Pause);
        Assert.NotEqual(HttpStatusCode.ServiceUnavailable, await StatusAsync(stage, issuer));
    }

    [Fact]
    public async Task While_the_issuer_is_away_known_keys_hold_and_others_are_answered_with_503()
    {
        var issuer = await PublishedIssuerAsync();
        await using var stage = await StartAsync(issuer);
        Assert.NotEqual(HttpStatusCode.ServiceUnavailable, await StatusAsync(stage, issuer));
        server.Stop();
        time.Advance(TimeSpan.FromMinutes(90));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(stage, issuer, lifetime: TimeSpan.FromHours(3)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await TokenStatusAsync(stage, Tokens.Changed(issuer, header: header => header["kid"] = "new")));
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"keys":[{"kty":"oct","kid":"k","k":"c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtZm9yLWhtYWM"}]}""")]
    public async Task What_is_no_set_of_public_keys_lets_nobody_in(string body)
    {
        var issuer = await IssuerAsync();
        Publish(body);
        await using var stage = await StartAsync(issuer);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(stage, issuer));
        var byPublishedSecret = Tokens.Changed(
            issuer,
            header: header => (header["alg"], header["kid"]) = ("HS256", "k"),
            sign: text => HMACSHA256.HashData(Base64UrlEncoder.DecodeBytes("c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtZm9yLWhtYWM"), text));
        Assert.Equal(HttpStatusCode.Unauthorized, await TokenStatusAsync(stage, byPublishedSecret));
    }

    [Theory]
    [InlineData("PS256")]
    [InlineData("ES256")]
    [InlineData("RS512")]
    public async Task Each_pinned_algorithm_is_taken(string algorithm)
    {
        var issuer = await IssuerAsync();
        using var rsa = RSA.Create();
        rsa.ImportFromPem(TestStage.IssuerKey);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (key, sign) = algorithm switch
        {
            "ES256" => (
                JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(ec.ExportParameters(false)))),
                text => ec.SignData(text, HashAlgorithmName.SHA256)),
            "PS256" => (PublicKey(rsa), text => rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
            _ => (PublicKey(rsa), (Func<byte[], byte[]>)(text => rsa.SignData(text, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1))),
        };
        Publish(new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = key.Kty,
                ["kid"] = "k",
                ["use"] = "sig",
                ["n"] = key.N,
                ["e"] = key.E,
                ["crv"] = key.Crv,
                ["x"] = key.X,
                ["y"] = key.Y,
            }),
        }.ToJsonString().Replace("null", "\"\"", StringComparison.Ordinal));
        await using var stage = await StartAsync(issuer);

        var token = Tokens.Changed(issuer, header: header => (header["alg"], header["kid"]) = (algorithm, "k"), sign: sign);

        Assert.Equal(HttpStatusCode.NotFound, await TokenStatusAsync(stage, token));
    }

    public async ValueTask DisposeAsync()
    {
        server.Dispose();
        foreach (var issuer in issuers)
        {
            await issuer.DisposeAsync();
        }
    }

    private static JsonWebKey PublicKey(RSA rsa) => JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(false)));

    /// <summary>The token names the issuer that the connector is configured with, whoever signs it.</summary>
    private static async Task<HttpStatusCode> StatusAsync(TestStage stage, TokenIssuer issuer, TokenIssuer? named = null, TimeSpan? lifetime = null)
    {
        var token = issuer.IssueToken("somebody", ["pki-admin"], lifetime ?? TimeSpan.FromHours(1), named?.IssuerName);
        return await TokenStatusAsync(stage, token);
    }

    private static async Task<HttpStatusCode> TokenStatusAsync(TestStage stage, string token)
    {
        using var response = await SendAsync(stage, HttpMethod.Get, Route, token);
        return response.StatusCode;
    }

    private Task<TestStage> StartAsync(TokenIssuer issuer) => TestStage.StartAsync(
        Door.Http,
        services => services.AddSingleton<TimeProvider>(time),
        ("auth:authority", null),
        ("auth:jwks_url", server.Url + JwksPath),
        ("auth:issuer", issuer.IssuerName));

    private async Task<TokenIssuer> PublishedIssuerAsync()
    {
        var issuer = await IssuerAsync(TestStage.IssuerKey);
        await PublishAsync(issuer);
        return issuer;
    }

    private async Task<TokenIssuer> IssuerAsync(string? key = null)
    {
        var issuer = await TokenIssuer.StartAsync(0, TimeProvider.System, key, Cancellation);
        issuers.Add(issuer);
        return issuer;
    }

    private async Task PublishAsync(TokenIssuer issuer)
    {
        using var client = new HttpClient();
        Publish(await client.GetStringAsync(new Uri(issuer.Authority, "jwks"), Cancellation));
    }

    private void Publish(string keys)
    {
        server.Reset();
        server.Given(Request.Create().WithPath(JwksPath)).RespondWith(Response.Create().WithHeader("Content-Type", "application/json").WithBody(keys));
    }
}
