namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>The directory holds nothing that can be played, or holds it in another form than agreed.</summary>
internal sealed class RecordingException(string message) : Exception(message);
