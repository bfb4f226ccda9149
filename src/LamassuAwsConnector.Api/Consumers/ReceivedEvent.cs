using System.Globalization;
using LamassuAwsConnector.Core;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>A message as it came, with its past deliveries.</summary>
/// <param name="Body">The original bytes.</param>
/// <param name="Headers">String headers; the past deliveries are kept in some of our own.</param>
/// <param name="Event">null when the body is no CloudEvent.</param>
/// <param name="Unreadable">Why not.</param>
internal sealed record ReceivedEvent(
    ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string> Headers, CloudEvent? Event, ConnectorException? Unreadable)
{
    public const string RetriesHeader = "lamassu_aws_connector_retries";
    public const string FirstTimeHeader = "lamassu_aws_connector_first_time";
    public const string RoutingKeyHeader = "lamassu_aws_connector_routing_key";

    public static ReceivedEvent Of(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers)
    {
        try
        {
            return new ReceivedEvent(body, headers, CloudEvent.Parse(body), Unreadable: null);
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.Invalid)
        {
            return new ReceivedEvent(body, headers, Event: null, exception);
        }
    }

    /// <summary>Those of the broker's message that go with it wherever it is put.</summary>
    public MessageProperties Properties { get; init; } = MessageProperties.None;

    /// <summary>Delayed retries so far.</summary>
    public int Retries => Headers.TryGetValue(RetriesHeader, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var retries) ? retries : 0;

    public DateTimeOffset? FirstTime =>
        Headers.TryGetValue(FirstTimeHeader, out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;

    public Lane Lane => Lanes.Of(Event?.Type);

    public string PartitionKey => Event is null ? "" : PartitionKeys.Of(Event);

    /// <summary>Keeps the key that the message was published with; after a wait the broker shows the queue's name instead.</summary>
    public ReceivedEvent WithRoutingKey(string routingKey) =>
        Headers.ContainsKey(RoutingKeyHeader) ? this : this with { Headers = new Dictionary<string, string>(Headers) { [RoutingKeyHeader] = routingKey } };

    /// <summary>The same message on its way to one more delivery.</summary>
    /// <param name="firstTime">Of its first delivery.</param>
    /// <param name="counts">false: the last delivery was no fair trial, and is not one of those after which it is given up.</param>
    public IReadOnlyDictionary<string, string> HeadersOfNextDelivery(DateTimeOffset firstTime, bool counts) => new Dictionary<string, string>(Headers)
    {
        [RetriesHeader] = (Retries + (counts ? 1 : 0)).ToString(CultureInfo.InvariantCulture),
        [FirstTimeHeader] = firstTime.ToString("O", CultureInfo.InvariantCulture),
    };
}
