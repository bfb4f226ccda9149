using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>
/// The bytes of a message and its string headers, whatever the content type says: Lamassu sends none, and MassTransit would drop what its own formats
/// can't read before a consumer sees it.
/// </summary>
internal sealed class RawEventSerialization : ISerializerFactory
{
    private static readonly ContentType Any = new("application/octet-stream");
    private static readonly string[] OfTransports = ["MT-", "RabbitMQ-"];

    public ContentType ContentType => Any;

    public IMessageSerializer CreateSerializer() => new Serializer();

    public IMessageDeserializer CreateDeserializer() => new Deserializer();

    private sealed class Serializer : IMessageSerializer
    {
        public ContentType ContentType => Any;

        public MessageBody GetMessageBody<T>(SendContext<T> context)
            where T : class => context.Message is ReceivedEvent received
                ? new MemoryMessageBody(received.Body)
                : throw new NotSupportedException($"The event bus carries no {typeof(T).Name}.");
    }

    private sealed class Deserializer : IMessageDeserializer
    {
        public ContentType ContentType => Any;

        public void Probe(ProbeContext context) => context.CreateScope("rawEvent");

        public ConsumeContext Deserialize(ReceiveContext receiveContext) => new BodyConsumeContext(
            receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

        public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
            new Context(ReceivedEvent.Of(body.GetBytes(), StringHeaders(headers)), new RawMessageContext(headers, destinationAddress, RawSerializerOptions.All));

        public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

        // A consumer in Go refuses messages with other headers, so none is ever sent on; nor what the transports add to each delivery.
        private static Dictionary<string, string> StringHeaders(Headers headers)
        {
            var strings = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var header in headers.GetAll())
            {
                if (header.Value is string value && !OfTransports.Any(prefix => header.Key.StartsWith(prefix, StringComparison.Ordinal)))
                {
                    strings[header.Key] = value;
                }
            }

            return strings;
        }
    }

    private sealed class Context(ReceivedEvent received, RawMessageContext message)
        : BaseSerializerContext(SystemTextJsonMessageSerializer.Instance, message, [MessageUrn.ForTypeString<ReceivedEvent>()])
    {
        public override bool IsSupportedMessageType<T>() => typeof(T) == typeof(ReceivedEvent);

        public override bool TryGetMessage<T>([NotNullWhen(true)] out T? message)
            where T : class
        {
            message = received as T;
            return message is not null;
        }

        public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message)
        {
            message = messageType == typeof(ReceivedEvent) ? received : null;
            return message is not null;
        }

        public override IMessageSerializer GetMessageSerializer() => new Serializer();

        public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) => new Serializer();

        public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) => new Serializer();

        public override Dictionary<string, object> ToDictionary<T>(T? message)
            where T : class => [];
    }
}
