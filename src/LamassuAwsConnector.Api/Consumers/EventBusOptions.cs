using System.ComponentModel.DataAnnotations;
using LamassuAwsConnector.Core.Configuration;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Where events come from (<c>subscriber_event_bus</c>) and dead letters go (<c>subscriber_dlq_event_bus</c>).</summary>
public sealed class EventBusOptions
{
    public const string EventsSection = "subscriber_event_bus";
    public const string DeadLettersSection = "subscriber_dlq_event_bus";
    public const string InMemory = "memory";
    public const string Amqp = "amqp";

    private const string Tls = "amqps";

    // IANA's ports of AMQP without and with TLS.
    private const int PlainPort = 5672;
    private const int TlsPort = 5671;

    /// <summary>
    /// <c>subscriber_dlq_event_bus.enabled: false</c> is as if the section were not there. <c>subscriber_event_bus</c> can't be switched off: without events the
    /// connector has nothing to do.
    /// </summary>
    [ConfigurationKeyName("enabled")]
    public bool Enabled { get; init; } = true;

    /// <summary><c>amqp</c>: RabbitMQ. <c>memory</c>: nothing but what the process itself publishes; for trials.</summary>
    [ConfigurationKeyName("provider")]
    [AllowedValues("", Amqp, InMemory)]
    public string Provider { get; init; } = "";

    /// <summary><c>amqp</c>, or <c>amqps</c> with TLS.</summary>
    [ConfigurationKeyName("protocol")]
    [AllowedValues("amqp", Tls)]
    public string Protocol { get; init; } = "amqp";

    /// <summary>The broker's host. Dead letters without one go to the broker that events come from.</summary>
    [ConfigurationKeyName("hostname")]
    public string Hostname { get; init; } = "";

    /// <summary>Absent: 5672, with TLS 5671.</summary>
    [ConfigurationKeyName("port")]
    [Range(1, 65535)]
    public int? Port { get; init; }

    /// <summary>A durable topic exchange; empty: <c>lamassu-events</c> for events, <c>lamassu-dlq</c> for dead letters.</summary>
    [ConfigurationKeyName("exchange")]
    public string Exchange { get; init; } = "";

    /// <summary>RabbitMQ's virtual host; empty: <c>/</c>.</summary>
    [ConfigurationKeyName("virtual_host")]
    public string VirtualHost { get; init; } = "/";

    /// <summary>With TLS: turns the check of the broker's certificate off. For trials only.</summary>
    [ConfigurationKeyName("insecure_skip_verify")]
    public bool InsecureSkipVerify { get; init; }

    /// <summary>With TLS: a PEM file with one more trust anchor beside those of the system.</summary>
    [ConfigurationKeyName("ca_cert_file")]
    public string? CACertFile { get; init; }

    /// <summary>A name and a password.</summary>
    [ConfigurationKeyName("basic_auth")]
    public BasicAuthOptions BasicAuth { get; init; } = new();

    /// <summary>A client certificate; needs <c>protocol: amqps</c>.</summary>
    [ConfigurationKeyName("client_tls_auth")]
    public ClientTlsAuthOptions ClientTlsAuth { get; init; } = new();

    /// <summary>
    /// Of events: start although the existing AWS connector of the same id still reads its queue. Both then act on the same things in AWS and Lamassu.
    /// </summary>
    [ConfigurationKeyName("allow_existing_connector")]
    public bool AllowExistingConnector { get; init; }

    internal bool IsTls => Protocol == Tls;

    internal string EffectiveVirtualHost => VirtualHost.Length == 0 ? "/" : VirtualHost;

    internal int EffectivePort => Port ?? (IsTls ? TlsPort : PlainPort);
}

/// <summary>A name and a password.</summary>
public sealed class BasicAuthOptions
{
    /// <summary>Off: RabbitMQ's guest, which it lets in from its own machine alone.</summary>
    [ConfigurationKeyName("enabled")]
    public bool Enabled { get; init; }

    /// <summary>The broker's user.</summary>
    [ConfigurationKeyName("username")]
    public string Username { get; init; } = "";

    /// <summary>Its password.</summary>
    [ConfigurationKeyName("password")]
    [Secret]
    public string Password { get; init; } = "";
}

/// <summary>A client certificate; needs <c>protocol: amqps</c>.</summary>
public sealed class ClientTlsAuthOptions
{
    /// <summary>Show the broker a certificate. Without <c>basic_auth</c> the broker takes the user's name from it (SASL EXTERNAL).</summary>
    [ConfigurationKeyName("enabled")]
    public bool Enabled { get; init; }

    /// <summary>The path of a PEM file, or PEM text.</summary>
    [ConfigurationKeyName("cert_file")]
    public string CertFile { get; init; } = "";

    /// <summary>Its private key, of the same form.</summary>
    [ConfigurationKeyName("key_file")]
    [Secret]
    public string KeyFile { get; init; } = "";
}
