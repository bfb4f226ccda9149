namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>A request that Lamassu cannot decode: 400, with a body of JSON that is called plain text.</summary>
internal sealed class WireException(string message) : Exception(message);
