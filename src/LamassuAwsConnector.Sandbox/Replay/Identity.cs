using System.Globalization;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>The identity slot of a device.</summary>
internal static class Identity
{
    /// <summary>Serial number of the certificate that the device is meant to use; null without identity.</summary>
    public static string? CurrentSerialNumber(JsonObject? device) =>
        device.Object("identity") is { } slot && slot.Number("active_version") is { } version ? slot.Object("versions").Text(version.ToString(CultureInfo.InvariantCulture)) : null;

    public static IReadOnlyList<string> SerialNumbers(JsonObject? device) =>
        [.. (device.Object("identity").Object("versions") ?? []).Select(version => Members.AsText(version.Value)).OfType<string>()];

    /// <summary>Makes the certificate the current one, as the DMS Manager does at a binding.</summary>
    public static void Bind(JsonObject device, string serialNumber, JsonObject certificate, string time)
    {
        var slot = device.Object("identity");
        var isFirst = slot is null;
        slot ??= new JsonObject { ["status"] = "ACTIVE", ["active_version"] = 0, ["type"] = "x509", ["versions"] = new JsonObject(), ["events"] = new JsonObject() };
        var versions = slot.Object("versions") ?? [];
        var next = versions.Select(version => int.TryParse(version.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).DefaultIfEmpty(-1).Max() + 1;
        versions[next.ToString(CultureInfo.InvariantCulture)] = serialNumber;
        Put(slot, "versions", versions);
        slot["active_version"] = next;
        slot["status"] = "ACTIVE";
        slot["expiration_date"] = certificate.Text("valid_to");
        Put(device, "identity", slot);
        AddEvent(slot, time, isFirst ? "PROVISIONED" : "RENEWED", isFirst ? "" : $"New Active Version set to {next}");
        SetDeviceStatus(device, "ACTIVE", time);
    }

    /// <summary>The slot and the device take the status, as the Device Manager does.</summary>
    public static void SetStatus(JsonObject device, string status, string time)
    {
        if (device.Object("identity") is not { } slot)
        {
            return;
        }

        AddEvent(slot, time, "STATUS-UPDATED", $"Identity Slot Status updated from '{slot.Text("status")}' to '{status}'");
        slot["status"] = status;
        SetDeviceStatus(device, status, time);
    }

    private static void SetDeviceStatus(JsonObject device, string status, string time)
    {
        if (device.Text("status") is var present && present != status)
        {
            AddEvent(device, time, "STATUS-UPDATED", $"Status updated from '{present}' to '{status}'");
            device["status"] = status;
        }
    }

    private static void AddEvent(JsonObject holder, string time, string type, string description)
    {
        var events = holder.Object("events") ?? [];
        events[time] = new JsonObject { ["type"] = type, ["description"] = description };
        Put(holder, "events", events);
    }

    // A node that has its place already cannot be put there again.
    private static void Put(JsonObject holder, string name, JsonObject value)
    {
        if (value.Parent is null)
        {
            holder[name] = value;
        }
    }
}
