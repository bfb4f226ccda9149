using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LamassuAwsConnector.Core.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Telemetry;

/// <summary>What can be counted about the connector; one method for each fact. docs/operations.md says what they mean to an operator.</summary>
public sealed class ConnectorMetrics
{
    // Seconds. Calls take 20 ms to some seconds, an event with its retries up to a minute, and events wait up to days.
    private static readonly InstrumentAdvice<double> CallBuckets = new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };
    private static readonly InstrumentAdvice<double> EventBuckets = new() { HistogramBucketBoundaries = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };
    private static readonly InstrumentAdvice<double> LagBuckets = new()
    {
        HistogramBucketBoundaries = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600, 86400],
    };

    private readonly Counter<long> devicesRegistered;
    private readonly Counter<long> shadowUpdates;
    private readonly Counter<long> certificateStatusUpdates;
    private readonly Counter<long> eventErrors;
    private readonly Counter<long> deadLetters;
    private readonly Counter<long> deadLettersReplayed;
    private readonly Counter<long> deadLettersDeleted;
    private readonly Counter<long> awsThrottles;
    private readonly Histogram<double> eventDuration;
    private readonly Histogram<double> eventLag;
    private readonly Histogram<double> awsAttemptDuration;
    private readonly Histogram<double> awsWait;
    private readonly Histogram<double> lamassuCallDuration;
    private Func<IReadOnlyDictionary<string, double>> awsRates = () => new Dictionary<string, double>();
    private readonly ConcurrentDictionary<string, bool> healthy = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FailureSource, bool> paused = new() { [FailureSource.Aws] = false, [FailureSource.Lamassu] = false };
    private readonly ConcurrentDictionary<string, byte> devices = new(StringComparer.Ordinal);
    private readonly int deviceSeries;
    private IReadOnlyList<Measurement<long>> deadLettersWaiting = [];
    private int eventTypesDenied;

    public ConnectorMetrics(IMeterFactory meterFactory, PendingRevocations pending, IOptions<MetricsOptions> options)
    {
        deviceSeries = options.Value.DeviceSeries;
        var meter = meterFactory.Create(ConnectorTelemetry.Name);
        devicesRegistered = meter.CreateCounter<long>(ConnectorTelemetry.DevicesRegistered, "{device}", "Devices registered as AWS IoT things");
        shadowUpdates = meter.CreateCounter<long>(ConnectorTelemetry.ShadowUpdates, "{update}", "Writes to device shadows");
        certificateStatusUpdates = meter.CreateCounter<long>(
            ConnectorTelemetry.CertificateStatusUpdates, "{update}", "Certificates that got another status in AWS, by the new status");
        eventErrors = meter.CreateCounter<long>(ConnectorTelemetry.EventErrors, "{error}", "Deliveries of events that failed, retried or given up");
        deadLetters = meter.CreateCounter<long>(ConnectorTelemetry.DeadLetters, "{event}", "Events given up, by the kind of failure");
        deadLettersReplayed = meter.CreateCounter<long>(ConnectorTelemetry.DeadLettersReplayed, "{event}", "Dead letters that somebody had handled once more");
        deadLettersDeleted = meter.CreateCounter<long>(ConnectorTelemetry.DeadLettersDeleted, "{event}", "Dead letters that somebody threw away");
        awsThrottles = meter.CreateCounter<long>(
            ConnectorTelemetry.AwsThrottles, "{attempt}", "Attempts that AWS turned away as too many, those that the SDK repeats among them");
        eventDuration = meter.CreateHistogram(ConnectorTelemetry.EventDuration, "s", "Time that one delivery of an event took", advice: EventBuckets);
        eventLag = meter.CreateHistogram(ConnectorTelemetry.EventLag, "s", "Time from an event's publication until it ended", advice: LagBuckets);
        awsAttemptDuration = meter.CreateHistogram(ConnectorTelemetry.AwsAttemptDuration, "s", "Time of one attempt of a call to AWS", advice: CallBuckets);
        awsWait = meter.CreateHistogram(
            ConnectorTelemetry.AwsWait, "s", "Time that one attempt of a call to AWS waited for its turn below the quotas", advice: CallBuckets);
        meter.CreateObservableGauge(
            ConnectorTelemetry.AwsRate,
            () => awsRates().Select(quota => new Measurement<double>(quota.Value, Tag(ConnectorTelemetry.QuotaTag, quota.Key))),
            "{call}/s",
            "Calls per second that the connector allows itself at present, by quota of AWS; it falls when AWS throttles");
        lamassuCallDuration = meter.CreateHistogram(
            ConnectorTelemetry.LamassuCallDuration, "s", "Time of one attempt of a call to Lamassu", advice: CallBuckets);
        meter.CreateObservableGauge(
            ConnectorTelemetry.RevocationPendingAge,
            () => pending.OldestAge().TotalSeconds,
            "s",
            "Age of the oldest revocation, hold or end that is not carried out in AWS yet");
        meter.CreateObservableGauge(
            ConnectorTelemetry.DeadLettersWaiting, () => deadLettersWaiting, "{event}", "Dead letters that wait for somebody, of all replicas");
        meter.CreateObservableGauge(
            ConnectorTelemetry.Health,
            () => healthy.Select(check => new Measurement<int>(check.Value ? 1 : 0, new KeyValuePair<string, object?>(ConnectorTelemetry.CheckTag, check.Key))),
            unit: null,
            "1: the last look found it well, 0: it did not");
        meter.CreateObservableGauge(
            ConnectorTelemetry.EventsPaused,
            () => paused.Select(source => new Measurement<int>(source.Value ? 1 : 0, Tag(ConnectorTelemetry.CauseTag, source.Key.ToString().ToLowerInvariant()))),
            unit: null,
            "1: no events are taken, as AWS or Lamassu is away; 0: they are");
        meter.CreateObservableGauge(
            ConnectorTelemetry.EventTypesDenied, () => Volatile.Read(ref eventTypesDenied), "{type}", "Types of events that wait, as access is denied to all of them");
    }

    /// <summary>
    /// Shows what can be known before it happens: a series that appears with its first count shows no increase for it. To be called when somebody listens.
    /// </summary>
    public void StartAtZero(IEnumerable<string> eventTypes)
    {
        devicesRegistered.Add(0);
        deadLettersReplayed.Add(0);
        deadLettersDeleted.Add(0);
        awsThrottles.Add(0);
        if (deviceSeries == 0)
        {
            shadowUpdates.Add(0);
        }

        foreach (var type in eventTypes.Append(ConnectorTelemetry.OtherEventType))
        {
            eventErrors.Add(0, Tag(ConnectorTelemetry.EventTypeTag, type));
        }

        foreach (var status in new[] { "active", "inactive", "revoked" })
        {
            certificateStatusUpdates.Add(0, Tag(ConnectorTelemetry.StatusTag, status));
        }

        foreach (var kind in Enum.GetValues<FailureKind>().Where(kind => kind != FailureKind.NotFound))
        {
            deadLetters.Add(0, Tag(ConnectorTelemetry.KindTag, Word(kind)));
        }
    }

    public void DeviceRegistered() => devicesRegistered.Add(1);

    /// <summary>The first devices up to the limit have a series of their own, the others share one.</summary>
    public void ShadowUpdated(string device)
    {
        if (deviceSeries == 0)
        {
            shadowUpdates.Add(1);
            return;
        }

        var known = devices.ContainsKey(device) || (devices.Count < deviceSeries && devices.TryAdd(device, 0));
        shadowUpdates.Add(1, Tag(ConnectorTelemetry.DeviceTag, known ? device : ConnectorTelemetry.OtherDevices));
    }

    /// <param name="status">As AWS spells it: <c>REVOKED</c>.</param>
    public void CertificateStatusUpdated(string status) => certificateStatusUpdates.Add(1, Tag(ConnectorTelemetry.StatusTag, status.ToLowerInvariant()));

    /// <param name="type">One of a closed set.</param>
    public void EventFailed(string type) => eventErrors.Add(1, Tag(ConnectorTelemetry.EventTypeTag, type));

    public void EventDelivered(string type, string outcome, TimeSpan duration) =>
        eventDuration.Record(duration.TotalSeconds, Tag(ConnectorTelemetry.EventTypeTag, type), Tag(ConnectorTelemetry.OutcomeTag, outcome));

    public void EventEnded(string type, TimeSpan lag) => eventLag.Record(Math.Max(0, lag.TotalSeconds), Tag(ConnectorTelemetry.EventTypeTag, type));

    public void DeadLettered(FailureKind kind) => deadLetters.Add(1, Tag(ConnectorTelemetry.KindTag, Word(kind)));

    /// <param name="count">null: not known at present.</param>
    public void DeadLettersWaiting(long? count) => deadLettersWaiting = count is { } known ? [new Measurement<long>(known)] : [];

    public void DeadLettersReplayed(int count) => deadLettersReplayed.Add(count);

    public void DeadLettersDeleted(int count) => deadLettersDeleted.Add(count);

    public void AwsAttempted(string operation, string result, TimeSpan duration)
    {
        awsAttemptDuration.Record(duration.TotalSeconds, Tag(ConnectorTelemetry.OperationTag, operation), Tag(ConnectorTelemetry.ResultTag, result));
        if (result == ConnectorTelemetry.Throttled)
        {
            awsThrottles.Add(1);
        }
    }

    public void AwsWaited(string operation, TimeSpan wait) => awsWait.Record(wait.TotalSeconds, Tag(ConnectorTelemetry.OperationTag, operation));

    /// <param name="rates">Calls per second by quota, as they are when it is called.</param>
    internal void ObserveAwsRates(Func<IReadOnlyDictionary<string, double>> rates) => awsRates = rates;

    public void LamassuCalled(string service, string operation, string result, TimeSpan duration) => lamassuCallDuration.Record(
        duration.TotalSeconds,
        Tag(ConnectorTelemetry.ServiceTag, service),
        Tag(ConnectorTelemetry.OperationTag, operation),
        Tag(ConnectorTelemetry.ResultTag, result));

    public void EventsPaused(FailureSource cause, bool isPaused) => paused[cause] = isPaused;

    public void EventTypesDenied(int types) => Volatile.Write(ref eventTypesDenied, types);

    public void HealthSeen(string check, bool isWell) => healthy[check] = isWell;

    internal static string Word(FailureKind kind) => kind == FailureKind.NotFound ? ConnectorTelemetry.NotFound : kind.ToString().ToLowerInvariant();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}

public static class MetricsServices
{
    /// <summary>Once, however many modules ask for it.</summary>
    public static IServiceCollection AddConnectorMetrics(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ConnectorMetrics)))
        {
            return services;
        }

        services.AddMetrics();
        services.AddCheckedOptions<MetricsOptions>(MetricsOptions.SectionName);
        services.TryAddSingleton<PendingRevocations>();
        return services.AddSingleton<ConnectorMetrics>();
    }
}
