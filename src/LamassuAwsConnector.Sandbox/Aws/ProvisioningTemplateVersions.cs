using System.Globalization;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal static class ProvisioningTemplateVersions
{
    // Seen in the field (hashicorp/terraform-provider-aws issue 35392); AWS's own page names no number.
    private const int VersionsOfOneTemplate = 5;

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control("CreateProvisioningTemplateVersion", "POST /provisioning-templates/{templateName}/versions", Create, "setAsDefault", "templateBody"),
        Operation.Control("DescribeProvisioningTemplateVersion", "GET /provisioning-templates/{templateName}/versions/{versionId}", Describe),
        Operation.Control("ListProvisioningTemplateVersions", "GET /provisioning-templates/{templateName}/versions", List, "maxResults nextToken"),
        Operation.Control("DeleteProvisioningTemplateVersion", "DELETE /provisioning-templates/{templateName}/versions/{versionId}", Delete),
    ];

    private static AwsAnswer Create(AwsCall call)
    {
        var template = ProvisioningTemplates.Find(call);
        var body = call.Body.RequiredText("templateBody");
        var setAsDefault = call.Flag("setAsDefault");
        ProvisioningTemplates.CheckBody(template.Type, body);
        if (template.Versions.Count >= VersionsOfOneTemplate)
        {
            throw AwsException.VersionsLimitExceeded($"Template {template.Name} already has the maximum number of versions ({VersionsOfOneTemplate})");
        }

        var version = template.AddVersion(body, call.Now);
        if (setAsDefault)
        {
            template.Default = version;
        }

        return AwsAnswer.Of(
            new()
            {
                ["templateArn"] = template.Arn(call.State),
                ["templateName"] = template.Name,
                ["versionId"] = version.Id,
                ["isDefaultVersion"] = setAsDefault,
            }
        );
    }

    private static AwsAnswer Describe(AwsCall call)
    {
        var (template, version) = Find(call);
        var answer = Summary(template, version);
        answer["templateBody"] = version.Body;
        return AwsAnswer.Of(answer);
    }

    private static AwsAnswer List(AwsCall call)
    {
        var template = ProvisioningTemplates.Find(call);
        var versions = template.Versions.AsEnumerable().Reverse();
        return Pages.ByToken.Answer(
            call,
            "versions",
            versions,
            version => version.Id.ToString(CultureInfo.InvariantCulture),
            version => Summary(template, version)
        );
    }

    private static AwsAnswer Delete(AwsCall call)
    {
        var (template, version) = Find(call);
        if (version == template.Default)
        {
            throw Assumptions.DefaultTemplateVersion(template.Name);
        }

        template.Versions.Remove(version);
        return AwsAnswer.Empty;
    }

    private static JsonObject Summary(ProvisioningTemplate template, ProvisioningTemplateVersion version) =>
        new()
        {
            ["versionId"] = version.Id,
            ["creationDate"] = Json.Seconds(version.Created),
            ["isDefaultVersion"] = version == template.Default,
        };

    private static (ProvisioningTemplate Template, ProvisioningTemplateVersion Version) Find(AwsCall call)
    {
        var template = ProvisioningTemplates.Find(call);
        var label = call.Label("versionId");
        return int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (template, template.Versions.Find(version => version.Id == id) ?? throw AwsException.NotFound($"Template {template.Name} has no version {id}"))
            : throw AwsException.InvalidRequest($"'{label}' is no versionId");
    }
}
