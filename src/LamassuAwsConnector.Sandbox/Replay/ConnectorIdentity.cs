namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>Which connector the recorded messages are meant for.</summary>
internal sealed record ConnectorIdentity(string ConnectorId, string Account, string Region);

/// <summary>Parts of an identity that somebody set.</summary>
internal sealed record PartialIdentity(string? ConnectorId = null, string? Account = null, string? Region = null);
