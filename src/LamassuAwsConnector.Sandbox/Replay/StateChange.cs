using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>What became of the change that a message tells of.</summary>
/// <param name="FirstMet">The objects that Lamassu did not have before, each as it started.</param>
internal sealed record StateChange(StateChangeEnd End, IReadOnlyList<FirstMet> FirstMet)
{
    public static StateChange Not(StateChangeEnd end) => new(end, []);
}

internal enum StateChangeEnd
{
    Applied,

    /// <summary>The message tells of no object that is kept.</summary>
    NoChange,

    /// <summary>The connector writes for itself.</summary>
    Own,

    /// <summary>A later change of that object is applied already.</summary>
    Older,
}

/// <param name="Start">As it was before the message's own change.</param>
/// <param name="IsUpdate">Whether it existed before the message.</param>
internal sealed record FirstMet(LamassuKind Kind, string Id, JsonObject Start, bool IsUpdate);
