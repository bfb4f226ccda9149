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
}

[OptionsValidator]
internal sealed partial class LamassuOptionsValidator : IValidateOptions<LamassuOptions>;
