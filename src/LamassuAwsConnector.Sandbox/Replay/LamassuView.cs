using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>Lamassu at one moment, as one connector sees it.</summary>
internal sealed class LamassuView
{
    private readonly Dictionary<string, JsonObject> certificates;
    private readonly Dictionary<string, JsonObject> dmss;

    public LamassuView(string connectorId, IEnumerable<JsonObject> cas, IEnumerable<JsonObject> certificates, IEnumerable<JsonObject> devices, IEnumerable<JsonObject> dmss)
    {
        ConnectorId = connectorId;
        CAs = [.. cas];
        Devices = [.. devices];
        this.certificates = Index(certificates, "serial_number");
        this.dmss = Index(dmss, "id");
    }

    public string ConnectorId { get; }

    public IReadOnlyList<JsonObject> CAs { get; }

    public IReadOnlyList<JsonObject> Devices { get; }

    public IEnumerable<JsonObject> Certificates => certificates.Values;

    public IEnumerable<JsonObject> Dmss => dmss.Values;

    public static LamassuView Of(LamassuState state, string connectorId) => new(
        connectorId, state.All(LamassuKind.CA), state.All(LamassuKind.Certificate), state.All(LamassuKind.Device), state.All(LamassuKind.Dms));

    public JsonObject? Certificate(string? serialNumber) => serialNumber is null ? null : certificates.GetValueOrDefault(serialNumber);

    public JsonObject? Dms(string? id) => id is null ? null : dmss.GetValueOrDefault(id);

    public DmsSettings? SettingsOf(JsonObject device) => Dms(device.Text("dms_owner")) is { } dms ? ConnectorNotes.Dms(dms, ConnectorId) : null;

    public string? AwsId(JsonObject? certificate) => certificate is null ? null : LamassuCertificate.AwsId(certificate, ConnectorId);

    private static Dictionary<string, JsonObject> Index(IEnumerable<JsonObject> items, string key) =>
        items.Where(item => item.Text(key) is not null).ToDictionary(item => item.Text(key)!, StringComparer.Ordinal);
}
