using System.Globalization;
using System.Reflection;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>
/// A dead letter's headers: the original ones, the four that Lamassu's own services write, and what is needed to understand it. Strings only.
/// </summary>
internal static class DeadLetterHeaders
{
    public const string Reason = "reason_poisoned";
    public const string Time = $"{Own}time";
    public const string Kind = $"{Own}kind";
    public const string Code = $"{Own}code";
    public const string Deliveries = $"{Own}deliveries";
    public const string Version = $"{Own}version";

    /// <summary>How often it was put back from the dead letters; stays with the message.</summary>
    public const string Replays = $"{Own}replays";

    /// <summary>Who waits in this process for the message's end.</summary>
    public const string Receipt = $"{Own}receipt";

    private const string Own = "lamassu_aws_connector_";
    private const string OfBroker = "x-";
    private const string Topic = "topic_poisoned";
    private const string Handler = "handler_poisoned";
    private const string Subscriber = "subscriber_poisoned";

    private static readonly string ConnectorVersion =
        typeof(DeadLetterHeaders).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private static readonly string[] OfLetters = [Reason, Topic, Handler, Subscriber, Time, Kind, Code, Deliveries, Version, Receipt];

    public static Dictionary<string, string> Of(ReceivedEvent received, DeadLetter letter, string queue) => new(OfMessage(received.Headers))
    {
        [Reason] = letter.Reason,
        [Topic] = received.Headers.GetValueOrDefault(ReceivedEvent.RoutingKeyHeader) ?? received.Event?.Type ?? "",
        [Handler] = "lamassu-aws-connector",
        [Subscriber] = queue,
        [ReceivedEvent.FirstTimeHeader] = letter.FirstTime.ToString("O", CultureInfo.InvariantCulture),
        [Time] = letter.Time.ToString("O", CultureInfo.InvariantCulture),
        [Kind] = letter.Kind.ToString().ToLowerInvariant(),
        [Code] = letter.Code,
        [Deliveries] = letter.Deliveries.ToString(CultureInfo.InvariantCulture),
        [Version] = ConnectorVersion,
    };

    /// <summary>Those of the message before it died, with its retries forgotten.</summary>
    public static Dictionary<string, string> OfReplay(IReadOnlyDictionary<string, string> headers, string? routingKey)
    {
        var replay = OfMessage(headers);
        replay.Remove(ReceivedEvent.RetriesHeader);
        replay.Remove(ReceivedEvent.FirstTimeHeader);
        replay[Replays] = (ReplaysOf(headers) + 1).ToString(CultureInfo.InvariantCulture);
        if (routingKey is not null)
        {
            replay[ReceivedEvent.RoutingKeyHeader] = routingKey;
        }

        return replay;
    }

    public static int ReplaysOf(IReadOnlyDictionary<string, string> headers) =>
        int.TryParse(headers.GetValueOrDefault(Replays), NumberStyles.None, CultureInfo.InvariantCulture, out var replays) ? replays : 0;

    // Some that the broker writes are strings too. They tell of a queue that the copy has never been in.
    private static Dictionary<string, string> OfMessage(IReadOnlyDictionary<string, string> headers) => headers
        .Where(header => !OfLetters.Contains(header.Key, StringComparer.Ordinal) && !header.Key.StartsWith(OfBroker, StringComparison.Ordinal))
        .ToDictionary(header => header.Key, header => header.Value, StringComparer.Ordinal);
}
