using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>A certificate's status is tried without end, with the last of the delays: without one, that would be as fast as the broker can.</summary>
internal sealed class EventDelaysValidator(IConfiguration configuration) : IValidateOptions<EventRetryOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan LeastRepeatedOnBroker = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, EventRetryOptions options)
    {
        if (options.EffectiveDelays.Any(delay => delay <= TimeSpan.Zero || delay > Longest))
        {
            return ValidateOptionsResult.Fail($"event_retries.delays must each be above 00:00:00 and at most {Longest}");
        }

        var isBroker = configuration[$"{EventBusOptions.EventsSection}:provider"] == EventBusOptions.Amqp;
        return isBroker && options.EffectiveDelays is [.., var last] && last < LeastRepeatedOnBroker
            ? ValidateOptionsResult.Fail($"event_retries.delays: the last one, {last}, is repeated without end, so it must be at least {LeastRepeatedOnBroker}")
            : ValidateOptionsResult.Success;
    }
}
