using System.Text;
using LamassuAwsConnector.Api.Consumers;
using RabbitMQ.Client;

namespace LamassuAwsConnector.Api.DeadLetters;

/// <summary>A letter out of a message of RabbitMQ's.</summary>
internal static class RabbitMqLetter
{
    // https://www.rabbitmq.com/docs/dlx#effects: the latest death comes first.
    private const string Deaths = "x-death";

    public static ReceivedLetter Of(BasicGetResult message)
    {
        return new ReceivedLetter(
            message.Body,
            MessageProperties.StringHeaders(message.BasicProperties),
            MessageProperties.Of(message.BasicProperties))
        {
            Death = message.BasicProperties.Headers?.TryGetValue(Deaths, out var deaths) == true
                && deaths is IList<object> { Count: > 0 } list && list[0] is IDictionary<string, object> latest
                    ? DeathOf(latest)
                    : null,
        };
    }

    private static BrokerDeath DeathOf(IDictionary<string, object> death) => new(
        Text(Member(death, "reason")) ?? "unknown",
        Member(death, "routing-keys") is IList<object> { Count: > 0 } keys ? Text(keys[0]) : null,
        Member(death, "time") is AmqpTimestamp time ? DateTimeOffset.FromUnixTimeSeconds(time.UnixTime) : null);

    private static object? Member(IDictionary<string, object> table, string name) => table.TryGetValue(name, out var value) ? value : null;

    private static string? Text(object? value) => value is byte[] text ? Encoding.UTF8.GetString(text) : null;
}
