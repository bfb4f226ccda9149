using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu;

internal enum LamassuKind
{
    CA,
    Certificate,
    Device,
    Dms,
    Profile,
}

/// <summary>
/// Lamassu's tables. Rows are read and saved whole, without versions, so of two writers the last one wins, as in Lamassu. What goes in and comes out is a copy.
/// </summary>
internal sealed class LamassuState
{
    /// <summary>Members that the database keeps to the microsecond.</summary>
    private static readonly string[] DatabaseTimes = ["creation_ts", "creation_timestamp", "revocation_timestamp"];

    private readonly Lock gate = new();
    private readonly Dictionary<LamassuKind, Table> tables = Enum.GetValues<LamassuKind>().ToDictionary(kind => kind, _ => new Table());

    /// <summary>The object as GET answers it.</summary>
    public JsonObject? Find(LamassuKind kind, string id)
    {
        lock (gate)
        {
            return tables[kind].Find(id) is { } row ? Copy(kind, row) : null;
        }
    }

    public IReadOnlyList<JsonObject> All(LamassuKind kind)
    {
        lock (gate)
        {
            return [.. tables[kind].Rows.Select(row => Copy(kind, row))];
        }
    }

    /// <summary>
    /// Puts an object in as it is; no event is published. A CA's <c>certificate</c> becomes a row of its own too, and a change of that row shows in the CA.
    /// </summary>
    public void Store(LamassuKind kind, JsonObject value)
    {
        var copy = value.DeepClone().AsObject();
        var id = IdOf(copy) ?? throw new ArgumentException("The object has neither id nor serial_number.", nameof(value));
        lock (gate)
        {
            if (kind == LamassuKind.CA && copy["certificate"] is JsonObject certificate && IdOf(certificate) is { } serialNumber)
            {
                // The place of the member stays; its value is looked up whenever the CA is read.
                copy["certificate"] = null;
                copy["serial_number"] ??= serialNumber;
                tables[LamassuKind.Certificate].Save(serialNumber, certificate);
            }

            tables[kind].Save(id, copy);
        }
    }

    public bool Remove(LamassuKind kind, string id)
    {
        lock (gate)
        {
            return tables[kind].Remove(id);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            foreach (var table in tables.Values)
            {
                table.Clear();
            }
        }
    }

    /// <summary>Saves a row as a service does: the database keeps microseconds. The caller's object keeps its nanoseconds.</summary>
    internal void Save(LamassuKind kind, JsonObject value)
    {
        var row = value.DeepClone().AsObject();
        TruncateTimes(row);
        if (row["certificate"] is JsonObject certificate)
        {
            TruncateTimes(certificate);
        }

        Store(kind, row);
    }

    /// <summary>A page of rows. Without an order they come as the database has them: rows that were saved lately are last.</summary>
    internal IReadOnlyList<JsonObject> Page(LamassuKind kind, Func<JsonObject, bool> filter, IComparer<JsonObject>? order, int offset, int count)
    {
        lock (gate)
        {
            // A CA's row lacks the certificate, which filters look at, so CAs are put together first.
            var rows = tables[kind].Rows.Select(row => kind == LamassuKind.CA ? Copy(kind, row) : row).Where(filter);
            var page = (order is null ? rows : rows.Order(order)).Skip(offset).Take(count);
            return [.. page.Select(row => row.DeepClone().AsObject())];
        }
    }

    private static string? IdOf(JsonObject value) => (string?)value["id"] ?? (string?)value["serial_number"];

    private static void TruncateTimes(JsonObject row)
    {
        foreach (var name in DatabaseTimes)
        {
            if ((string?)row[name] is { } time)
            {
                row[name] = GoTime.ToMicroseconds(time);
            }
        }
    }

    private JsonObject Copy(LamassuKind kind, JsonObject row)
    {
        var copy = row.DeepClone().AsObject();
        if (kind == LamassuKind.CA
            && copy.ContainsKey("certificate")
            && (string?)copy["serial_number"] is { } serialNumber
            && tables[LamassuKind.Certificate].Find(serialNumber) is { } certificate)
        {
            copy["certificate"] = certificate.DeepClone();
        }

        return copy;
    }

    private sealed class Table
    {
        private readonly Dictionary<string, LinkedListNode<(string Id, JsonObject Row)>> byId = new(StringComparer.Ordinal);
        private readonly LinkedList<(string Id, JsonObject Row)> rows = new();

        public IEnumerable<JsonObject> Rows => rows.Select(row => row.Row);

        public JsonObject? Find(string id) => byId.TryGetValue(id, out var node) ? node.Value.Row : null;

        public void Save(string id, JsonObject row)
        {
            Remove(id);
            byId[id] = rows.AddLast((id, row));
        }

        public bool Remove(string id)
        {
            if (!byId.Remove(id, out var node))
            {
                return false;
            }

            rows.Remove(node);
            return true;
        }

        public void Clear()
        {
            byId.Clear();
            rows.Clear();
        }
    }
}
