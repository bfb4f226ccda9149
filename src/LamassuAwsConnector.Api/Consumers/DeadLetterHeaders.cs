using System.Globalization;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>A dead letter's headers: the original ones, the four that Lamassu's own services write, and what is needed to understand it. Strings only.</summary>
internal static class DeadLetterHeaders
{
    public static Dictionary<string, string> Of(ReceivedEvent received, DeadLetter letter, string queue) => new(received.Headers)
    {
        ["reason_poisoned"] = letter.Reason,
        ["topic_poisoned"] = received.Event?.Type ?? "",
        ["handler_poisoned"] = "lamassu-aws-connector",
        ["subscriber_poisoned"] = queue,
        [ReceivedEvent.FirstTimeHeader] = letter.FirstTime.ToString("O", CultureInfo.InvariantCulture),
        ["lamassu_aws_connector_time"] = letter.Time.ToString("O", CultureInfo.InvariantCulture),
        ["lamassu_aws_connector_kind"] = letter.Kind.ToString().ToLowerInvariant(),
        ["lamassu_aws_connector_code"] = letter.Code,
        ["lamassu_aws_connector_deliveries"] = letter.Deliveries.ToString(CultureInfo.InvariantCulture),
    };
}
