namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>The time of day is that of the message that is played; timers run as ever.</summary>
internal sealed class MessageClock : TimeProvider
{
    public DateTimeOffset? Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now ?? base.GetUtcNow();
}
