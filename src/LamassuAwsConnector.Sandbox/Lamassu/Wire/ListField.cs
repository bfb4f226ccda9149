using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>The numbers stand in error texts.</summary>
internal enum ListFieldType
{
    Text = 0,
    TextList = 1,
    Date = 2,
    Enumeration = 4,
    Json = 5,
}

/// <summary>A field by which a list can be filtered and sorted. Its name is not always that of the JSON member.</summary>
/// <param name="Name">The name in <c>filter</c> and <c>sort_by</c>.</param>
/// <param name="Type">Decides which operators there are.</param>
/// <param name="Path">Where the value is in the object.</param>
/// <param name="IsAmbiguous">Filtering by it is an error of the database: two tables of the query have it.</param>
internal sealed record ListField(string Name, ListFieldType Type, IReadOnlyList<string> Path, bool IsAmbiguous = false)
{
    public static readonly FrozenDictionary<string, ListField> Certificates = Table(CertificateFields(""));

    public static readonly FrozenDictionary<string, ListField> CAs = Table(
    [
        Of("id", ListFieldType.Text),
        Of("profile_id", ListFieldType.Text),
        Of("metadata", ListFieldType.Json) with { IsAmbiguous = true },
        Of("serial_number", ListFieldType.Text) with { IsAmbiguous = true },
        .. CertificateFields("certificate").Where(field => field.Name is not ("metadata" or "serial_number")),
    ]);

    public static readonly FrozenDictionary<string, ListField> Profiles = Table([Of("id", ListFieldType.Text), Of("name", ListFieldType.Text)]);

    public static readonly FrozenDictionary<string, ListField> Devices = Table(
    [
        Of("id", ListFieldType.Text),
        Of("dms_owner", ListFieldType.Text),
        Of("status", ListFieldType.Enumeration),
        Of("creation_timestamp", ListFieldType.Date),
        Of("tags", ListFieldType.TextList),
        Of("metadata", ListFieldType.Json),
        Of("identity_slot", ListFieldType.Json, "identity"),
    ]);

    public static readonly FrozenDictionary<string, ListField> Dmss = Table(
    [
        Of("id", ListFieldType.Text),
        Of("name", ListFieldType.Text),
        Of("creation_date", ListFieldType.Date, "creation_ts"),
        Of("metadata", ListFieldType.Json),
        Of("settings", ListFieldType.Json),
    ]);

    public string TextOf(JsonObject row) => NodeOf(row) switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => GoJson.Write(other),
    };

    public IEnumerable<string> ItemsOf(JsonObject row) => NodeOf(row) is JsonArray list ? list.Select(item => (string?)item ?? "") : [];

    public int Compare(JsonObject left, JsonObject right) => Type == ListFieldType.Date
        ? GoTime.Parse(TextOf(left)).CompareTo(GoTime.Parse(TextOf(right)))
        : string.CompareOrdinal(TextOf(left), TextOf(right));

    private static IEnumerable<ListField> CertificateFields(string prefix)
    {
        (string Name, ListFieldType Type, string Path)[] fields =
        [
            ("serial_number", ListFieldType.Text, "serial_number"),
            ("subject.common_name", ListFieldType.Text, "subject/common_name"),
            ("subject_key_id", ListFieldType.Text, "subject_key_id"),
            ("issuer_meta.id", ListFieldType.Text, "issuer_metadata/id"),
            ("engine_id", ListFieldType.Text, "engine_id"),
            ("type", ListFieldType.Enumeration, "type"),
            ("status", ListFieldType.Enumeration, "status"),
            ("revocation_reason", ListFieldType.Enumeration, "revocation_reason"),
            ("is_ca", ListFieldType.Enumeration, "is_ca"),
            ("valid_to", ListFieldType.Date, "valid_to"),
            ("valid_from", ListFieldType.Date, "valid_from"),
            ("revocation_timestamp", ListFieldType.Date, "revocation_timestamp"),
            ("extensions.key_usage", ListFieldType.TextList, "extensions/key_usage"),
            ("extensions.extended_key_usage", ListFieldType.TextList, "extensions/extended_key_usage"),
            ("metadata", ListFieldType.Json, "metadata"),
        ];
        return fields.Select(field => Of(field.Name, field.Type, prefix.Length == 0 ? field.Path : $"{prefix}/{field.Path}"));
    }

    private static FrozenDictionary<string, ListField> Table(IEnumerable<ListField> fields) =>
        fields.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal);

    private static ListField Of(string name, ListFieldType type, string? path = null) => new(name, type, (path ?? name).Split('/'));

    private JsonNode? NodeOf(JsonObject row) => Path.Aggregate((JsonNode?)row, (node, name) => (node as JsonObject)?[name]);
}
