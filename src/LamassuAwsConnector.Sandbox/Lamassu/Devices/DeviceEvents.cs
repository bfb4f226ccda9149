using System.Globalization;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Devices;

/// <summary>The maps from time to event that devices and slots carry.</summary>
internal static class DeviceEvents
{
    public static JsonObject Create(string type, string description = "") => new() { ["type"] = type, ["description"] = description };

    /// <summary>Adds to the <c>events</c> of a device or a slot; keys stay in text order.</summary>
    public static void Add(JsonObject owner, string time, JsonObject deviceEvent)
    {
        var events = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal) { [time] = deviceEvent };
        foreach (var (key, value) in owner["events"] as JsonObject ?? [])
        {
            events[key] = value?.DeepClone();
        }

        owner["events"] = new JsonObject(events);
    }

    public static string? ActiveSerialNumber(JsonObject slot) =>
        (string?)slot["versions"]?[GoJson.Whole(slot["active_version"]).ToString(CultureInfo.InvariantCulture)];
}
