using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Events;

/// <summary>Puts Lamassu's events into their envelopes.</summary>
internal sealed partial class EventPublisher(PublishEvent publish, GoClock clock, bool enabled, ILogger<EventPublisher> logger)
{
    private static readonly string[] ReactedTo = ["certificate.status.update", "certificate.metadata.update"];

    public bool Enabled => enabled;

    /// <param name="operation">Gives id, source and caller.</param>
    /// <param name="type">The event's type, which is the routing key too.</param>
    /// <param name="subject">Null on most audit records.</param>
    /// <param name="data">Copied, so the caller may keep its parts.</param>
    /// <param name="cancellationToken">Ends the publication.</param>
    public async Task PublishAsync(Operation operation, string type, string? subject, JsonNode data, CancellationToken cancellationToken)
    {
        if (!enabled)
        {
            return;
        }

        var envelope = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = operation.EventId,
            ["source"] = $"source://lamassu.io/ctx/source/{operation.Source}",
            ["type"] = type,
        };
        if (subject is not null)
        {
            envelope["subject"] = subject;
        }

        envelope["datacontenttype"] = "application/json";
        envelope["time"] = clock.Now();
        envelope["data"] = data;
        AddExtension(envelope, "authclaims", operation.AuthClaims);
        AddExtension(envelope, "authid", operation.AuthId);
        AddExtension(envelope, "authtype", operation.AuthType);
        AddExtension(envelope, "spanid", operation.SpanId);
        AddExtension(envelope, "traceid", operation.SpanId is null ? null : operation.TraceId);

        // Without a span of its own each message starts another trace. The producer's span is never that of the event.
        var traceId = operation.SpanId is null ? Operation.NewTraceId() : operation.TraceId;
        var headers = new Dictionary<string, string>
        {
            ["_watermill_message_uuid"] = operation.EventId,
            ["traceparent"] = $"00-{traceId}-{Operation.NewSpanId()}-00",
        };
        try
        {
            await publish(GoJson.WriteBytes(envelope), type, headers, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Lamassu throws this error away whatever it is: the change stands, its event is lost.
            Log.EventLost(logger, type, e);
            return;
        }

        if (ReactedTo.Contains(type))
        {
            operation.Announced.Add(new CertificateEvent(
                type, data["previous"]!.DeepClone().AsObject(), data["updated"]!.DeepClone().AsObject(), traceId));
        }
    }

    public Task PublishUpdateAsync(
        Operation operation, string type, string subject, JsonObject previous, JsonObject updated, CancellationToken cancellationToken) =>
        PublishAsync(operation, type, subject, new JsonObject { ["previous"] = previous.DeepClone(), ["updated"] = updated.DeepClone() }, cancellationToken);

    /// <summary>
    /// Carries an operation of the CA out and records it: <c>audit.&lt;type&gt;</c> behind its own event, or <c>&lt;type&gt;.error</c> in its place.
    /// </summary>
    public async Task<JsonObject> AuditedAsync(
        Operation operation, string type, JsonObject input, Func<Task<JsonObject>> run, CancellationToken cancellationToken)
    {
        JsonObject output;
        try
        {
            output = await run();
        }
        catch (LamassuException e)
        {
            var refused = new JsonObject { ["input"] = input, ["has_error"] = true, ["output"] = e.Message };
            await PublishAsync(operation, $"{type}.error", operation.EnclosingSubject, refused, cancellationToken);
            throw;
        }

        var record = new JsonObject { ["input"] = input, ["has_error"] = false, ["output"] = output.DeepClone() };

        // Importing a certificate is recorded under another name than it is published.
        var recordedType = type == "certificate.import" ? "ca.certificate.import" : type;
        await PublishAsync(operation, $"audit.{recordedType}", operation.EnclosingSubject, record, cancellationToken);
        return output;
    }

    private static void AddExtension(JsonObject envelope, string name, string? value)
    {
        if (value is not null)
        {
            envelope[name] = value;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The event {EventType} could not be published and is lost.")]
        public static partial void EventLost(ILogger logger, string eventType, Exception exception);
    }
}
