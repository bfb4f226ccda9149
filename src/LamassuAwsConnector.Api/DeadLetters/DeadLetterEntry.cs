using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LamassuAwsConnector.Api.Consumers;

namespace LamassuAwsConnector.Api.DeadLetters;

/// <summary>A letter as it lies in the store.</summary>
/// <param name="Body">The bytes of the message that died.</param>
/// <param name="Headers">Its string headers.</param>
/// <param name="Properties">Its other properties.</param>
internal sealed record ReceivedLetter(ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string> Headers, MessageProperties Properties)
{
    /// <summary>Set when it was the broker that gave the message up. Such a letter has no headers of ours.</summary>
    public BrokerDeath? Death { get; init; }

    /// <summary>The key that Lamassu published the message with.</summary>
    public string? RoutingKey => Headers.GetValueOrDefault(ReceivedEvent.RoutingKeyHeader) ?? Death?.RoutingKey;

    /// <summary>The message as it is to be handled once more.</summary>
    public ReceivedEvent Again() => ReceivedEvent.Of(Body, DeadLetterHeaders.OfReplay(Headers, RoutingKey)) with { Properties = Properties };
}

/// <param name="Reason">The broker's word: <c>delivery_limit</c>.</param>
/// <param name="RoutingKey">That of the message when it came into the queue that gave it up.</param>
/// <param name="Time">In whole seconds.</param>
internal sealed record BrokerDeath(string Reason, string? RoutingKey, DateTimeOffset? Time);

/// <summary>What a person wants to know of a letter, without its body.</summary>
internal sealed record DeadLetterEntry(
    string Id,
    string? Type,
    string? Subject,
    string? Source,
    string? RoutingKey,
    DeadLetterCause Cause,
    int? Attempts,
    int Replays,
    DateTimeOffset? FirstTime,
    DateTimeOffset? Time,
    int Size)
{
    // Ids and paths; whatever is longer is not one of Lamassu's.
    private const int MaxText = 256;
    private const int MaxReason = 1000;

    public static DeadLetterEntry Of(ReceivedLetter letter)
    {
        var headers = letter.Headers;
        var cloudEvent = ReceivedEvent.Of(letter.Body, headers).Event;
        int? attempts = int.TryParse(headers.GetValueOrDefault(DeadLetterHeaders.Deliveries), NumberStyles.None, CultureInfo.InvariantCulture, out var deliveries)
            ? deliveries
            : null;
        var timeText = letter.Death is { } death
            ? death.Time?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)
            : headers.GetValueOrDefault(DeadLetterHeaders.Time);
        return new DeadLetterEntry(
            IdOf(letter.Body, timeText ?? ""),
            Shortened(cloudEvent?.Type, MaxText),
            Shortened(cloudEvent?.Subject, MaxText),
            Shortened(cloudEvent?.Source, MaxText),
            Shortened(letter.RoutingKey, MaxText),
            CauseOf(letter),
            letter.Death is null ? attempts : null,
            DeadLetterHeaders.ReplaysOf(headers),
            TimeOf(headers.GetValueOrDefault(ReceivedEvent.FirstTimeHeader)),
            letter.Death is null ? TimeOf(timeText) : letter.Death.Time,
            letter.Body.Length);
    }

    private static string IdOf(ReadOnlyMemory<byte> body, string time)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(body.Span);
        hash.AppendData(Encoding.UTF8.GetBytes(time));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static DeadLetterCause CauseOf(ReceivedLetter letter) => letter.Death switch
    {
        { Reason: "delivery_limit" } => new DeadLetterCause(
            "delivery_limit",
            "delivery_limit",
            "The broker gave it up: too many of its deliveries ended with the connector's process or connection lost."),
        { } death => new DeadLetterCause(death.Reason, death.Reason, "The broker gave it up."),
        null when letter.Headers.TryGetValue(DeadLetterHeaders.Kind, out var kind) => new DeadLetterCause(
            Shortened(kind, MaxText)!,
            Shortened(letter.Headers.GetValueOrDefault(DeadLetterHeaders.Code), MaxText) ?? "unknown",
            Shortened(letter.Headers.GetValueOrDefault(DeadLetterHeaders.Reason), MaxReason) ?? ""),
        null => new DeadLetterCause("unknown", "unknown", "It was put here by something else than this connector."),
    };

    private static DateTimeOffset? TimeOf(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;

    private static string? Shortened(string? text, int length) => text is null || text.Length <= length ? text : text[..length] + "…";
}

/// <param name="Kind">A failure kind, or <c>delivery_limit</c>.</param>
/// <param name="Code">A stable word for the failure.</param>
/// <param name="Reason">A sentence for a person.</param>
internal sealed record DeadLetterCause(string Kind, string Code, string Reason);
