namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>Publishes a message of the bus.</summary>
/// <param name="body">The CloudEvent, structured mode.</param>
/// <param name="routingKey">The event's type.</param>
/// <param name="headers">Text headers.</param>
/// <param name="cancellationToken">Ends the attempt.</param>
internal delegate Task PublishEvent(
    ReadOnlyMemory<byte> body, string routingKey, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken);
