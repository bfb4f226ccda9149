using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Where events come from (<c>subscriber_event_bus</c>) and dead letters go (<c>subscriber_dlq_event_bus</c>).</summary>
public sealed class EventBusOptions
{
    public const string EventsSection = "subscriber_event_bus";
    public const string DeadLettersSection = "subscriber_dlq_event_bus";
    public const string InMemory = "memory";
    public const string Amqp = "amqp";

    /// <summary><c>amqp</c>: RabbitMQ. <c>memory</c>: nothing but what the process itself publishes; for trials.</summary>
    [ConfigurationKeyName("provider")]
    [Required(ErrorMessage = "subscriber_event_bus.provider is missing: set it to amqp (or to memory, for trials without a broker)")]
    [AllowedValues(Amqp, InMemory, ErrorMessage = "subscriber_event_bus.provider must be amqp or memory")]
    public string Provider { get; init; } = "";

    [ConfigurationKeyName("protocol")]
    [AllowedValues("amqp", "amqps", ErrorMessage = "protocol of an event bus must be amqp or amqps")]
    public string Protocol { get; init; } = "amqp";

    [ConfigurationKeyName("hostname")]
    public string Hostname { get; init; } = "localhost";

    [ConfigurationKeyName("port")]
    [Range(1, 65535, ErrorMessage = "port of an event bus must lie between 1 and 65535")]
    public int Port { get; init; } = 5672;

    /// <summary>A durable topic exchange; empty: <c>lamassu-events</c> for events, <c>lamassu-dlq</c> for dead letters.</summary>
    [ConfigurationKeyName("exchange")]
    public string Exchange { get; init; } = "";

    [ConfigurationKeyName("virtual_host")]
    public string VirtualHost { get; init; } = "/";

    [ConfigurationKeyName("basic_auth")]
    public BasicAuthOptions BasicAuth { get; init; } = new();

    /// <summary>Of events: start although the existing AWS connector of the same id is still consuming. For a look; both act on the same things.</summary>
    [ConfigurationKeyName("allow_existing_connector")]
    public bool AllowExistingConnector { get; init; }

    public static string EventsExchange(IConfiguration configuration) => ExchangeOf(configuration, EventsSection, "lamassu-events");

    public static string DeadLettersExchange(IConfiguration configuration) => ExchangeOf(configuration, DeadLettersSection, "lamassu-dlq");

    private static string ExchangeOf(IConfiguration configuration, string section, string usual) =>
        configuration[$"{section}:exchange"] is { Length: > 0 } name ? name : usual;
}

public sealed class BasicAuthOptions
{
    [ConfigurationKeyName("enabled")]
    public bool Enabled { get; init; }

    [ConfigurationKeyName("username")]
    public string Username { get; init; } = "";

    [ConfigurationKeyName("password")]
    public string Password { get; init; } = "";
}

[OptionsValidator]
internal sealed partial class EventBusOptionsValidator : IValidateOptions<EventBusOptions>;
