using System.ComponentModel.DataAnnotations;
using LamassuAwsConnector.Core.Configuration;
using Microsoft.Extensions.Configuration;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>Where Lamassu's three services are.</summary>
public sealed class LamassuOptions
{
    /// <summary>The CA service.</summary>
    [ConfigurationKeyName("ca_client")]
    public LamassuClientOptions CA { get; init; } = new();

    /// <summary>The Device Manager.</summary>
    [ConfigurationKeyName("device_manager_client")]
    public LamassuClientOptions DeviceManager { get; init; } = new();

    /// <summary>The DMS Manager.</summary>
    [ConfigurationKeyName("dms_manager_client")]
    public LamassuClientOptions DmsManager { get; init; } = new();

    /// <summary>Each client with its key in the configuration.</summary>
    internal IReadOnlyList<(string Key, LamassuClientOptions Client)> Clients =>
        [("ca_client", CA), ("device_manager_client", DeviceManager), ("dms_manager_client", DmsManager)];
}

public sealed class LamassuClientOptions
{
    /// <summary>The service's address, behind a gateway with its path: <c>https://lamassu.example.com/api/ca</c>. Calls append <c>/v1/…</c>.</summary>
    [ConfigurationKeyName("base_url")]
    [Required(ErrorMessage = "{0} is missing: set it to the service's address, e.g. https://lamassu.example.com/api/ca")]
    [HttpUrl]
    public string BaseUrl { get; init; } = "";

    /// <summary>How long a call may take. Lamassu cuts a longer one off after 10 s.</summary>
    [ConfigurationKeyName("timeout")]
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Turns the check of the server's certificate off. For trials only.</summary>
    [ConfigurationKeyName("insecure_skip_verify")]
    public bool InsecureSkipVerify { get; init; }

    /// <summary>A PEM file with one more trust anchor beside those of the system.</summary>
    [ConfigurationKeyName("ca_cert_file")]
    public string? CACertFile { get; init; }

    /// <summary>How we show who we are: <c>noauth</c>, <c>jwt</c>, <c>mtls</c> or <c>apikey</c>.</summary>
    [ConfigurationKeyName("auth_mode")]
    [AllowedValues(null, "", NoAuth, Jwt, Mtls, ApiKey)]
    public string? AuthMode { get; init; }

    /// <summary>With <c>auth_mode: jwt</c>: OAuth 2 client credentials.</summary>
    [ConfigurationKeyName("jwt_options")]
    public JwtClientOptions JwtOptions { get; init; } = new();

    /// <summary>With <c>auth_mode: mtls</c>: a client certificate.</summary>
    [ConfigurationKeyName("mtls_options")]
    public MtlsClientOptions MtlsOptions { get; init; } = new();

    /// <summary>With <c>auth_mode: apikey</c>: a fixed value in a header of each call.</summary>
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
    /// <summary>The client that the connector is at the issuer.</summary>
    [ConfigurationKeyName("oidc_client_id")]
    public string ClientId { get; init; } = "";

    /// <summary>Its secret.</summary>
    [ConfigurationKeyName("oidc_client_secret")]
    [Secret]
    public string ClientSecret { get; init; } = "";

    /// <summary>The whole URL of the discovery document, which names the token endpoint.</summary>
    [ConfigurationKeyName("oidc_well_known")]
    [HttpUrl]
    public string WellKnown { get; init; } = "";
}

/// <summary>A client certificate: paths of PEM files, or both as PEM text.</summary>
public sealed class MtlsClientOptions
{
    /// <summary>The path of a PEM file, or PEM text.</summary>
    [ConfigurationKeyName("cert_file")]
    public string CertFile { get; init; } = "";

    /// <summary>Its private key, of the same form.</summary>
    [ConfigurationKeyName("key_file")]
    [Secret]
    public string KeyFile { get; init; } = "";
}

/// <summary>A fixed value in a header of each call.</summary>
public sealed class ApiKeyClientOptions
{
    /// <summary>The value.</summary>
    [ConfigurationKeyName("key")]
    [Secret]
    public string Key { get; init; } = "";

    /// <summary>The header's name, e.g. <c>X-Api-Key</c>.</summary>
    [ConfigurationKeyName("header")]
    public string Header { get; init; } = "";
}
