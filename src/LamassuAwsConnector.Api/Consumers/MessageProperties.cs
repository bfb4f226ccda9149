using System.Text;
using RabbitMQ.Client;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>
/// The properties of a broker's message that go with it to a wait queue, to the dead letters and back. Not among them: <c>expiration</c>, by which the
/// copy would vanish, <c>user_id</c>, which the broker takes from its owner alone, and <c>reply_to</c>. Copies are always persistent.
/// </summary>
internal sealed record MessageProperties
{
    public static MessageProperties None { get; } = new();

    public string? MessageId { get; init; }

    public string? CorrelationId { get; init; }

    public string? ContentType { get; init; }

    public string? ContentEncoding { get; init; }

    public string? Type { get; init; }

    public string? AppId { get; init; }

    public AmqpTimestamp? Timestamp { get; init; }

    public byte? Priority { get; init; }

    public static MessageProperties Of(IReadOnlyBasicProperties properties) => new()
    {
        MessageId = properties.MessageId,
        CorrelationId = properties.CorrelationId,
        ContentType = properties.ContentType,
        ContentEncoding = properties.ContentEncoding,
        Type = properties.Type,
        AppId = properties.AppId,
        Timestamp = properties.IsTimestampPresent() ? properties.Timestamp : null,
        Priority = properties.IsPriorityPresent() ? properties.Priority : null,
    };

    /// <summary>Those headers alone that are texts: a consumer in Go refuses messages with others, so none is ever sent on.</summary>
    public static Dictionary<string, string> StringHeaders(IReadOnlyBasicProperties properties)
    {
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in properties.Headers ?? new Dictionary<string, object?>())
        {
            if (value is byte[] text)
            {
                strings[name] = Encoding.UTF8.GetString(text);
            }
        }

        return strings;
    }

    /// <summary>What is absent stays absent.</summary>
    public BasicProperties With(IReadOnlyDictionary<string, string> headers)
    {
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            Headers = headers.ToDictionary(header => header.Key, header => (object?)header.Value),
            MessageId = MessageId,
            CorrelationId = CorrelationId,
            ContentType = ContentType,
            ContentEncoding = ContentEncoding,
            Type = Type,
            AppId = AppId,
        };
        if (Timestamp is { } timestamp)
        {
            properties.Timestamp = timestamp;
        }

        if (Priority is { } priority)
        {
            properties.Priority = priority;
        }

        return properties;
    }
}
