using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Api.Configuration;

/// <summary>
/// The two shapes of the configuration file under one set of keys: the published documentation nests what the existing connector's file has at one
/// level, and gives a service's address as one URL instead of four parts.
/// </summary>
internal static partial class FileShapes
{
    public const string TopLevel = "connector";

    public static IReadOnlyList<string> Clients { get; } = ["ca_client", "device_manager_client", "dms_manager_client"];

    /// <summary>The parts of an address, as the existing connector's file has them.</summary>
    public static IReadOnlyList<string> AddressParts { get; } = ["hostname", "protocol", "port", "base_path"];

    /// <returns>The key that both shapes share.</returns>
    public static string Unify(string key)
    {
        key = Top().Replace(key, "");
        key = BusConfig().Replace(key, "${bus}:");
        key = TlsConfig().Replace(key, "${client}:");
        return AwsPrefix().Replace(key, "aws_config:");
    }

    [GeneratedRegex("^connector:", RegexOptions.IgnoreCase)]
    private static partial Regex Top();

    [GeneratedRegex("^(?<bus>subscriber_event_bus|subscriber_dlq_event_bus):config:", RegexOptions.IgnoreCase)]
    private static partial Regex BusConfig();

    [GeneratedRegex("^(?<client>ca_client|device_manager_client|dms_manager_client):tls_config:", RegexOptions.IgnoreCase)]
    private static partial Regex TlsConfig();

    [GeneratedRegex("^aws_config:aws_", RegexOptions.IgnoreCase)]
    private static partial Regex AwsPrefix();
}
