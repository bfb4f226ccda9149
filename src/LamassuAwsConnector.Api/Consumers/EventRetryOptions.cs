using System.ComponentModel.DataAnnotations;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>
/// How often a delivery that failed is tried again. Each attempt holds up to three attempts of the AWS SDK and of reads from Lamassu, within a second or
/// two. With the defaults a message that can get better is tried for about half an hour: 3 attempts in each of 8 deliveries.
/// </summary>
public sealed class EventRetryOptions
{
    public const string SectionName = "event_retries";

    /// <summary>Attempts within one delivery when AWS or Lamassu is away or asks for fewer calls.</summary>
    [ConfigurationKeyName("attempts")]
    [Range(1, 10)]
    public int Attempts { get; init; } = 3;

    /// <summary>The pause before the second attempt; it triples with each further one.</summary>
    [ConfigurationKeyName("pause")]
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After them: the pauses before each further delivery; absent: 10 s, 30 s, 1, 2, 5, 10 and 10 minutes. What is tried without end has the last one
    /// again and again, so that is at least one second.
    /// </summary>
    [ConfigurationKeyName("delays")]
    public IReadOnlyList<TimeSpan>? Delays { get; init; }

    /// <summary>How long a message is tried that AWS or Lamassu denies for want of permissions or credentials, with the last of the delays.</summary>
    [ConfigurationKeyName("max_age")]
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(24);

    // No default in the property itself: what is configured would be added to it.
    internal IReadOnlyList<TimeSpan> EffectiveDelays => Delays ?? DefaultDelays;

    private static readonly TimeSpan[] DefaultDelays =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10),
    ];
}
