using LamassuAwsConnector.Core.Lamassu;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>What has to fit together in a bus, and between the two.</summary>
internal sealed class EventBusOptionsValidator(IConfiguration configuration) : IValidateOptions<EventBusOptions>
{
    public ValidateOptionsResult Validate(string? name, EventBusOptions options)
    {
        var areDeadLetters = name == EventBusOptions.DeadLettersSection;
        var wrong = areDeadLetters
            ? WrongWithDeadLetters(options).ToList()
            : [.. WrongWithEvents(options).Concat(WrongTogether()).Select(reason => $"{EventBusOptions.EventsSection}.{reason}")];
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> WrongWithEvents(EventBusOptions options)
    {
        if (!options.Enabled)
        {
            yield return "enabled is false: without events the connector has nothing to do; take the key out or set it to true";
        }

        if (options.Provider.Length == 0)
        {
            yield return "provider is missing: set it to amqp (or to memory, for trials without a broker)";
        }

        if (options is { Provider: EventBusOptions.Amqp, Hostname.Length: 0 })
        {
            yield return "hostname is missing: set it to the broker's host";
        }

        foreach (var reason in WrongWithConnection(options))
        {
            yield return reason;
        }
    }

    private static IEnumerable<string> WrongWithDeadLetters(EventBusOptions options) => options is { Enabled: true, Hostname.Length: > 0 }
        ? WrongWithConnection(options).Select(reason => $"{EventBusOptions.DeadLettersSection}.{reason}")
        : [];

    private static IEnumerable<string> WrongWithConnection(EventBusOptions options)
    {
        if (options is { BasicAuth.Enabled: true, BasicAuth.Username.Length: 0 } or { BasicAuth.Enabled: true, BasicAuth.Password.Length: 0 })
        {
            yield return "basic_auth.enabled is true: username and password are needed";
        }

        if (options.CACertFile is { Length: > 0 } file && Tls.WhyUnusable(file) is { } reason)
        {
            yield return $"ca_cert_file can't be used: {reason}";
        }

        if (!options.ClientTlsAuth.Enabled)
        {
            yield break;
        }

        if (!options.IsTls)
        {
            yield return "client_tls_auth.enabled is true: that needs protocol amqps";
        }

        if (options.ClientTlsAuth is { CertFile.Length: 0 } or { KeyFile.Length: 0 })
        {
            yield return "client_tls_auth.enabled is true: cert_file and key_file are needed";
        }
        else if (Tls.WhyUnusable(options.ClientTlsAuth.CertFile, options.ClientTlsAuth.KeyFile) is { } why)
        {
            yield return $"client_tls_auth can't be used: {why}";
        }
    }

    private IEnumerable<string> WrongTogether()
    {
        if (EventBuses.Of(configuration) is { Events.Provider: EventBusOptions.Amqp, AreOne: true } buses)
        {
            yield return $"exchange '{buses.EventsExchange}' is that of {EventBusOptions.DeadLettersSection} too, on the same broker and virtual host: "
                + "dead letters would come back as events. Give them another exchange, e.g. lamassu-dlq";
        }
    }
}
