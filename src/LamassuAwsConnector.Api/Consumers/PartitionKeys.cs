using System.Text.Json;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Which events wait for each other: those of one device with its certificates, of one CA, of one DMS.</summary>
internal static class PartitionKeys
{
    private const string AttachedTo = "lamassu.io/ra/attached-to";

    public static string Of(CloudEvent cloudEvent)
    {
        var data = Member(cloudEvent.Data, "updated") is { ValueKind: JsonValueKind.Object } updated ? updated : cloudEvent.Data;
        var type = cloudEvent.Type;
        var key = FleetTypes.Includes(type) ? Prefixed("device", Text(data, "device_id")) ?? Prefixed("object", Text(data, "dms_id"))
            : DeviceEvents.BindTypes.Contains(type) ? BoundDevice(data)
            : type.StartsWith("device.", StringComparison.Ordinal) ? Prefixed("device", Id(data))
            : type.StartsWith("certificate.", StringComparison.Ordinal) ? DeviceOfCertificate(data)
            : Prefixed("object", Id(data));
        return key ?? cloudEvent.Subject ?? "";
    }

    /// <summary>The device of such a key; null when it is none of a device.</summary>
    public static string? DeviceOf(string key) => key.StartsWith("device/", StringComparison.Ordinal) ? key["device/".Length..] : null;

    private static string? BoundDevice(JsonElement data) => Prefixed("device", Text(data, "device_id") ?? Id(Member(data, "device")));

    private static string? DeviceOfCertificate(JsonElement data) => Prefixed(
        "device", Text(Member(Member(data, "metadata"), AttachedTo), "device_id") ?? Text(Member(data, "subject"), "common_name"));

    // Delete events name the id with Go's field names.
    private static string? Id(JsonElement data) => Text(data, "id") ?? Text(data, "ID") ?? Text(data, "CAID");

    private static string? Prefixed(string kind, string? id) => id is { Length: > 0 } ? $"{kind}/{id}" : null;

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
