using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>
/// A small OpenID Connect issuer: discovery, keys, and tokens for client credentials. Tokens are signed RS256 and carry <c>realm_access.roles</c>.
/// </summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly RSA key;
    private readonly string keyId;
    private readonly string? publicHost;
    private readonly TimeProvider timeProvider;
    private readonly ConcurrentDictionary<string, (string Secret, IReadOnlyList<string> Roles)> clients = new(StringComparer.Ordinal);
    private readonly WebApplication application;

    private TokenIssuer(int port, TimeProvider timeProvider, string? keyPem, string? publicHost)
    {
        this.publicHost = publicHost;
        this.timeProvider = timeProvider;
        key = RSA.Create(2048);
        if (keyPem is not null)
        {
            key.ImportFromPem(keyPem);
        }

        keyId = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel((KestrelServerOptions options) =>
            options.Listen(publicHost is null ? IPAddress.Loopback : IPAddress.Any, port));
        application = builder.Build();
        application.Run(HandleAsync);
    }

    public Uri Authority => ListenAddress.FromHere(application.Urls.First());

    /// <summary>The authority as those see it who take the tokens, without the slash that a <see cref="Uri"/> puts behind it: issuers are compared as text.</summary>
    public string IssuerName => publicHost is null ? Authority.GetLeftPart(UriPartial.Authority) : $"http://{publicHost}:{Authority.Port}";

    /// <param name="port">0: any free port.</param>
    /// <param name="timeProvider">Gives the times in the tokens.</param>
    /// <param name="keyPem">The RSA key to sign with; null: a new one.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="publicHost">The name by which others reach it, on every address; null: it listens on loopback alone.</param>
    public static async Task<TokenIssuer> StartAsync(
        int port, TimeProvider timeProvider, string? keyPem, CancellationToken cancellationToken, string? publicHost = null)
    {
        var issuer = new TokenIssuer(port, timeProvider, keyPem, publicHost);
        try
        {
            await issuer.application.StartAsync(cancellationToken);
            return issuer;
        }
        catch
        {
            await issuer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets a client ask for tokens. Without one the token endpoint refuses everybody.</summary>
    public void AddClient(string id, string secret, IReadOnlyList<string> roles) => clients[id] = (secret, roles);

    /// <param name="subject">Who it is for.</param>
    /// <param name="roles">What they may do.</param>
    /// <param name="lifetime">From now on.</param>
    /// <param name="issuerName">Who it says it is from; null: this issuer.</param>
    public string IssueToken(string subject, IReadOnlyList<string> roles, TimeSpan lifetime, string? issuerName = null)
    {
        var now = timeProvider.GetUtcNow();
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = keyId, ["typ"] = "JWT" };
        var claims = new JsonObject
        {
            ["iss"] = issuerName ?? IssuerName,
            ["sub"] = subject,
            ["aud"] = "account",
            ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["realm_access"] = new JsonObject { ["roles"] = new JsonArray([.. roles.Select(role => (JsonNode?)role)]) },
        };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        lock (key)
        {
            return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
        key.Dispose();
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private async Task HandleAsync(HttpContext context)
    {
        var (status, answer) = (context.Request.Method, context.Request.Path.Value) switch
        {
            ("GET", "/.well-known/openid-configuration") => (200, Discovery()),
            ("GET", "/jwks") => (200, Keys()),
            ("POST", "/token") => await TokenAsync(context.Request),
            _ => (404, new JsonObject { ["error"] = "not_found" }),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private JsonObject Discovery() => new()
    {
        ["issuer"] = IssuerName,
        ["token_endpoint"] = $"{IssuerName}/token",
        ["jwks_uri"] = $"{IssuerName}/jwks",
        ["grant_types_supported"] = new JsonArray("client_credentials"),
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post"),
        ["response_types_supported"] = new JsonArray("token"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
    };

    private JsonObject Keys()
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["alg"] = "RS256",
                ["kid"] = keyId,
                ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                ["e"] = Base64Url.EncodeToString(parameters.Exponent),
            }),
        };
    }

    private async Task<(int Status, JsonObject Answer)> TokenAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
        {
            return (400, new JsonObject { ["error"] = "invalid_request" });
        }

        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        if (form["grant_type"] != "client_credentials")
        {
            return (400, new JsonObject { ["error"] = "unsupported_grant_type" });
        }

        var (id, secret) = BasicCredentials(request) ?? (form["client_id"].ToString(), form["client_secret"].ToString());
        if (!clients.TryGetValue(id, out var client) || client.Secret != secret)
        {
            return (401, new JsonObject { ["error"] = "invalid_client" });
        }

        return (200, new JsonObject
        {
            ["access_token"] = IssueToken(id, client.Roles, Lifetime),
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)Lifetime.TotalSeconds,
        });
    }

    /// <summary>Id and secret are form-encoded within the header (RFC 6749, section 2.3.1).</summary>
    private static (string Id, string Secret)? BasicCredentials(HttpRequest request)
    {
        if (request.Headers.Authorization.FirstOrDefault()?.Split(' ') is not ["Basic", var encoded] || !Base64.IsValid(encoded))
        {
            return null;
        }

        return Encoding.UTF8.GetString(Convert.FromBase64String(encoded)).Split(':', 2) is [var id, var secret]
            ? (WebUtility.UrlDecode(id), WebUtility.UrlDecode(secret))
            : null;
    }
}
