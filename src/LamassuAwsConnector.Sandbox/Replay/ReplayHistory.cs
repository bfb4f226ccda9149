using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>What happened on the way that the end state does not tell.</summary>
internal sealed class ReplayHistory
{
    private readonly Dictionary<(string DeviceId, string SerialNumber), bool> registrations = [];
    private readonly HashSet<string> boundSerialNumbers = new(StringComparer.Ordinal);
    private readonly HashSet<string> preparedThings = new(StringComparer.Ordinal);
    private readonly HashSet<string> toldOfDmss = new(StringComparer.Ordinal);
    private readonly HashSet<string> succeededCAs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<RegistrationMode>> modes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> policyUsers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RegistrationMode> thingsMadeOutsideAuto = new(StringComparer.Ordinal);
    private readonly Dictionary<(LamassuKind Kind, string Id), SortedSet<string>> unhandled = [];

    public IReadOnlyDictionary<string, RegistrationMode> ThingsMadeOutsideAuto => thingsMadeOutsideAuto;

    /// <summary>The connector was given a reason to register the device with this certificate.</summary>
    /// <param name="usable">Whether Lamassu had the certificate ACTIVE then, and the device was to be registered.</param>
    public void RegistrationAsked(string deviceId, string serialNumber, bool usable)
    {
        boundSerialNumbers.Add(serialNumber);
        registrations[(deviceId, serialNumber)] = usable || registrations.GetValueOrDefault((deviceId, serialNumber));
    }

    /// <summary>Whether the device's thing and this certificate may be absent from AWS: nothing that the connector was told asked for them.</summary>
    public bool MayBeAbsent(string deviceId, string serialNumber) =>
        !preparedThings.Contains(deviceId) && boundSerialNumbers.Contains(serialNumber) && !registrations.GetValueOrDefault((deviceId, serialNumber));

    /// <summary>The replay itself made the thing, since the recording begins after its registration.</summary>
    public void Prepared(string thingName) => preparedThings.Add(thingName);

    public bool IsPrepared(string thingName) => preparedThings.Contains(thingName);

    public void SawCA(JsonObject ca, string connectorId)
    {
        if (ca.Text("id") is { } id && ConnectorNotes.RegistrationSucceeded(ca, connectorId))
        {
            succeededCAs.Add(id);
        }
    }

    /// <summary>Whether the CA's registration ever succeeded; a reissue wipes the note.</summary>
    public bool HasSucceeded(string caId) => succeededCAs.Contains(caId);

    public void SawDms(JsonObject dms, string connectorId)
    {
        if (dms.Text("id") is not { } id)
        {
            return;
        }

        var settings = ConnectorNotes.Dms(dms, connectorId);
        Set(modes, id).Add(settings.Mode);
        foreach (var policy in settings.Policies)
        {
            Set(policyUsers, policy.Name).Add(id);
        }
    }

    /// <summary>The connector got an event of the DMS itself; a bind that carries a DMS tells nothing of its template.</summary>
    public void ToldOfDms(string dmsId) => toldOfDmss.Add(dmsId);

    public bool WasToldOfDms(string dmsId) => toldOfDmss.Contains(dmsId);

    public bool WasEver(string dmsId, RegistrationMode mode) => modes.TryGetValue(dmsId, out var seen) && seen.Contains(mode);

    /// <summary>The DMSs that named the policy at some time.</summary>
    public IReadOnlySet<string> UsersOf(string policyName) => policyUsers.GetValueOrDefault(policyName) ?? [];

    public void ThingMade(string thingName, RegistrationMode mode) => thingsMadeOutsideAuto.TryAdd(thingName, mode);

    /// <summary>An event that decides over the object was delivered, and the connector does not handle its type.</summary>
    public void NotHandled(LamassuKind kind, string id, string type)
    {
        if (!unhandled.TryGetValue((kind, id), out var types))
        {
            unhandled[(kind, id)] = types = new SortedSet<string>(StringComparer.Ordinal);
        }

        types.Add(type);
    }

    public IEnumerable<string> NotHandled(LamassuKind kind, string? id) => id is null ? [] : unhandled.GetValueOrDefault((kind, id)) ?? [];

    private static HashSet<T> Set<T>(Dictionary<string, HashSet<T>> sets, string key)
    {
        if (!sets.TryGetValue(key, out var set))
        {
            sets[key] = set = [];
        }

        return set;
    }
}
