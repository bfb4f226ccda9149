using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>The actions that a device's metadata asks for.</summary>
internal static class DeviceActions
{
    private const string Actions = "actions";

    public static IReadOnlyList<string> Of(ConnectorMetadata? note) => note is null ? [] : [.. note.Value.Texts(Actions).Distinct(StringComparer.Ordinal)];

    /// <summary>Takes the done actions away; refused by Lamassu when the list is not the one that was read any more.</summary>
    /// <returns>null when none of them stands there.</returns>
    public static MetadataPatch? Without(ConnectorMetadata note, IReadOnlyList<string> done)
    {
        var present = note.Value.Texts(Actions);
        var left = present.Where(action => !done.Contains(action, StringComparer.Ordinal)).ToList();
        return left.Count == present.Count
            ? null
            : new MetadataPatch()
                .Test(note.Key, Actions, note.Value[Actions]!.DeepClone())
                .Set(note.Key, Actions, new JsonArray([.. left.Select(action => (JsonNode)action)]));
    }
}
