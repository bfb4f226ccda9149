using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>Reads and saves rows as the services do: whole, and with the event bus's wrapper around each update.</summary>
internal sealed class Rows(LamassuState state, LamassuFaults faults, EventPublisher events)
{
    public JsonObject? Find(LamassuKind kind, string id) => state.Find(kind, id);

    /// <summary>The object before an update. With the bus on, the wrapper reads it first, and its error loses the status that the plain one has.</summary>
    public JsonObject ForUpdate(LamassuKind kind, string id) => state.Find(kind, id)
        ?? throw new LamassuException(events.Enabled ? $"mw error: could not get {NameOf(kind)} {id}: {NotFound(kind)}" : NotFound(kind));

    public JsonObject Get(LamassuKind kind, string id) => state.Find(kind, id) ?? throw new LamassuException(NotFound(kind));

    /// <summary>Whatever another writer saved in the row since it was read is overwritten.</summary>
    public async Task SaveAsync(LamassuKind kind, string id, JsonObject row, CancellationToken cancellationToken)
    {
        await faults.RunModificationAsync(kind, id, cancellationToken);
        state.Save(kind, row);
    }

    public void Remove(LamassuKind kind, string id) => state.Remove(kind, id);

    public IEnumerable<JsonObject> All(LamassuKind kind) => state.All(kind);

    /// <summary>Applies the patches of a request to an object's metadata.</summary>
    public static void Patch(JsonObject row, JsonObject request) =>
        row["metadata"] = MetadataPatch.Apply(row["metadata"], request["patches"] as JsonArray ?? throw LamassuException.Invalid());

    public static string NotFound(LamassuKind kind) => kind switch
    {
        LamassuKind.CA => "CA not found",
        LamassuKind.Certificate => "certificate not found",
        LamassuKind.Device => "device not found",
        LamassuKind.Dms => "DMS not found",
        _ => "issuance profile not found",
    };

    private static string NameOf(LamassuKind kind) => kind switch
    {
        LamassuKind.CA => "CA",
        LamassuKind.Certificate => "Certificate",
        LamassuKind.Device => "Device",
        LamassuKind.Dms => "DMS",
        _ => "IssuanceProfile",
    };
}
