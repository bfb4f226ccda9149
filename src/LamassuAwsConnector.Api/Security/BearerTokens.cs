using LamassuAwsConnector.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LamassuAwsConnector.Api.Security;

/// <summary>How a token is checked: signature, issuer, audience and times, with the algorithms pinned.</summary>
internal sealed class BearerTokens(IOptions<AuthOptions> options, SigningKeys keys, TimeProvider timeProvider) : IConfigureNamedOptions<JwtBearerOptions>
{
    private const string RolesParameter = "roles";

    // No HS*: with a published key as its secret anybody could sign. No none.
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    // What clocks differ by at most where they are set by NTP, with room to spare.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public void Configure(JwtBearerOptions jwt) => Configure(JwtBearerDefaults.AuthenticationScheme, jwt);

    public void Configure(string? name, JwtBearerOptions jwt)
    {
        var settings = options.Value;
        jwt.MapInboundClaims = false;
        jwt.TimeProvider = timeProvider;
        jwt.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            TryAllIssuerSigningKeys = false,
            IssuerSigningKeyResolver = (_, _, keyId, _) => keyId is { Length: > 0 } ? keys.Known.Where(key => key.KeyId == keyId) : keys.Known,
            IssuerValidator = (issuer, _, _) => issuer == keys.Issuer ? issuer : throw new SecurityTokenInvalidIssuerException(),
            ValidateAudience = settings.Audience is { Length: > 0 },
            ValidAudience = settings.Audience,
            LifetimeValidator = CheckLifetime,
        };
        jwt.SaveToken = false;
        jwt.Events = new JwtBearerEvents { OnMessageReceived = FindKeyAsync, OnTokenValidated = ReadRoles };
    }

    /// <summary>The roles of a token that was found valid.</summary>
    public static IReadOnlyList<string> Roles(AuthenticationProperties properties) => properties.GetParameter<IReadOnlyList<string>>(RolesParameter) ?? [];

    private Task ReadRoles(TokenValidatedContext context)
    {
        context.Properties.SetParameter(RolesParameter, TokenRoles.Of(((JsonWebToken)context.SecurityToken).EncodedPayload, options.Value.RolesClaim));
        return Task.CompletedTask;
    }

    private async Task FindKeyAsync(MessageReceivedContext context)
    {
        if (!options.Value.IsJwt)
        {
            context.NoResult();
            return;
        }

        const string Scheme = JwtBearerDefaults.AuthenticationScheme + " ";
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || KeyId(header[Scheme.Length..].Trim()) is not { } keyId)
        {
            // No token, or none that could be checked: the handler says so.
            return;
        }

        try
        {
            await keys.FindAsync(keyId.Length > 0 ? keyId : null, context.HttpContext.RequestAborted);
        }
        catch (ConnectorException unavailable)
        {
            context.Fail(unavailable);
        }
    }

    /// <summary>Empty: the token names no key. null: nobody needs to be asked for the key, as the token will be refused.</summary>
    private static string? KeyId(string token)
    {
        var handler = new JsonWebTokenHandler();
        if (!handler.CanReadToken(token))
        {
            return null;
        }

        try
        {
            var unverified = handler.ReadJsonWebToken(token);
            return Algorithms.Contains(unverified.Alg, StringComparer.Ordinal) ? unverified.Kid ?? "" : null;
        }
        catch (ArgumentException)
        {
            // Three parts with dots between them, and no JSON in them.
            return null;
        }
    }

    private bool CheckLifetime(DateTime? from, DateTime? until, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = timeProvider.GetUtcNow().UtcDateTime;
        return until is null ? throw new SecurityTokenNoExpirationException()
            : until < now - ClockSkew ? throw new SecurityTokenExpiredException()
            : from > now + ClockSkew ? throw new SecurityTokenNotYetValidException()
            : true;
    }
}
