using System.Diagnostics;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The trace that an event belongs to: one API call of Lamassu with all that follows from it.</summary>
internal static class TraceContexts
{
    // https://www.w3.org/TR/trace-context/
    public const string Parent = "traceparent";
    private const string State = "tracestate";

    /// <summary>From the message's header, as Lamassu sends it; else from the CloudEvent's extension of that name; else none.</summary>
    public static ActivityContext Of(ReceivedEvent received)
    {
        var parent = received.Headers.GetValueOrDefault(Parent) ?? received.Event?.TraceParent;
        return ActivityContext.TryParse(parent, received.Headers.GetValueOrDefault(State), isRemote: true, out var context) ? context : default;
    }
}
