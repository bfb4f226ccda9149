using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Replay;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>Messages in Lamassu's form, with nothing in them but what a test is about.</summary>
internal static class Messages
{
    public const string ConnectorId = "aws.123456789012";
    public const string Key = "lamassu.io/iot/aws.123456789012";
    public const string OwnSource = "source://lamassu.io/ctx/source/service/awsiot-connector/aws.123456789012";

    public static RecordedMessage Event(string type, string time, JsonNode? data, string source = "source://lamassu.io/ctx/source/service/ca")
    {
        var body = new JsonObject { ["specversion"] = "1.0", ["id"] = "unknown", ["source"] = source, ["type"] = type, ["time"] = time, ["data"] = data };
        return new RecordedMessage("test", Encoding.UTF8.GetBytes(body.ToJsonString()), type, new Dictionary<string, string>());
    }

    public static RecordedMessage Update(string type, string time, JsonObject previous, JsonObject updated, string source = "source://lamassu.io/ctx/source/service/ca") =>
        Event(type, time, new JsonObject { ["previous"] = previous, ["updated"] = updated }, source);

    public static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    public static string Second(int second) => $"2026-11-23T10:00:{second:00}.123456789Z";

    public static JsonObject Certificate(string serialNumber, string status = "ACTIVE", string? deviceId = null, string reason = "Unspecified")
    {
        var certificate = new JsonObject
        {
            ["serial_number"] = serialNumber,
            ["status"] = status,
            ["revocation_reason"] = reason,
            ["subject"] = new JsonObject { ["common_name"] = deviceId ?? "" },
            ["valid_to"] = "2027-11-23T10:00:00Z",
            ["metadata"] = new JsonObject(),
        };
        if (deviceId is not null)
        {
            certificate["metadata"]!["lamassu.io/ra/attached-to"] = Json($$$"""{"authorized_by":{"ra_id":"dms"},"device_id":"{{{deviceId}}}"}""");
        }

        return certificate;
    }

    public static JsonObject Device(string id, string? serialNumber = null, string status = "ACTIVE")
    {
        var device = new JsonObject { ["id"] = id, ["status"] = serialNumber is null ? "NO_IDENTITY" : status, ["dms_owner"] = "dms", ["metadata"] = new JsonObject(), ["events"] = new JsonObject() };
        if (serialNumber is not null)
        {
            device["identity"] = new JsonObject
            {
                ["status"] = status,
                ["active_version"] = 0,
                ["type"] = "x509",
                ["versions"] = new JsonObject { ["0"] = serialNumber },
                ["events"] = new JsonObject(),
            };
        }

        return device;
    }

    public static RecordedMessage Bind(string time, string deviceId, JsonObject certificate) => Event(
        "dms.bind-device-id",
        time,
        new JsonObject { ["certificate"] = certificate, ["dms"] = Json("""{"id":"dms","name":"as bound"}"""), ["device"] = Device(deviceId) },
        "source://lamassu.io/ctx/source/service/ra");
}
