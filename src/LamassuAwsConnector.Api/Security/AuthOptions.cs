using LamassuAwsConnector.Core.Configuration;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Security;

/// <summary>Who may call the connector: <c>auth</c> in the YAML file. Without that section nobody may.</summary>
public sealed class AuthOptions
{
    public const string SectionName = "auth";
    public const string Jwt = "jwt";
    public const string None = "none";

    /// <summary><c>jwt</c>: bearer tokens. <c>none</c>: everybody, which has to be written. Empty: nobody.</summary>
    [ConfigurationKeyName("mode")]
    public string? Mode { get; init; }

    /// <summary>
    /// The issuer's address, whose <c>/.well-known/openid-configuration</c> names its keys, e.g. <c>https://lamassu.example.com/auth/realms/lamassu</c>.
    /// </summary>
    [ConfigurationKeyName("authority")]
    [HttpUrl]
    public string? Authority { get; init; }

    /// <summary>The address of the keys themselves, in place of <see cref="Authority"/>.</summary>
    [ConfigurationKeyName("jwks_url")]
    [HttpUrl]
    public string? JwksUrl { get; init; }

    /// <summary>The tokens' <c>iss</c>; empty: what the authority's discovery document says.</summary>
    [ConfigurationKeyName("issuer")]
    public string? Issuer { get; init; }

    /// <summary>What the tokens' <c>aud</c> has to contain; empty: anything.</summary>
    [ConfigurationKeyName("audience")]
    public string? Audience { get; init; }

    /// <summary>Where the roles are in the token: a claim, or a path of members joined by dots.</summary>
    [ConfigurationKeyName("roles_claim")]
    public string RolesClaim { get; init; } = "realm_access.roles";

    /// <summary>The role that may do everything.</summary>
    [ConfigurationKeyName("required_role")]
    public string RequiredRole { get; init; } = "pki-admin";

    /// <summary>A role that may only read; empty: there is none.</summary>
    [ConfigurationKeyName("read_only_role")]
    public string? ReadOnlyRole { get; init; }

    /// <summary>A PEM file with one more trust anchor for the issuer's own certificate.</summary>
    [ConfigurationKeyName("ca_cert_file")]
    public string? CACertFile { get; init; }

    /// <summary>Turns the check of the issuer's certificate off: whoever sits between can then forge tokens. For trials only.</summary>
    [ConfigurationKeyName("insecure_skip_verify")]
    public bool InsecureSkipVerify { get; init; }

    internal Uri KeysFrom => new(JwksUrl is { Length: > 0 } url ? url : $"{Authority!.TrimEnd('/')}/.well-known/openid-configuration");

    internal bool IsJwt => Mode == Jwt;

    internal bool IsNone => Mode == None;
}

internal sealed class AuthOptionsValidator(IConfiguration configuration) : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var wrong = options.Mode switch
        {
            AuthOptions.None => [],
            AuthOptions.Jwt => [.. WrongWithJwt(options)],
            null or "" when !IsThere(configuration.GetSection(AuthOptions.SectionName)) => [],
            null or "" => ["auth.mode is missing: set it to jwt, or to none to let everybody in"],
            _ => new List<string> { $"auth.mode must be jwt or none; it is '{options.Mode}'" },
        };
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static bool IsThere(IConfigurationSection section) => section.Value is not null || section.GetChildren().Any(IsThere);

    private static IEnumerable<string> WrongWithJwt(AuthOptions options)
    {
        var (authority, jwks) = (options.Authority is { Length: > 0 }, options.JwksUrl is { Length: > 0 });
        if (authority == jwks)
        {
            yield return "auth.mode is jwt: one of auth.authority and auth.jwks_url is needed";
        }

        if (jwks && options.Issuer is not { Length: > 0 })
        {
            yield return "auth.issuer is missing: keys alone don't say who issues the tokens";
        }

        if (options.RequiredRole.Length == 0)
        {
            yield return "auth.required_role must not be empty";
        }

        if (options.RolesClaim.Length == 0)
        {
            yield return "auth.roles_claim must not be empty";
        }

        if (options.CACertFile is { Length: > 0 } file && !File.Exists(file))
        {
            yield return $"auth.ca_cert_file names '{file}', and there is no such file";
        }
    }
}
