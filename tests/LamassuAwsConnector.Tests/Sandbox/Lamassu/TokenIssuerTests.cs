using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed class TokenIssuerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly HttpClient http = new();
    private TokenIssuer issuer = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => issuer = await TokenIssuer.StartAsync(0, time, keyPem: null, Cancelled);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_token_is_verified_with_the_published_key_and_says_who_with_which_roles_until_when()
    {
        var token = await ValidateAsync(issuer.IssueToken("operator", ["admin", "reader"], TimeSpan.FromHours(1)));

        Assert.Equal("operator", token.Subject);
        Assert.Equal(new DateTime(2026, 3, 1, 13, 0, 0, DateTimeKind.Utc), token.ValidTo);
        Assert.Equal("""{"roles":["admin","reader"]}""", token.GetPayloadValue<System.Text.Json.JsonElement>("realm_access").GetRawText());
    }

    [Fact]
    public async Task Client_credentials_are_taken_from_the_header_or_the_form()
    {
        issuer.AddClient("connector", "s3cret/+", ["pki"]);

        var byHeader = await AskAsync("grant_type=client_credentials", ("connector", "s3cret%2F%2B"));
        var byForm = await AskAsync("grant_type=client_credentials&client_id=connector&client_secret=s3cret%2F%2B", null);

        foreach (var (status, answer) in new[] { byHeader, byForm })
        {
            Assert.Equal((200, "Bearer", 300), (status, (string?)answer["token_type"], (int)answer["expires_in"]!));
            Assert.Equal("connector", (await ValidateAsync((string)answer["access_token"]!)).Subject);
        }
    }

    [Theory]
    [InlineData("grant_type=client_credentials&client_id=connector&client_secret=wrong", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&client_id=other&client_secret=right", 401, "invalid_client")]
    [InlineData("grant_type=password&client_id=connector&client_secret=right", 400, "unsupported_grant_type")]
    public async Task Others_are_refused(string form, int status, string error)
    {
        issuer.AddClient("connector", "right", []);

        var answer = await AskAsync(form, null);

        Assert.Equal((status, error), (answer.Status, (string?)answer.Answer["error"]));
    }

    private async Task<JsonWebToken> ValidateAsync(string token)
    {
        var discovery = JsonNode.Parse(await http.GetStringAsync(new Uri(issuer.Authority, ".well-known/openid-configuration?sort_mode=desc"), Cancelled))!;
        var keys = new JsonWebKeySet(await http.GetStringAsync(new Uri((string)discovery["jwks_uri"]!), Cancelled));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = (string)discovery["issuer"]!,
            ValidAudience = "account",
            IssuerSigningKeys = keys.Keys,
            LifetimeValidator = (from, until, _, _) => from <= time.GetUtcNow().UtcDateTime && until > time.GetUtcNow().UtcDateTime,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        return (JsonWebToken)result.SecurityToken;
    }

    private async Task<(int Status, JsonNode Answer)> AskAsync(string form, (string Id, string Secret)? basic)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(issuer.Authority, "token"));
        request.Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        if (basic is var (id, secret))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        }

        using var response = await http.SendAsync(request, Cancelled);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancelled))!);
    }
}
