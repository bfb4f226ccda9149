using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Core.Metadata;

/// <summary>How a DMS's devices come to AWS.</summary>
public enum RegistrationMode
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>The connector registers each device when its identity is bound.</summary>
    Auto,

    /// <summary>AWS registers the device at its first connection, by a provisioning template.</summary>
    Jitp,
}

/// <param name="Name">1 to 128 of <c>[\w+=,.@-]</c>.</param>
/// <param name="Document">The policy as JSON text.</param>
public sealed record DmsPolicy(string Name, string Document);

/// <param name="ShadowName">null: the classic shadow.</param>
public sealed record DmsShadowConfig(bool Enabled, string? ShadowName);

/// <param name="Enabled">Whether the template provisions devices.</param>
/// <param name="AwsCAId">The CA certificate in AWS that runs the template; null: that of the DMS's enrollment CA.</param>
/// <param name="ProvisioningRoleArn">null: <c>role/JITPRole</c> of the account.</param>
public sealed record DmsJitpConfig(bool Enabled, string? AwsCAId, string? ProvisioningRoleArn)
{
    /// <summary>The template's ARN as a connector wrote it; nothing rests on it but whose template it is.</summary>
    public string? Arn { get; init; }
}

/// <summary>What a DMS asks of this connector, read from its metadata in either dialect.</summary>
public sealed partial record DmsAwsSettings(
    MetadataDialect Dialect,
    RegistrationMode Mode,
    IReadOnlyList<DmsPolicy> Policies,
    IReadOnlyList<string> Groups,
    DmsShadowConfig Shadow,
    DmsJitpConfig Jitp)
{
    // https://docs.aws.amazon.com/general/latest/gr/iot-core.html#limits_iot: policies attached to a certificate.
    public const int MaxPolicies = 10;

    // https://docs.aws.amazon.com/iot/latest/developerguide/thing-groups.html: groups a thing is in.
    public const int MaxGroups = 10;

    // https://docs.aws.amazon.com/general/latest/gr/iot-core.html#limits_iot: characters of a policy document without white space.
    public const int MaxPolicyDocument = 2048;

    /// <exception cref="ConnectorException"><see cref="FailureKind.Invalid"/> when AWS would refuse the settings, with every reason.</exception>
    public static DmsAwsSettings Read(ConnectorMetadata metadata, string dmsId)
    {
        var value = metadata.Value;
        var documented = metadata.Dialect == MetadataDialect.Documented;
        var jitp = value.Object(documented ? "jitp_provisioning_template" : "jitp_config");
        var problems = new List<string>();
        var settings = new DmsAwsSettings(
            metadata.Dialect,
            ReadMode(metadata),
            ReadPolicies(value["policies"], problems),
            ReadGroups(value, documented ? "group_names" : "groups", problems),
            ReadShadow(metadata),
            new DmsJitpConfig(
                jitp?.Flag("enable_template") ?? false,
                jitp?.Text(documented ? "aws_ca_certificate_id" : "aws_ca_id"),
                jitp?.Text("provisioning_role_arn"))
            {
                Arn = jitp?.Text("arn"),
            });

        return problems.Count == 0
            ? settings
            : throw new ConnectorException(
                FailureKind.Invalid,
                "dms_settings_invalid",
                FailureSource.Lamassu,
                $"The settings under '{metadata.Key}' of DMS {dmsId} can't be used in AWS: {string.Join("; ", problems)}. Correct them and save the DMS.");
    }

    /// <summary>The mode alone, which is readable whatever else is wrong.</summary>
    public static RegistrationMode ReadMode(ConnectorMetadata metadata) => metadata.Dialect == MetadataDialect.Documented
        ? DocumentedMode(metadata.Value.Object("jitp_provisioning_template"))
        : Lamassu3Mode(metadata.Value.Text("registration_mode"));

    /// <summary>The shadow alone, which is readable whatever else is wrong.</summary>
    public static DmsShadowConfig ReadShadow(ConnectorMetadata metadata)
    {
        var shadow = metadata.Value.Object("shadow_config");
        return new DmsShadowConfig(shadow?.Flag("enable") ?? false, shadow?.Text("shadow_name"));
    }

    private static RegistrationMode DocumentedMode(JsonObject? jitp) =>
        jitp?.Flag("enable_template") == true ? RegistrationMode.Jitp : RegistrationMode.Auto;

    private static RegistrationMode Lamassu3Mode(string? mode) => mode?.ToLowerInvariant() switch
    {
        "auto" => RegistrationMode.Auto,
        "jitp" => RegistrationMode.Jitp,
        _ => RegistrationMode.None,
    };

    private static List<DmsPolicy> ReadPolicies(JsonNode? node, List<string> problems)
    {
        if (node is not (null or JsonArray))
        {
            problems.Add("'policies' is no list");
        }

        var policies = new List<DmsPolicy>();
        foreach (var (item, index) in (node as JsonArray ?? []).Select((item, index) => (item, index)))
        {
            var name = (item as JsonObject)?.Text("policy_name");
            var document = (item as JsonObject)?.Text("policy_document");
            if (name is null || !PolicyName().IsMatch(name))
            {
                problems.Add($"policy {index} has no name of 1 to 128 letters, digits or _+=,.@-");
            }
            else if (document is null || !IsJsonObject(document))
            {
                problems.Add($"policy '{name}' has no document that is a JSON object");
            }
            else if (document.Count(c => !char.IsWhiteSpace(c)) > MaxPolicyDocument)
            {
                problems.Add($"policy '{name}' has more than {MaxPolicyDocument} characters without white space");
            }
            else if (policies.TrueForAll(policy => policy.Name != name))
            {
                policies.Add(new DmsPolicy(name, document));
            }
        }

        if (policies.Count > MaxPolicies)
        {
            problems.Add($"{policies.Count} policies, and a certificate takes {MaxPolicies}");
        }

        return policies;
    }

    private static List<string> ReadGroups(JsonObject value, string member, List<string> problems)
    {
        var groups = value.Texts(member).Distinct(StringComparer.Ordinal).ToList();
        problems.AddRange(groups.Where(group => !ThingGroupName().IsMatch(group))
            .Select(group => $"'{group}' is no thing group name (1 to 128 letters, digits or :_-)"));
        if (groups.Count > MaxGroups)
        {
            problems.Add($"{groups.Count} groups, and a thing is in at most {MaxGroups}");
        }

        return groups;
    }

    private static bool IsJsonObject(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            return JsonDocument.TryParseValue(ref reader, out var document) && document.RootElement.ValueKind == JsonValueKind.Object && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // https://docs.aws.amazon.com/iot/latest/apireference/API_CreatePolicy.html
    [GeneratedRegex(@"^[a-zA-Z0-9_+=,.@-]{1,128}\z")]
    private static partial Regex PolicyName();

    // https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThingGroup.html
    [GeneratedRegex(@"^[a-zA-Z0-9:_-]{1,128}\z")]
    private static partial Regex ThingGroupName();
}
