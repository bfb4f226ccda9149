using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>A message of the exchange <c>lamassu-events</c>, as it was recorded.</summary>
/// <param name="Origin">Where it was read, for people.</param>
internal sealed record RecordedMessage(string Origin, ReadOnlyMemory<byte> Body, string RoutingKey, IReadOnlyDictionary<string, string> Headers)
{
    private const string OwnSource = "service/awsiot-connector/";

    /// <summary>The CloudEvent; null where the body is no JSON object.</summary>
    public JsonObject? Event { get; } = Members.ParseObject(Body.Span);

    public string? Type => Event.Text("type");

    public string? Subject => Event.Text("subject");

    public DateTimeOffset? Time => Members.AsTime(Event.Text("time"));

    public JsonObject? Data => Event.Object("data");

    /// <summary>Whether the connector of this id caused the change. The existing Go connector sends its source as a whole URI, so that it arrives doubled.</summary>
    public bool IsOwn(string connectorId)
    {
        var source = Event.Text("source");
        return source is not null && (source == OwnSource + connectorId || source.EndsWith('/' + OwnSource + connectorId, StringComparison.Ordinal));
    }
}
