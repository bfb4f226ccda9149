using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Api.Configuration;

/// <summary>What was written and is not obeyed.</summary>
internal static partial class UnknownKeys
{
    // ASP.NET Core's own; they may stand in the file too.
    private static readonly HashSet<string> Framework =
        new(["Logging", "Kestrel", "AllowedHosts", "urls", "http_ports", "https_ports"], StringComparer.OrdinalIgnoreCase);

    // Keys of the existing connector's file, and of its neighbours' in the same installation, that mean nothing here.
    private static readonly (Regex Keys, string Reason)[] NoEffect =
    [
        (LevelOfOne(), "logs.level holds for everything, Logging:LogLevel for single categories"),
        (QueueOfAws(), "messages from AWS by SQS are not read"),
        (BusOfAws(), "it belongs to the provider aws_sqs_sns, which is not supported"),
        (Server(), "ASP.NET Core's urls or http_ports say where the connector listens"),
        (Publisher(), "the connector publishes no events"),
        (Deletion(), "it is an option of the CA service"),
        (LogExport(), "log lines go to stdout alone"),
    ];

    /// <summary>Keys that nobody knows, each with the one that may have been meant; of an unknown section, the section alone.</summary>
    public static IEnumerable<string> Warnings(IEnumerable<Setting> settings) => settings
        .Where(setting => !IsKnown(setting.Key) && ReasonOf(setting.Key) is null)
        .Select(setting => (Unknown: ShortestUnknown(setting.Key), setting))
        .DistinctBy(unknown => unknown.Unknown, StringComparer.OrdinalIgnoreCase)
        .Select(unknown => $"{unknown.Unknown.Replace(':', '.')} ({unknown.setting.Where}) is no key that the connector knows, and has no effect"
            + (ConfigurationSchema.Nearest(unknown.Unknown) is { } near ? $"; is {near.Replace(':', '.')} meant?" : ""));

    public static IEnumerable<string> Notices(IEnumerable<Setting> settings) => settings
        .Select(setting => (Reason: ReasonOf(setting.Key), setting))
        .Where(setting => setting.Reason is not null && !IsKnown(setting.setting.Key))
        .Select(setting => $"{setting.setting.Path} ({setting.setting.Where}) has no effect: {setting.Reason}");

    private static string? ReasonOf(string key) => NoEffect.FirstOrDefault(entry => entry.Keys.IsMatch(key)).Reason;

    // A value in place of a section or a list is wrong, not unknown.
    private static bool IsKnown(string key) => Framework.Contains(key.Split(':')[0]) || ConfigurationSchema.Find(key) is not null
        || ConfigurationSchema.IsSection(key) || ConfigurationSchema.IsOptionOrList(key);

    private static string ShortestUnknown(string key)
    {
        for (var end = key.IndexOf(':', StringComparison.Ordinal); end > 0; end = key.IndexOf(':', end + 1))
        {
            if (!ConfigurationSchema.IsSection(key[..end]))
            {
                return ConfigurationSchema.IsOptionOrList(key[..end]) ? key : key[..end];
            }
        }

        return key;
    }

    [GeneratedRegex("^(ca_client|device_manager_client|dms_manager_client|subscriber_event_bus|subscriber_dlq_event_bus):log_level$", RegexOptions.IgnoreCase)]
    private static partial Regex LevelOfOne();

    [GeneratedRegex("^aws_bidirectional_queue_name$", RegexOptions.IgnoreCase)]
    private static partial Regex QueueOfAws();

    [GeneratedRegex(
        "^subscriber_(dlq_)?event_bus:(auth_method|endpoint_url|access_key_id|secret_access_key|session_token|region|role_arn)$", RegexOptions.IgnoreCase)]
    private static partial Regex BusOfAws();

    [GeneratedRegex("^server(:|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Server();

    [GeneratedRegex("^publisher_(dlq_)?event_bus(:|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Publisher();

    [GeneratedRegex("^allow_cascade_delete$", RegexOptions.IgnoreCase)]
    private static partial Regex Deletion();

    [GeneratedRegex("^otel:logging(:|$)", RegexOptions.IgnoreCase)]
    private static partial Regex LogExport();
}
