using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>
/// A fleet's state in AWS with the connector's notes in Lamassu, a line for each object. Certificates are named by their device and their place in its slot, so
/// that two runs can be compared whose keys differ.
/// </summary>
internal static class FleetState
{
    private const int DifferencesShown = 20;

    // Behind it the object's name: what is said of one stands together.
    private const int DifferenceMark = 10;

    /// <summary>As it should be, told from Lamassu's objects alone.</summary>
    public static IReadOnlyList<string> AsLamassuAsks(ProcessStage stage)
    {
        var state = stage.StandIns.Lamassu.State;
        return
        [
            .. state.All(LamassuKind.Device).SelectMany(device =>
            {
                var serials = SerialNumbers(device);
                var certificates = serials.Select((serial, place) =>
                {
                    var isCurrent = place == serials.Count - 1;
                    var status = StatusInAws(state.Find(LamassuKind.Certificate, serial)!);
                    return CertificateLine(Name(device, place), status, isCurrent ? [Id(device)] : [], isNoted: true);
                });
                return certificates.Prepend(DeviceLine(Id(device), [Name(device, serials.Count - 1)], [ProcessStage.Group], isNoted: true));
            }).Order(StringComparer.Ordinal),
        ];
    }

    public static async Task<IReadOnlyList<string>> ReadAsync(ProcessStage stage, CancellationToken cancellationToken)
    {
        var aws = await stage.StandIns.AwsControl.StateAsync(stage.StandIns.Settings.Region, cancellationToken);
        var (state, key) = (stage.StandIns.Lamassu.State, $"lamassu.io/iot/{stage.ConnectorId}");
        var devices = state.All(LamassuKind.Device).ToDictionary(Id, StringComparer.Ordinal);
        var certificates = devices.Values
            .SelectMany(device => SerialNumbers(device)
                .Select((serial, place) => (Name: Name(device, place), Row: state.Find(LamassuKind.Certificate, serial)!)))
            .ToDictionary(certificate => CertificateIds.Of(certificate.Row), StringComparer.Ordinal);
        string NameOf(string arn) => certificates.TryGetValue(arn.Split('/')[^1], out var known) ? known.Name : arn;
        return
        [
            .. Section(aws, "things").Select(thing => DeviceLine(
                    thing.Key,
                    Texts(thing.Value!["principals"]).Select(NameOf),
                    Texts(thing.Value!["groups"]),
                    devices[thing.Key]["metadata"]?[key]?["thing_registered"]?.GetValue<bool>() == true))
                .Concat(Section(aws, "certificates").Select(certificate => CertificateLine(
                    NameOf(certificate.Key),
                    certificate.Value!["status"]!.GetValue<string>(),
                    Texts(certificate.Value!["things"]),
                    certificates.TryGetValue(certificate.Key, out var known)
                        && known.Row["metadata"]?[key]?["arn"]?.GetValue<string>().EndsWith(certificate.Key, StringComparison.Ordinal) == true)))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The device's certificates in the order of its slot; the last one is current.</summary>
    public static IReadOnlyList<string> SerialNumbers(JsonObject device) =>
    [
        .. (device["identity"]?["versions"]?.AsObject() ?? [])
            .OrderBy(version => int.Parse(version.Key, CultureInfo.InvariantCulture)).Select(version => version.Value!.GetValue<string>()),
    ];

    public static string StatusInAws(JsonObject certificate)
    {
        var (status, reason) = (certificate["status"]!.GetValue<string>(), certificate["revocation_reason"]?.GetValue<string>());
        return (status, reason) switch
        {
            ("ACTIVE", _) => "ACTIVE",
            ("REVOKED", "CertificateHold") => "INACTIVE",
            ("REVOKED", _) => "REVOKED",
            _ => throw new InvalidOperationException($"{status}: no test has such a certificate."),
        };
    }

    /// <summary>What a person has to look at of two states, a line for each difference; empty when there is none.</summary>
    public static string Differences(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        string[] all = [.. Counted(expected, actual).Select(line => $"expected: {line}"), .. Counted(actual, expected).Select(line => $"found:    {line}")];
        return string.Join('\n', all.OrderBy(line => line[DifferenceMark..].Split(':')[0], StringComparer.Ordinal).Take(DifferencesShown))
            + (all.Length > DifferencesShown ? $"\n… and {all.Length - DifferencesShown} more lines" : "");

        // A line that is there twice counts twice.
        static IEnumerable<string> Counted(IReadOnlyList<string> of, IReadOnlyList<string> without)
        {
            var others = without.CountBy(line => line).ToDictionary(StringComparer.Ordinal);
            return of.CountBy(line => line).SelectMany(line => Enumerable.Repeat(line.Key, Math.Max(0, line.Value - others.GetValueOrDefault(line.Key))));
        }
    }

    private static string DeviceLine(string name, IEnumerable<string> certificates, IEnumerable<string> groups, bool isNoted) =>
        $"device {name}: {string.Join(' ', certificates)}, groups {string.Join(' ', groups)}, {Noted(isNoted)}";

    private static string CertificateLine(string name, string status, IEnumerable<string> things, bool isNoted) =>
        $"certificate {name}: {status}, things {string.Join(' ', things)}, {Noted(isNoted)}";

    private static string Noted(bool isNoted) => isNoted ? "noted in Lamassu" : "not noted in Lamassu";

    private static string Name(JsonObject device, int place) => $"{Id(device)}#{place}";

    private static string Id(JsonObject device) => device["id"]!.GetValue<string>();

    private static JsonObject Section(JsonObject aws, string name) => aws[name]!.AsObject();

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(item => item!.GetValue<string>()).Order(StringComparer.Ordinal);
}
