using System.Diagnostics;

namespace LamassuAwsConnector.Core.Telemetry;

/// <summary>
/// Names of meters, sources, tags and their fixed values. Prometheus shows a name with <c>_</c> for <c>.</c>, its unit and <c>_total</c> behind it.
/// </summary>
public static class ConnectorTelemetry
{
    /// <summary>The one activity source, and the one meter.</summary>
    public const string Name = "LamassuAwsConnector";

    /// <summary>The service's name in traces and log lines.</summary>
    public const string ServiceName = "aws-iot-connector";

    // The first four are the names of the published documentation.
    internal const string DevicesRegistered = "lamassu.aws.iot.devices.registered";
    public const string ShadowUpdates = "lamassu.aws.iot.shadow_updates";
    internal const string CertificateStatusUpdates = "lamassu.aws.iot.cert_status_updates";
    internal const string EventErrors = "lamassu.aws.iot.event_errors";
    internal const string EventDuration = "lamassu.connector.event.duration";
    internal const string EventLag = "lamassu.connector.event.lag";
    internal const string DeadLetters = "lamassu.connector.dead_letters";
    internal const string DeadLettersWaiting = "lamassu.connector.dead_letters.waiting";
    internal const string DeadLettersReplayed = "lamassu.connector.dead_letters.replayed";
    internal const string DeadLettersDeleted = "lamassu.connector.dead_letters.deleted";
    internal const string AwsAttemptDuration = "lamassu.connector.aws.attempt.duration";
    internal const string AwsThrottles = "lamassu.connector.aws.throttles";
    internal const string AwsRate = "lamassu.connector.aws.limiter.rate";
    internal const string AwsWait = "lamassu.connector.aws.limiter.wait";
    internal const string LamassuCallDuration = "lamassu.connector.lamassu.call.duration";
    internal const string RevocationPendingAge = "lamassu.connector.revocation.pending_age";
    internal const string Health = "lamassu.connector.health";
    internal const string EventsPaused = "lamassu.connector.events.paused";
    internal const string EventTypesDenied = "lamassu.connector.event_types.denied";

    internal const string DeviceTag = "device";
    internal const string StatusTag = "status";
    internal const string EventTypeTag = "event_type";
    internal const string OutcomeTag = "outcome";
    internal const string KindTag = "kind";
    internal const string OperationTag = "operation";
    internal const string QuotaTag = "quota";
    internal const string ServiceTag = "service";
    internal const string ResultTag = "result";
    internal const string CheckTag = "check";
    internal const string CauseTag = "cause";

    /// <summary>Stands for every event type that the connector does not handle.</summary>
    public const string OtherEventType = "other";

    /// <summary>Stands for the devices beyond the limit. No thing's name holds a bracket.</summary>
    internal const string OtherDevices = "(other)";

    internal const string Ok = "ok";
    internal const string NotFound = "not_found";
    internal const string Throttled = "throttled";
    internal const string Cancelled = "cancelled";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>
    /// The span of an event, in the trace that <paramref name="parent"/> names. It is there without a listener too: log lines show its trace id, and
    /// Lamassu is told it.
    /// </summary>
    public static Activity StartEvent(string name, ActivityContext parent)
    {
        if (Source.CreateActivity(name, ActivityKind.Consumer, parent, idFormat: ActivityIdFormat.W3C) is { } recorded)
        {
            return recorded.Start();
        }

        var activity = new Activity(name).SetIdFormat(ActivityIdFormat.W3C);
        if (parent != default)
        {
            activity.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
        }

        return activity.Start();
    }

    /// <summary>The span of a call to AWS or Lamassu; null when nobody listens.</summary>
    internal static Activity? StartCall(string name) => Source.StartActivity(name, ActivityKind.Client);
}
