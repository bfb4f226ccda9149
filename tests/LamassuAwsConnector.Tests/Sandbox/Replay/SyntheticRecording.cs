using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Tests.Sandbox.Aws;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>Messages as Lamassu would publish them, in the order in which it would, for what no recording holds. A second lies between two of them.</summary>
internal sealed class SyntheticRecording : IDisposable
{
    private const string CAId = "ca-made";

    private readonly TestCA ca = TestCA.Create(At(0));
    private readonly Dictionary<string, JsonObject> certificates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> devices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> dmss = new(StringComparer.Ordinal);
    private readonly List<RecordedMessage> messages = [];

    public SyntheticRecording()
    {
        var certificate = Certificate("ca0", ca.Pem, "Test CA", isCA: true);
        Add("ca.create", new JsonObject
        {
            ["id"] = CAId,
            ["certificate"] = certificate,
            ["serial_number"] = "ca0",
            ["metadata"] = new JsonObject { [Messages.Key] = Messages.Json("""{"registration":{"status":"REQUESTED","primary_account":false} }""") },
            ["level"] = 0,
        });
    }

    public IReadOnlyList<RecordedMessage> Recorded => messages;

    public string AwsId(string serialNumber) => LamassuCertificate.AwsId(certificates[serialNumber], Messages.ConnectorId)!;

    /// <summary>In mode auto, with the policy of that name and document.</summary>
    public void AddDms(string id, string policy = "made-policy", string topic = "made", bool revokeOnReenrollment = true)
    {
        var document = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:eu-west-1:123456789012:topic/{{topic}}"}]}""";
        dmss[id] = new JsonObject
        {
            ["id"] = id,
            ["settings"] = new JsonObject { ["reenrollment_settings"] = new JsonObject { ["revoke_on_reenrollment"] = revokeOnReenrollment } },
            ["metadata"] = new JsonObject
            {
                [Messages.Key] = new JsonObject
                {
                    ["registration_mode"] = "auto",
                    ["groups"] = new JsonArray($"{id}-things"),
                    ["policies"] = new JsonArray(new JsonObject { ["policy_name"] = policy, ["policy_document"] = document }),
                },
            },
        };
        Add("dms.create", dmss[id]);
    }

    /// <summary>The device gets a certificate; nothing binds it yet.</summary>
    /// <returns>Its serial number.</returns>
    public string Issue(string dmsId, string deviceId)
    {
        if (!devices.ContainsKey(deviceId))
        {
            devices[deviceId] = Messages.Device(deviceId);
            devices[deviceId]["dms_owner"] = dmsId;
            Add("device.create", devices[deviceId]);
        }

        var issued = ca.Issue($"CN={deviceId}", At(messages.Count));
        using var certificate = X509Certificate2.CreateFromPem(issued.Pem);
        var serialNumber = certificate.SerialNumber.TrimStart('0').ToLowerInvariant();
        certificates[serialNumber] = Certificate(serialNumber, issued.Pem, deviceId, isCA: false);
        certificates[serialNumber]["metadata"] = Messages.Json(
            $$$"""{"lamassu.io/ra/attached-to":{"authorized_by":{"ra_id":"{{{dmsId}}}"},"device_id":"{{{deviceId}}}"} }""");
        Add("ca.sign.certificate", certificates[serialNumber]);
        return serialNumber;
    }

    public RecordedMessage Bind(string deviceId, string serialNumber)
    {
        Add("dms.bind-device-id", new JsonObject
        {
            ["certificate"] = certificates[serialNumber].DeepClone(),
            ["dms"] = dmss[devices[deviceId].Text("dms_owner")!].DeepClone(),
            ["device"] = devices[deviceId].DeepClone(),
        });
        return messages[^1];
    }

    public string Enrol(string dmsId, string deviceId)
    {
        var serialNumber = Issue(dmsId, deviceId);
        Bind(deviceId, serialNumber);
        return serialNumber;
    }

    /// <param name="note">What stands under the connector's key from now on.</param>
    public void SetStatus(string serialNumber, string status, string reason = "Unspecified", JsonNode? note = null)
    {
        var previous = certificates[serialNumber];
        var updated = previous.DeepClone().AsObject();
        updated["status"] = status;
        updated["revocation_reason"] = reason;
        if (note is not null)
        {
            updated["metadata"]![Messages.Key] = note;
        }

        certificates[serialNumber] = updated;
        Add("certificate.status.update", new JsonObject { ["previous"] = previous.DeepClone(), ["updated"] = updated.DeepClone() });
    }

    /// <summary>A broker delivers what it has delivered before.</summary>
    public void Repeat(RecordedMessage message) => messages.Add(message);

    public void Dispose() => ca.Dispose();

    private void Add(string type, JsonObject data) =>
        messages.Add(Messages.Event(type, At(messages.Count).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), data.DeepClone()));

    private static DateTimeOffset At(int second) => new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero).AddSeconds(second);

    private static JsonObject Certificate(string serialNumber, string pem, string commonName, bool isCA) => new()
    {
        ["serial_number"] = serialNumber,
        ["metadata"] = new JsonObject(),
        ["status"] = "ACTIVE",
        ["certificate"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(pem)),
        ["subject"] = new JsonObject { ["common_name"] = commonName },
        ["valid_to"] = "2027-11-23T10:00:00Z",
        ["issuer_metadata"] = new JsonObject { ["serial_number"] = "ca0", ["id"] = CAId, ["level"] = 0 },
        ["revocation_timestamp"] = "0001-01-01T00:00:00Z",
        ["revocation_reason"] = "Unspecified",
        ["type"] = isCA ? "MANAGED" : "IMPORTED_WITHOUT_KEY",
        ["is_ca"] = isCA,
    };
}
