using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <param name="Manifest">What describes single event files; null for folders of recordings.</param>
internal sealed record Recording(IReadOnlyList<ReplayPart> Parts, JsonObject? Manifest)
{
    /// <summary>The story of a manifest; empty for folders of recordings.</summary>
    public IReadOnlyList<RecordedMessage> Story => Manifest is null ? [] : Parts.FirstOrDefault(part => part.IsStory)?.Messages ?? [];
}

/// <summary>Messages that are played one after the other, from a state of their own.</summary>
internal sealed record ReplayPart(string Name, IReadOnlyList<RecordedMessage> Messages, StartingPoint StartsFrom = StartingPoint.Empty, bool IsStory = false);

internal enum StartingPoint
{
    Empty,

    /// <summary>Lamassu has the CAs of the story, and they are registered with AWS.</summary>
    StoryCAs,
}
