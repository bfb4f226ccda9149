using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>All that a region holds, to be read by people and tests.</summary>
internal static class StateDump
{
    public static JsonObject Write(RegionState state)
    {
        lock (state.Gate)
        {
            return new JsonObject
            {
                ["ca_certificates"] = Section(state.CACertificates.Values.OrderBy(ca => ca.Sequence), ca => ca.Id, Write),
                ["certificates"] = Section(state.Certificates.Values.OrderBy(certificate => certificate.Sequence), certificate => certificate.Id, Write),
                ["things"] = Section(state.Things.Values, thing => thing.Name, Write),
                ["thing_groups"] = Section(state.ThingGroups.Values, group => group.Name, Write),
                ["policies"] = Section(state.Policies.Values, policy => policy.Name, Write),
                ["provisioning_templates"] = Section(state.Templates.Values, template => template.Name, Write),
                ["shadows"] = Section(
                    state.Shadows,
                    thing => thing.Key,
                    thing => Section(thing.Value.Where(shadow => shadow.Value.Exists), shadow => shadow.Key, shadow => Write(shadow.Value))
                ),
                ["connections"] = Section(state.Connections.Values, connection => connection.ClientId, Write),
                ["tags"] = Section(state.Tags.Where(resource => resource.Value.Count > 0), resource => resource.Key, resource => Json.Map(resource.Value)),
            };
        }
    }

    private static JsonObject Section<T>(IEnumerable<T> items, Func<T, string> key, Func<T, JsonNode> write) =>
        new(items.Select(item => KeyValuePair.Create(key(item), (JsonNode?)write(item))));

    private static JsonObject Write(CACertificate ca) =>
        new()
        {
            ["status"] = ca.Status,
            ["auto_registration"] = ca.AutoRegistrationStatus,
            ["mode"] = ca.Mode,
            ["registration_config"] = ca.RegistrationConfig?.Write(),
            ["certificate_pem"] = ca.Data.Pem,
        };

    private static JsonObject Write(DeviceCertificate certificate) =>
        new()
        {
            ["status"] = certificate.Status,
            ["ca_certificate_id"] = certificate.CAId,
            ["mode"] = certificate.Mode,
            ["things"] = Json.Strings(certificate.Things),
            ["policies"] = Json.Strings(certificate.Policies),
            ["certificate_pem"] = certificate.Data.Pem,
        };

    private static JsonObject Write(Thing thing) =>
        new()
        {
            ["attributes"] = Json.Map(thing.Attributes),
            ["version"] = thing.Version,
            ["principals"] = Json.Strings(thing.Principals.Keys),
            ["groups"] = Json.Strings(thing.Groups),
        };

    private static JsonObject Write(ThingGroup group) =>
        new()
        {
            ["parent"] = group.Parent?.Name,
            ["description"] = group.Description,
            ["things"] = Json.Strings(group.Things),
            ["policies"] = Json.Strings(group.Policies),
        };

    private static JsonObject Write(Policy policy) =>
        new()
        {
            ["default_version"] = policy.Default.Id,
            ["default_document"] = policy.Default.Document,
            ["versions"] = Json.Strings(policy.Versions.Select(version => version.Id)),
            ["targets"] = Json.Strings(policy.Targets),
        };

    private static JsonObject Write(ProvisioningTemplate template) =>
        new()
        {
            ["type"] = template.Type,
            ["enabled"] = template.Enabled,
            ["description"] = template.Description,
            ["role_arn"] = template.RoleArn,
            ["default_version"] = template.Default.Id,
            ["default_body"] = template.Default.Body,
            ["versions"] = Json.List(template.Versions.Select(version => JsonValue.Create(version.Id))),
        };

    private static JsonObject Write(Shadow shadow) =>
        new()
        {
            ["desired"] = shadow.Desired?.Values.DeepClone(),
            ["reported"] = shadow.Reported?.Values.DeepClone(),
            ["version"] = shadow.Version,
        };

    private static JsonObject Write(Connection connection) =>
        new()
        {
            ["connected"] = connection.Connected,
            ["certificate_id"] = connection.CertificateId,
            ["thing_name"] = connection.ThingName,
        };
}
