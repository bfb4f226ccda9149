using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>Where Lamassu's three services are.</summary>
public sealed class LamassuOptions
{
    [ConfigurationKeyName("ca_client")]
    [ValidateObjectMembers]
    public LamassuClientOptions CA { get; init; } = new();

    [ConfigurationKeyName("device_manager_client")]
    [ValidateObjectMembers]
    public LamassuClientOptions DeviceManager { get; init; } = new();

    [ConfigurationKeyName("dms_manager_client")]
    [ValidateObjectMembers]
    public LamassuClientOptions DmsManager { get; init; } = new();

    /// <summary>Each client with its key in the configuration.</summary>
    internal IReadOnlyList<(string Key, LamassuClientOptions Client)> Clients =>
        [("ca_client", CA), ("device_manager_client", DeviceManager), ("dms_manager_client", DmsManager)];
}

public sealed class LamassuClientOptions
{
    /// <summary>The service's address, behind a gateway with its path: <c>https://lamassu.example.com/api/ca</c>. Calls append <c>/v1/…</c>.</summary>
    [ConfigurationKeyName("base_url")]
    [Required(ErrorMessage = "base_url of a Lamassu client is missing (ca_client, device_manager_client and dms_manager_client each need one)")]
    [Url(ErrorMessage = "base_url of a Lamassu client must be an http or https URL")]
    public string BaseUrl { get; init; } = "";

    /// <summary>How long a call may take. Lamassu cuts a longer one off after 10 s.</summary>
    [ConfigurationKeyName("timeout")]
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00", ErrorMessage = "timeout of a Lamassu client must lie between 00:00:01 and 00:02:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Turns the check of the server's certificate off. For trials only.</summary>
    [ConfigurationKeyName("insecure_skip_verify")]
    public bool InsecureSkipVerify { get; init; }

    /// <summary>A PEM file with one more trust anchor beside those of the system.</summary>
    [ConfigurationKeyName("ca_cert_file")]
    public string? CACertFile { get; init; }

    /// <summary>How we show who we are: <c>noauth</c>, <c>jwt</c>, <c>mtls</c> or <c>apikey</c>.</summary>
    [ConfigurationKeyName("auth_mode")]
    [AllowedValues(null, "", NoAuth, Jwt, Mtls, ApiKey, ErrorMessage = "auth_mode of a Lamassu client must be noauth, jwt, mtls or apikey")]
    public string? AuthMode { get; init; }

    [ConfigurationKeyName("jwt_options")]
    public JwtClientOptions JwtOptions { get; init; } = new();

    [ConfigurationKeyName("mtls_options")]
    public MtlsClientOptions MtlsOptions { get; init; } = new();

    [ConfigurationKeyName("apikey_options")]
    public ApiKeyClientOptions ApiKeyOptions { get; init; } = new();

    internal const string NoAuth = "noauth";
    internal const string Jwt = "jwt";
    internal const string Mtls = "mtls";
    internal const string ApiKey = "apikey";
}

/// <summary>OAuth 2 client credentials.</summary>
public sealed class JwtClientOptions
{
    [ConfigurationKeyName("oidc_client_id")]
    public string ClientId { get; init; } = "";

    [ConfigurationKeyName("oidc_client_secret")]
    public string ClientSecret { get; init; } = "";

    /// <summary>The whole URL of the discovery document, which names the token endpoint.</summary>
    [ConfigurationKeyName("oidc_well_known")]
    public string WellKnown { get; init; } = "";
}

/// <summary>A client certificate: paths of PEM files, or both as PEM text.</summary>
public sealed class MtlsClientOptions
{
    [ConfigurationKeyName("cert_file")]
    public string CertFile { get; init; } = "";

    [ConfigurationKeyName("key_file")]
    public string KeyFile { get; init; } = "";
}

/// <summary>A fixed value in a header of each call.</summary>
public sealed class ApiKeyClientOptions
{
    [ConfigurationKeyName("key")]
    public string Key { get; init; } = "";

    [ConfigurationKeyName("header")]
    public string Header { get; init; } = "";
}

[OptionsValidator]
internal sealed partial class LamassuOptionsValidator : IValidateOptions<LamassuOptions>;
