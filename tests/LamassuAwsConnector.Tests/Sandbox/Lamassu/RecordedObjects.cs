using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>The objects in recorded answers and messages, by the time at which they looked so.</summary>
internal sealed class RecordedObjects
{
    private readonly List<(string Folder, DateTimeOffset Time, LamassuKind Kind, string Id, JsonObject Value)> sightings = [];

    public RecordedObjects(IEnumerable<RecordedCall> calls, IEnumerable<RecordedEvent> events)
    {
        foreach (var recorded in events)
        {
            Add(recorded.Folder, recorded.Time, recorded.Published.Data["previous"]);
            Add(recorded.Folder, recorded.Time, recorded.Published.Data["updated"]);
            Add(recorded.Folder, recorded.Time, recorded.Published.Data);
        }

        // Answers to writes show what came of them, so they are left out.
        foreach (var call in calls.Where(call => call is { Method: "GET", Response: JsonObject }))
        {
            Add(call.Folder, call.Time, call.Response);
            foreach (var item in call.Response!["list"] as JsonArray ?? [])
            {
                Add(call.Folder, call.Time, item);
            }
        }

        // A stable sort: of a message's two states the former comes first.
        var inOrder = sightings.OrderBy(sighting => sighting.Time).ToList();
        sightings.Clear();
        sightings.AddRange(inOrder);
    }

    /// <summary>
    /// The object as a call found it: what it read, or else the first state that shows afterwards. A device only gains events, so of its states the
    /// one with the fewest is the first; messages come in another order.
    /// </summary>
    public JsonObject? FoundBy(RecordedCall call, LamassuKind kind, string id)
    {
        var seen = sightings
            .Where(sighting => sighting.Folder == call.Folder && sighting.Time >= call.Time && sighting.Kind == kind && sighting.Id == id)
            .ToList();
        return call.Method == "GET" ? seen.FirstOrDefault().Value : seen.Select(sighting => sighting.Value).MinBy(CountEvents);
    }

    /// <summary>The objects that a call names.</summary>
    public static IEnumerable<(LamassuKind Kind, string Id)> NeededBy(RecordedCall call) => call.Url.Split('?')[0].Trim('/').Split('/') switch
    {
        ["v1", "cas", var id, ..] when call.Method != "POST" || id != "import" => [(LamassuKind.CA, id)],
        ["v1", "certificates", var serialNumber, ..] => [(LamassuKind.Certificate, serialNumber)],
        ["v1", "devices", "dms", ..] => (call.Response!["list"] as JsonArray ?? []).Select(device => (LamassuKind.Device, (string)device!["id"]!)),
        ["v1", "devices", var id, ..] => [(LamassuKind.Device, id)],
        ["v1", "dms", "bind-identity"] => [],
        ["v1", "dms", var id, ..] => [(LamassuKind.Dms, id)],
        _ => [],
    };

    /// <summary>A device's current certificate, and the device of a certificate.</summary>
    public static IEnumerable<(LamassuKind Kind, string Id)> BelongingTo(LamassuKind kind, JsonObject value)
    {
        if (kind == LamassuKind.Device && value["identity"] is JsonObject slot)
        {
            yield return (LamassuKind.Certificate, (string)slot["versions"]![$"{slot["active_version"]}"]!);
        }

        if (kind == LamassuKind.Certificate && value["metadata"]?["lamassu.io/ra/attached-to"]?["device_id"] is { } deviceId)
        {
            yield return (LamassuKind.Device, (string)deviceId!);
        }
    }

    private void Add(string folder, DateTimeOffset time, JsonNode? node)
    {
        if (node is JsonObject value && KindOf(value) is { } kind)
        {
            sightings.Add((folder, time, kind, (string)(value["id"] ?? value["serial_number"])!, value));
        }
    }

    private static int CountEvents(JsonObject value) =>
        ((value["events"] as JsonObject)?.Count ?? 0) + ((value["identity"]?["events"] as JsonObject)?.Count ?? 0);

    private static LamassuKind? KindOf(JsonObject value) =>
        value.ContainsKey("dms_owner") ? LamassuKind.Device
        : value.ContainsKey("settings") ? LamassuKind.Dms
        : value.ContainsKey("level") ? LamassuKind.CA
        : value.ContainsKey("issuer_metadata") ? LamassuKind.Certificate
        : null;
}
