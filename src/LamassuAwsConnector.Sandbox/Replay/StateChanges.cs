using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>Moves the Lamassu stand-in with the messages: each message's change is made to its state, as raw JSON.</summary>
internal sealed class StateChanges(LamassuState state, string connectorId)
{
    private readonly Dictionary<(LamassuKind Kind, string Id), DateTimeOffset> lastApplied = [];

    public StateChange Apply(RecordedMessage message)
    {
        if (message.IsOwn(connectorId))
        {
            return StateChange.Not(StateChangeEnd.Own);
        }

        if (message.Type is not { } type || message.Data is not { } data)
        {
            return StateChange.Not(StateChangeEnd.NoChange);
        }

        if (EventTypes.IsBind(type))
        {
            return ApplyBind(message, data);
        }

        return EventTypes.KindOf(type) is { } kind ? Apply(message, kind, type, data) : StateChange.Not(StateChangeEnd.NoChange);
    }

    private StateChange Apply(RecordedMessage message, LamassuKind kind, string type, JsonObject data)
    {
        var previous = data.Object("previous");
        var updated = data.Object("updated");
        var id = EventTypes.IsDelete(type) ? DeletedId(kind, data) : Id(kind, updated ?? data);
        if (string.IsNullOrEmpty(id) || !IsStorable(updated ?? data) || !IsStorable(previous))
        {
            return StateChange.Not(StateChangeEnd.NoChange);
        }

        if (IsOlder(kind, id, message.Time))
        {
            return StateChange.Not(StateChangeEnd.Older);
        }

        if (EventTypes.IsDelete(type))
        {
            Delete(kind, id, data);
            Applied(kind, id, message.Time);
            return new StateChange(StateChangeEnd.Applied, []);
        }

        if (updated is null)
        {
            return new StateChange(StateChangeEnd.Applied, StoreIfUnknown(kind, id, data, message.Time));
        }

        Applied(kind, id, message.Time);
        return new StateChange(StateChangeEnd.Applied, Update(kind, id, type, previous ?? updated, updated));
    }

    private List<FirstMet> Update(LamassuKind kind, string id, string type, JsonObject previous, JsonObject updated)
    {
        var known = state.Find(kind, id);
        var current = (JsonObject)(known ?? previous).DeepClone();
        var start = (JsonObject)current.DeepClone();
        Difference.Apply(current, previous, updated);
        TakeOver(type, current, updated);
        state.Store(kind, current);
        KeepFormerCertificate(kind, start);
        return known is null ? [new FirstMet(kind, id, start, IsUpdate: true)] : [];
    }

    /// <summary>What the event is about is as it says, even where an earlier event of the object is not in the recording.</summary>
    private static void TakeOver(string type, JsonObject current, JsonObject updated)
    {
        switch (type)
        {
            case EventTypes.CertificateStatus:
                TakeOver(current, updated, "status", "revocation_reason", "revocation_timestamp");
                break;
            case EventTypes.CAStatus:
                TakeOver(current.Object("certificate"), updated.Object("certificate"), "status", "revocation_reason", "revocation_timestamp");
                break;
            case EventTypes.DeviceStatus:
                TakeOver(current, updated, "status");
                break;
            case EventTypes.DeviceIdentity:
                TakeOver(current.Object("identity"), updated.Object("identity"), "status");
                break;
        }
    }

    private static void TakeOver(JsonObject? current, JsonObject? updated, params ReadOnlySpan<string> names)
    {
        if (current is null || updated is null)
        {
            return;
        }

        foreach (var name in names)
        {
            if (updated.TryGetPropertyValue(name, out var value))
            {
                current[name] = value?.DeepClone();
            }
        }
    }

    /// <summary>A reissued CA has a new certificate; the former one is still a certificate.</summary>
    private void KeepFormerCertificate(LamassuKind kind, JsonObject before)
    {
        if (kind == LamassuKind.CA && before.Object("certificate") is { } former && Id(LamassuKind.Certificate, former) is { Length: > 0 } serialNumber
            && state.Find(LamassuKind.Certificate, serialNumber) is null)
        {
            state.Store(LamassuKind.Certificate, (JsonObject)former.DeepClone());
        }
    }

