using System.Diagnostics;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Telemetry;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Traces, counts and measures deliveries.</summary>
internal sealed class EventTelemetry(EventRoutes routes, ConnectorMetrics metrics, PendingRevocations pending, TimeProvider timeProvider)
{
    private EventRoutes Routes => routes;

    private ConnectorMetrics Metrics => metrics;

    private PendingRevocations Pending => pending;

    private TimeProvider Time => timeProvider;

    /// <summary>To be disposed when the delivery has ended. The span continues the trace of the request that caused the event.</summary>
    public ObservedDelivery Start(ReceivedEvent received)
    {
        var type = received.Event?.Type is { } named && routes.Find(named) is not null ? named : ConnectorTelemetry.OtherEventType;
        var activity = ConnectorTelemetry.StartEvent($"{type} process", TraceContexts.Of(received))
            .SetTag("cloudevents.event_type", received.Event?.Type)
            .SetTag("cloudevents.event_id", received.Event?.Id)
            .SetTag("cloudevents.event_subject", received.Event?.Subject)
            .SetTag("messaging.operation.type", "process");
        var delivery = new ObservedDelivery(this, activity, received, type, timeProvider.GetTimestamp());
        if (delivery.RevocationKey is { } key)
        {
            // While it is handled; some seconds, or minutes where AWS is slow.
            pending.Add(key, TimeOf(received), TimeSpan.Zero);
        }

        return delivery;
    }

    private DateTimeOffset TimeOf(ReceivedEvent received) => received.Event?.Time ?? received.FirstTime ?? timeProvider.GetUtcNow();

    internal sealed class ObservedDelivery(EventTelemetry telemetry, Activity activity, ReceivedEvent received, string type, long start) : IDisposable
    {
        // An event's id repeats, but not with the same subject and time.
        public string? RevocationKey { get; } = received.Event is { } cloudEvent && telemetry.Routes.IsTriedWithoutEnd(cloudEvent.Type)
            ? $"{cloudEvent.Type}|{cloudEvent.Subject}|{cloudEvent.Time:O}|{cloudEvent.Id}"
            : null;

        public void Ended(string outcome)
        {
            Delivered(outcome);
            if (RevocationKey is { } key)
            {
                telemetry.Pending.Remove(key);
            }

            if (received.Event?.Time is { } time)
            {
                telemetry.Metrics.EventEnded(type, telemetry.Time.GetUtcNow() - time);
            }
        }

        public void DeadLettered(ConnectorException failure)
        {
            Failed(failure);
            telemetry.Metrics.DeadLettered(failure.Kind);
            Ended("dead_lettered");
        }

        /// <param name="failure">null: something else has to happen first.</param>
        /// <param name="delay">Until the next delivery.</param>
        public void DeliveredLater(ConnectorException? failure, TimeSpan delay)
        {
            if (failure is not null)
            {
                Failed(failure);
            }

            Delivered(failure is null ? "waiting" : "retried");
            if (RevocationKey is { } key)
            {
                telemetry.Pending.Add(key, telemetry.TimeOf(received), delay);
            }
        }

        public void Dispose() => activity.Dispose();

        private void Failed(ConnectorException failure)
        {
            telemetry.Metrics.EventFailed(type);
            activity.SetStatus(ActivityStatusCode.Error, failure.Message).SetTag("error.type", failure.Code);
        }

        private void Delivered(string outcome)
        {
            telemetry.Metrics.EventDelivered(type, outcome, telemetry.Time.GetElapsedTime(start));
            activity.SetTag("outcome", outcome);
        }
    }
}
