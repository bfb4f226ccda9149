using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Api.Configuration;

/// <summary>
/// The two shapes of the configuration file under one set of keys: the published documentation nests what the existing connector's file has at one
/// level, and gives a service's address as one URL instead of four parts.
/// </summary>
internal static partial class FileShapes
{
    private static readonly string[] Clients = ["ca_client", "device_manager_client", "dms_manager_client"];

    public static Dictionary<string, string?> Unify(IReadOnlyDictionary<string, string?> values)
    {
        var unified = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in values)
        {
            unified[Unify(key)] = value;
        }

        foreach (var client in Clients)
        {
            UnifyAddress(client, unified);
        }

        return unified;
    }

    private static string Unify(string key)
    {
        key = TopLevel().Replace(key, "");
        key = BusConfig().Replace(key, "${bus}:");
        key = TlsConfig().Replace(key, "${client}:");
        return AwsPrefix().Replace(key, "aws_config:");
    }

    // protocol, hostname, port, base_path: the existing connector's form of an address.
    private static void UnifyAddress(string client, Dictionary<string, string?> values)
    {
        if (values.ContainsKey($"{client}:base_url") || values.GetValueOrDefault($"{client}:hostname") is not { Length: > 0 } hostname)
        {
            return;
        }

        var protocol = values.GetValueOrDefault($"{client}:protocol") is { Length: > 0 } text ? text : "https";
        var port = values.GetValueOrDefault($"{client}:port") is { Length: > 0 } number ? $":{number}" : "";
        values[$"{client}:base_url"] = $"{protocol}://{hostname}{port}{values.GetValueOrDefault($"{client}:base_path")}";
        foreach (var part in new[] { "protocol", "hostname", "port", "base_path" })
        {
            values.Remove($"{client}:{part}");
        }
    }

    [GeneratedRegex("^connector:", RegexOptions.IgnoreCase)]
    private static partial Regex TopLevel();

    [GeneratedRegex("^(?<bus>subscriber_event_bus|subscriber_dlq_event_bus):config:", RegexOptions.IgnoreCase)]
    private static partial Regex BusConfig();

    [GeneratedRegex("^(?<client>ca_client|device_manager_client|dms_manager_client):tls_config:", RegexOptions.IgnoreCase)]
    private static partial Regex TlsConfig();

    [GeneratedRegex("^aws_config:aws_", RegexOptions.IgnoreCase)]
    private static partial Regex AwsPrefix();
}
