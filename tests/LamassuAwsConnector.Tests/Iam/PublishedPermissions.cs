using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Iam;

/// <summary>The permissions that Lamassu's published documentation gives the connector and the role of first connections.</summary>
internal static class PublishedPermissions
{
    public static IReadOnlyList<string> Connector { get; } =
    [
        "iot:RegisterCACertificate", "iot:DescribeCACertificate", "iot:UpdateCACertificate", "iot:RegisterThing", "iot:DescribeThing", "iot:UpdateCertificate",
        "iot:CreatePolicy", "iot:GetPolicy", "iot:CreatePolicyVersion", "iot:CreateThingGroup", "iot:CreateProvisioningTemplate",
        "iot:UpdateProvisioningTemplate", "iot:GetThingShadow", "iot:UpdateThingShadow",
    ];

    public static IReadOnlyList<string> JitpRole { get; } =
        ["iot:CreateThing", "iot:UpdateThing", "iot:DescribeThing", "iot:AttachThingPrincipal", "iot:AttachPolicy", "iot:UpdateCertificate"];

    /// <summary>As a policy; the published one allows them on all resources (shadows: on those of all things, which is the same).</summary>
    public static JsonObject Policy(IEnumerable<string> actions) => new()
    {
        ["Version"] = "2012-10-17",
        ["Statement"] = new JsonArray(new JsonObject
        {
            ["Effect"] = "Allow",
            ["Action"] = new JsonArray([.. actions.Select(action => JsonValue.Create(action))]),
            ["Resource"] = "*",
        }),
    };
}
