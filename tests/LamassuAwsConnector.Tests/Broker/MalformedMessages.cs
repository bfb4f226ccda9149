using System.IO.Compression;
using System.Text;
using LamassuAwsConnector.Tests.Consumers;
using RabbitMQ.Client;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>What a broker can carry and Lamassu does not send.</summary>
internal static class MalformedMessages
{
    private const int Mebibyte = 1024 * 1024;
    private const string Key = "dms.bind-device-id";

    private static readonly string[] Types =
    [
        "ca.create", "ca.import", "ca.metadata.update", "ca.status.update", "ca.reissue", "ca.delete", "certificate.status.update", "certificate.metadata.update",
        "device.metadata.update", "device.status.update", "device.delete", "dms.create", "dms.update", "dms.metadata.update", "dms.delete", Key,
    ];

    private static readonly string Bind = Undecodable.Event(Key, """{"device":{"id":"dévice"},"certificate":{}}""");

    /// <summary>They name no object, or are no event, and become dead letters.</summary>
    public static IReadOnlyList<BusMessage> Undecoded { get; } =
    [
        .. Types.SelectMany(type => Undecodable.Data.Select(row => Message(Undecodable.Event(type, row.Data), type))),
        .. Undecodable.Bodies.Select(row => Message(row.Data, "ca.create")),
        .. new[] { "", " ", "{", "[", "null", "42", "\"text\"", "[]", "{}", "\0\0\0", "text", "<event/>", Bind[..^20], new string('[', 200) }
            .Select(text => Message(text)),
        Message(Bind.Replace("\"1.0\"", "\"0.3\"", StringComparison.Ordinal)),
        Message(Bind.Replace("\"specversion\"", "\"version\"", StringComparison.Ordinal)),
        Message(Bind.Replace($"\"{Key}\"", "42", StringComparison.Ordinal)),
        Message(Bind.Replace($"\"{Key}\"", "\"\"", StringComparison.Ordinal)),
        Message(Undecodable.NoUtf8),
        Message([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Bind)]),
        Message(Encoding.Unicode.GetBytes(Bind)),
        Message(Encoding.UTF32.GetBytes(Bind)),
        Message(Encoding.Latin1.GetBytes(Bind)),
        Message(Zipped(Bind)),
        Message([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Bind)]),
    ];

    /// <summary>So large that they are sent once.</summary>
    public static IReadOnlyList<BusMessage> Large { get; } =
    [
        Message(new string('x', Mebibyte)),
        Message(new string('[', Mebibyte)),
        Message(Undecodable.Event(Key, "null").Replace("\"unknown\"", $"\"{new string('x', Mebibyte)}\"", StringComparison.Ordinal)),
    ];

    /// <summary>Events that are none of ours, whatever key they came with.</summary>
    public static IReadOnlyList<BusMessage> Ignored { get; } =
    [
        Message(Undecodable.Event("device.created", "null"), "device.delete"),
        Message(Undecodable.Event("CA.CREATE", "{}"), "ca.create"),
        Message(Undecodable.Event("dms.bind-device-id.", "[]")),
        Message(Undecodable.Event("ca.create.error", "\"text\""), "ca.create"),
    ];

    /// <summary>Properties and headers around a good event. None of them may keep it from its effect.</summary>
    public static IReadOnlyList<(IReadOnlyDictionary<string, object?> Headers, Action<BasicProperties>? Set)> Wrappings { get; } =
    [
        .. new object?[]
        {
            42, 42L, (short)42, true, 4.2, 4.2f, 4.2m, null, "", "text", new byte[] { 0xFF, 0xFE }, new AmqpTimestamp(1_700_000_000),
            new Dictionary<string, object?> { ["inner"] = 1, ["table"] = new Dictionary<string, object?> { ["a"] = null } },
            new List<object?> { 1, "a", new List<object?> { true } },
        }.Select(value => (Of(("odd", value), ("traceparent", value), ("lamassu_aws_connector_retries", value)), (Action<BasicProperties>?)null)),
        (Of(("lamassu_aws_connector_first_time", "yesterday"), ("lamassu_aws_connector_retries", "-1")), null),
        (Of(("MT-Activity-Id", 42), ("MT-Host-MachineName", "text"), ("x-death", "text"), ("x-delivery-count", "many")), null),
        (Of(), properties => properties.ContentType = "no content type; at = all;;"),
        (Of(), properties => properties.ContentType = "application/vnd.masstransit+json"),
        (Of(), properties => properties.ContentType = "application/xml; charset=utf-7"),
        (Of(), properties => properties.ContentEncoding = "gzip"),
        (Of(), properties => properties.MessageId = "no guid"),
        (Of(), properties => (properties.CorrelationId, properties.ReplyTo) = ("no guid", "no address at all")),
        (Of(), properties => (properties.Type, properties.AppId, properties.UserId) = ("urn:message:nothing", "app", "guest")),
        (Of(), properties => (properties.Priority, properties.Expiration) = (9, "600000")),
        (Of(), properties => properties.Timestamp = new AmqpTimestamp(long.MaxValue)),
    ];

    private static Dictionary<string, object?> Of(params (string Name, object? Value)[] headers) => headers.ToDictionary(header => header.Name, header => header.Value);

    private static BusMessage Message(string body, string key = Key) => Message(Encoding.UTF8.GetBytes(body), key);

    private static BusMessage Message(byte[] body, string key = Key) => new(body, key, Of(("_watermill_message_uuid", "unknown")));

    private static byte[] Zipped(string text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return zipped.ToArray();
    }
}
