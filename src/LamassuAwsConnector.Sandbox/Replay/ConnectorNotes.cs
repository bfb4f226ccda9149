using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>What stands for one connector in the metadata of Lamassu's objects, in either of the two dialects, with whatever parts are there.</summary>
internal static class ConnectorNotes
{
    private const string Lamassu3Prefix = "lamassu.io/iot/";
    private const string DocumentedPrefix = "connectors.lamassu.io/";

    public static string? ConnectorIdOf(string metadataKey) => After(metadataKey, Lamassu3Prefix) ?? After(metadataKey, DocumentedPrefix);

    /// <summary>The value under the connector's key, Lamassu 3's before the documented one; null where there is none, or it is no object.</summary>
    public static JsonObject? Of(JsonObject? item, string connectorId) => Read(item, connectorId, out _);

    public static bool HasKey(JsonObject? item, string connectorId)
    {
        var metadata = item.Object("metadata");
        return metadata is not null && (metadata.ContainsKey(Lamassu3Prefix + connectorId) || metadata.ContainsKey(DocumentedPrefix + connectorId));
    }

    public static string? Arn(JsonObject? item, string connectorId) => Of(item, connectorId).Text("arn") is { Length: > 0 } arn ? arn : null;

    public static bool ThingRegistered(JsonObject? device, string connectorId) => Of(device, connectorId).Flag("thing_registered") == true;

    public static bool RegistrationSucceeded(JsonObject? ca, string connectorId) =>
        string.Equals(Of(ca, connectorId).Object("registration").Text("status"), "succeeded", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether this account is to be the CA's primary one. It is unless the notes deny it.</summary>
    public static bool IsPrimaryAccount(JsonObject? ca, string connectorId) => Of(ca, connectorId).Object("registration").Flag("primary_account") != false;

    public static DmsSettings Dms(JsonObject? dms, string connectorId)
    {
        var notes = Read(dms, connectorId, out var isLamassu3);
        var template = notes.Object("jitp_config") ?? notes.Object("jitp_provisioning_template");
        var enabled = template.Flag("enable_template") == true;
        return new DmsSettings(
            notes is null ? RegistrationMode.None : isLamassu3 ? Mode(notes.Text("registration_mode")) : enabled ? RegistrationMode.Jitp : RegistrationMode.Auto,
            [.. notes.Texts("groups").Concat(notes.Texts("group_names")).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)],
            [.. notes.Items("policies").Where(policy => policy.Text("policy_name") is { Length: > 0 }).Select(policy => new NamedPolicy(policy.Text("policy_name")!, Document(policy)))],
            enabled,
            template.Text("provisioning_role_arn") is { Length: > 0 } role ? role : null);
    }

    private static JsonObject? Read(JsonObject? item, string connectorId, out bool isLamassu3)
    {
        var metadata = item.Object("metadata");
        isLamassu3 = metadata?[Lamassu3Prefix + connectorId] is not null;
        return metadata.Object((isLamassu3 ? Lamassu3Prefix : DocumentedPrefix) + connectorId);
    }

    private static RegistrationMode Mode(string? text) =>
        string.Equals(text, "auto", StringComparison.OrdinalIgnoreCase) ? RegistrationMode.Auto
        : string.Equals(text, "jitp", StringComparison.OrdinalIgnoreCase) ? RegistrationMode.Jitp
        : RegistrationMode.None;

    private static string Document(JsonNode policy) => policy.Text("policy_document") ?? policy.Object("policy_document")?.ToJsonString() ?? "";

    private static string? After(string text, string prefix) => text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;
}

internal enum RegistrationMode
{
    None,
    Auto,
    Jitp,
}

internal sealed record NamedPolicy(string Name, string Document);

/// <param name="TemplateEnabled">Whether the provisioning template, if there is one, lets devices in.</param>
/// <param name="ProvisioningRoleArn">Null: the connector's own setting decides.</param>
internal sealed record DmsSettings(
    RegistrationMode Mode, IReadOnlyList<string> Groups, IReadOnlyList<NamedPolicy> Policies, bool TemplateEnabled, string? ProvisioningRoleArn);
