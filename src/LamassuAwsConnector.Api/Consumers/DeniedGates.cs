using LamassuAwsConnector.Core.Telemetry;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>
/// Events of a type wait untried while AWS or Lamassu denies all of them: they need the same calls, and each would meet the same refusal. One is tried
/// every minute; when one succeeds, the others are.
/// </summary>
internal sealed partial class DeniedGates(ConnectorMetrics metrics, TimeProvider timeProvider, ILogger<DeniedGates> logger)
{
    // One refused object says nothing of the others: its DMS may use a policy or role of its own.
    private const int Enough = 3;

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Gate> gates = new(StringComparer.Ordinal);
    private readonly Lock access = new();

    /// <summary>Types whose events wait.</summary>
    public IReadOnlyList<string> Closed
    {
        get
        {
            lock (access)
            {
                return [.. gates.Where(gate => gate.Value.IsClosed).Select(gate => gate.Key).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Whether to try an event now. A closed gate lets one through each minute.</summary>
    public bool Admits(string type)
    {
        lock (access)
        {
            if (!gates.TryGetValue(type, out var gate) || !gate.IsClosed)
            {
                return true;
            }

            if (timeProvider.GetElapsedTime(gate.LastProbe) < ProbeInterval)
            {
                return false;
            }

            gate.LastProbe = timeProvider.GetTimestamp();
            return true;
        }
    }

    public void Denied(string type, string reason)
    {
        lock (access)
        {
            if (!gates.TryGetValue(type, out var gate))
            {
                gates[type] = gate = new Gate();
            }

            gate.LastProbe = timeProvider.GetTimestamp();
            if (++gate.Denials == Enough)
            {
                Log.Closed(logger, type, reason);
            }

            Count();
        }
    }

    public void Passed(string type)
    {
        lock (access)
        {
            if (gates.Remove(type, out var gate) && gate.IsClosed)
            {
                Log.Opened(logger, type);
                Count();
            }
        }
    }

    private void Count() => metrics.EventTypesDenied(gates.Values.Count(gate => gate.IsClosed));

    private sealed class Gate
    {
        /// <summary>In a row.</summary>
        public int Denials { get; set; }

        public long LastProbe { get; set; }

        public bool IsClosed => Denials >= Enough;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Warning, "Events {EventType} wait, as access is denied to one after the other; one is tried each minute: {Reason}", EventName = "hold_events")]
        public static partial void Closed(ILogger logger, string eventType, string reason);

        [LoggerMessage(2, LogLevel.Information, "Events {EventType} are tried again, as access is no longer denied", EventName = "release_events")]
        public static partial void Opened(ILogger logger, string eventType);
    }
}
