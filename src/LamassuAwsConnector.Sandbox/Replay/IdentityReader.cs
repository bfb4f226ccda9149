using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>Finds out which connector, account and region a recording belongs to.</summary>
internal static partial class IdentityReader
{
    /// <param name="options">Wins over what the recording says.</param>
    /// <param name="defaults">For what the recording does not say.</param>
    public static ConnectorIdentity Read(Recording recording, PartialIdentity options, ConnectorIdentity defaults)
    {
        var notes = recording.Parts.SelectMany(part => part.Messages).SelectMany(message => NotesIn(message.Event)).ToList();
        var connectorId = options.ConnectorId ?? Filled(recording.Manifest.Text("connector_id")) ?? MostFrequent(notes.Select(note => note.ConnectorId)) ?? defaults.ConnectorId;
        var own = notes.Where(note => note.ConnectorId == connectorId).Select(note => note.Value).ToList();
        var arns = own.SelectMany(Arns).ToList();
        return new ConnectorIdentity(
            connectorId,
            options.Account ?? Filled(recording.Manifest.Text("aws_account")) ?? MostFrequent(own.Select(note => note.Text("account")).Select(Filled)) ?? MostFrequent(arns.Select(arn => arn.Account))
                ?? AccountIn(connectorId) ?? defaults.Account,
            options.Region ?? Filled(recording.Manifest.Text("aws_region")) ?? MostFrequent(own.Select(note => note.Text("region")).Select(Filled)) ?? MostFrequent(arns.Select(arn => arn.Region))
                ?? defaults.Region);
    }

    private static IEnumerable<(string ConnectorId, JsonNode? Value)> NotesIn(JsonNode? node) => node switch
    {
        JsonObject item => item.SelectMany(member => ConnectorNotes.ConnectorIdOf(member.Key) is { } id ? [(id, member.Value)] : NotesIn(member.Value)),
        JsonArray items => items.SelectMany(NotesIn),
        _ => [],
    };

    private static IEnumerable<(string? Region, string? Account)> Arns(JsonNode? node) => node switch
    {
        JsonObject item => item.SelectMany(member => Arns(member.Value)),
        JsonArray items => items.SelectMany(Arns),
        _ => Members.AsText(node) is { } text && ArnPattern().Match(text) is { Success: true } match ? [(Filled(match.Groups["region"].Value), Filled(match.Groups["account"].Value))] : [],
    };

    // The dashboard demands ids of this form.
    private static string? AccountIn(string connectorId) => AccountIdPattern().Match(connectorId) is { Success: true } match ? match.Groups["account"].Value : null;

    private static string? MostFrequent(IEnumerable<string?> values) =>
        values.OfType<string>().GroupBy(value => value, StringComparer.Ordinal).OrderByDescending(group => group.Count()).FirstOrDefault()?.Key;

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    // IAM's ARNs have no region.
    [GeneratedRegex("^arn:aws[a-z-]*:[a-z0-9-]+:(?<region>[a-z0-9-]*):(?<account>[0-9]{12}):")]
    private static partial Regex ArnPattern();

    [GeneratedRegex("^aws\\.(?<account>[0-9]{12})$")]
    private static partial Regex AccountIdPattern();
}
