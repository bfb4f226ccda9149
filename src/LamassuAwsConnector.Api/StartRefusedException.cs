namespace LamassuAwsConnector.Api;

/// <summary>Something around the connector forbids that it runs; the message says what, and what to do.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