    private StateChange ApplyBind(RecordedMessage message, JsonObject data)
    {
        var firstMet = new List<FirstMet>();
        var any = StoreSnapshot(LamassuKind.Dms, data.Object("dms"), message.Time, firstMet);
        if (data.Object("certificate") is { } certificate && Id(LamassuKind.Certificate, certificate) is { Length: > 0 } serialNumber)
        {
            any |= StoreSnapshot(LamassuKind.Certificate, certificate, message.Time, firstMet);
            any |= BindToSlot(message, data, certificate, serialNumber);
        }

        return any ? new StateChange(StateChangeEnd.Applied, firstMet) : StateChange.Not(StateChangeEnd.Older);
    }

    private bool StoreSnapshot(LamassuKind kind, JsonObject? item, DateTimeOffset? time, List<FirstMet> firstMet)
    {
        if (Id(kind, item) is not { Length: > 0 } id || IsOlder(kind, id, time))
        {
            return false;
        }

        firstMet.AddRange(StoreIfUnknown(kind, id, item!, time));
        return true;
    }

    /// <summary>The event's device was read before its slot was written, so it is of no use; the certificate is.</summary>
    private bool BindToSlot(RecordedMessage message, JsonObject data, JsonObject certificate, string serialNumber)
    {
        // Recorded: the slot that is written is that of the device that the certificate's CN names.
        var deviceId = certificate.Object("subject").Text("common_name") is { Length: > 0 } commonName ? commonName : BoundDeviceId(data);
        if (deviceId is null || state.Find(LamassuKind.Device, deviceId) is not { } known || IsOlder(LamassuKind.Device, deviceId, message.Time))
        {
            return false;
        }

        if (known.Text("status") != "DECOMMISSIONED" && !Identity.SerialNumbers(known).Contains(serialNumber))
        {
            var device = (JsonObject)known.DeepClone();
            Identity.Bind(device, serialNumber, certificate, message.Event.Text("time") ?? "");
            state.Store(LamassuKind.Device, device);
            Applied(LamassuKind.Device, deviceId, message.Time);
        }

        return true;
    }

    /// <summary>The device that a bind event is about.</summary>
    public static string? BoundDeviceId(JsonObject? data) =>
        data.Object("device").Text("id") ?? data.Text("device_id") ?? LamassuCertificate.AttachedDeviceId(data.Object("certificate"));

    private List<FirstMet> StoreIfUnknown(LamassuKind kind, string id, JsonObject item, DateTimeOffset? time)
    {
        if (state.Find(kind, id) is not null)
        {
            return [];
        }

        state.Store(kind, (JsonObject)item.DeepClone());
        Applied(kind, id, time);
        return [new FirstMet(kind, id, (JsonObject)item.DeepClone(), IsUpdate: false)];
    }

    private void Delete(LamassuKind kind, string id, JsonObject data)
    {
        state.Remove(kind, id);
        if (kind == LamassuKind.CA && data.Flag("CascadeDelete") == true)
        {
            foreach (var certificate in state.All(LamassuKind.Certificate).Where(certificate => certificate.Object("issuer_metadata").Text("id") == id))
            {
                state.Remove(LamassuKind.Certificate, Id(LamassuKind.Certificate, certificate)!);
            }
        }
    }

    private bool IsOlder(LamassuKind kind, string id, DateTimeOffset? time) => time is { } at && lastApplied.TryGetValue((kind, id), out var last) && at < last;

    private void Applied(LamassuKind kind, string id, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            lastApplied[(kind, id)] = at;
        }
    }

    // A certificate inside that cannot be told from others has no place in Lamassu's tables.
    private static bool IsStorable(JsonObject? item) =>
        item.Object("certificate") is not { } certificate || !certificate.TryGetPropertyValue("serial_number", out var serialNumber) || Members.AsText(serialNumber) is not null;

    private static string? Id(LamassuKind kind, JsonObject? item) => item.Text(kind == LamassuKind.Certificate ? "serial_number" : "id");

    // Delete events spell their members as Go does.
    private static string? DeletedId(LamassuKind kind, JsonObject data) => kind switch
    {
        LamassuKind.CA => data.Text("CAID"),
        LamassuKind.Certificate => data.Text("SerialNumber"),
        LamassuKind.Profile => data.Text("ProfileID"),
        _ => data.Text("ID"),
    };
}
