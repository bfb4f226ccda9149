using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal sealed record ProvisioningTemplateVersion(int Id, string Body, DateTimeOffset Created);

internal sealed class ProvisioningTemplate(string name, string type, DateTimeOffset created)
{
    public const string Jitp = "JITP";

    public const string FleetProvisioning = "FLEET_PROVISIONING";

    private int lastVersion;

    public string Name => name;

    public string Type => type;

    public bool IsJitp => type == Jitp;

    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset Modified { get; set; } = created;

    public string? Description { get; set; }

    public bool Enabled { get; set; }

    public required string RoleArn { get; set; }

    public JsonObject? Hook { get; set; }

    public List<ProvisioningTemplateVersion> Versions { get; } = [];

    public ProvisioningTemplateVersion Default { get; set; } = null!;

    public ProvisioningTemplateVersion AddVersion(string body, DateTimeOffset now)
    {
        var version = new ProvisioningTemplateVersion(++lastVersion, body, now);
        Versions.Add(version);
        Modified = now;
        return version;
    }

    public string Arn(RegionState state) => state.Arn($"provisioningtemplate/{name}");
}

internal static class ProvisioningTemplates
{
    private static readonly HashSet<string> HookMembers = ["payloadVersion", "targetArn"];

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control(
            "CreateProvisioningTemplate",
            "POST /provisioning-templates",
            Create,
            members: "templateName description templateBody enabled provisioningRoleArn preProvisioningHook tags type"
        ),
        Operation.Control("DescribeProvisioningTemplate", "GET /provisioning-templates/{templateName}", Describe),
        Operation.Control(
            "UpdateProvisioningTemplate",
            "PATCH /provisioning-templates/{templateName}",
            Update,
            members: "description enabled defaultVersionId provisioningRoleArn preProvisioningHook removePreProvisioningHook"
        ),
        Operation.Control("DeleteProvisioningTemplate", "DELETE /provisioning-templates/{templateName}", Delete),
        Operation.Control("ListProvisioningTemplates", "GET /provisioning-templates", List, "maxResults nextToken"),
    ];

    public static ProvisioningTemplate Find(AwsCall call)
    {
        var name = Names.Template(call.Label("templateName"));
        return call.State.Templates.GetValueOrDefault(name) ?? throw AwsException.NotFound($"Template not found: {name}");
    }

    public static void CheckBody(string type, string body)
    {
        Names.TemplateBody(body);
        _ = type == ProvisioningTemplate.Jitp ? TemplateBody.ParseJitp(body) : TemplateBody.Parse(body);
    }

    private static AwsAnswer Create(AwsCall call)
    {
        var name = Names.Template(call.Body.RequiredText("templateName"));
        var body = call.Body.RequiredText("templateBody");
        var role = Names.RoleArn(call.Body.RequiredText("provisioningRoleArn"), "provisioningRoleArn");
        var type = Names.OneOf(
            call.Body.Text("type") ?? ProvisioningTemplate.FleetProvisioning,
            "type",
            ProvisioningTemplate.FleetProvisioning,
            ProvisioningTemplate.Jitp
        );
        var tags = Tags.Read(call.Body);
        CheckBody(type, body);
        var template = new ProvisioningTemplate(name, type, call.Now)
        {
            RoleArn = role,
            Description = ReadDescription(call.Body),
            Enabled = call.Body.Boolean("enabled") == true,
            Hook = ReadHook(call.Body, type),
        };
        if (call.State.Templates.TryGetValue(name, out var known))
        {
            throw AwsException.AlreadyExists($"Template with name {name} already exists", name, known.Arn(call.State));
        }

        template.Default = template.AddVersion(body, call.Now);
        call.State.Templates.Add(name, template);
        Tags.Put(call.State, template.Arn(call.State), tags);
        return AwsAnswer.Of(
            new()
            {
                ["templateArn"] = template.Arn(call.State),
                ["templateName"] = name,
                ["defaultVersionId"] = template.Default.Id,
            }
        );
    }

    private static AwsAnswer Describe(AwsCall call)
    {
        var template = Find(call);
        var answer = Summary(call.State, template);
        answer["defaultVersionId"] = template.Default.Id;
        answer["templateBody"] = template.Default.Body;
        answer["provisioningRoleArn"] = template.RoleArn;
        return AwsAnswer.Of(answer.With("preProvisioningHook", template.Hook?.DeepClone()));
    }

    private static AwsAnswer Update(AwsCall call)
    {
        var template = Find(call);
        var description = ReadDescription(call.Body);
        var enabled = call.Body.Boolean("enabled");
        var role = call.Body.Text("provisioningRoleArn") is { } arn ? Names.RoleArn(arn, "provisioningRoleArn") : null;
        var hook = ReadHook(call.Body, template.Type);
        var removeHook = call.Body.Boolean("removePreProvisioningHook") == true;
        if (hook is not null && removeHook)
        {
            throw AwsException.InvalidRequest("A preProvisioningHook cannot be given and removed at once");
        }

        if (call.Body.Integer("defaultVersionId") is { } id)
        {
            template.Default =
                template.Versions.Find(version => version.Id == id) ?? throw AwsException.NotFound($"Template {template.Name} has no version {id}");
        }

        template.Description = description ?? template.Description;
        template.Enabled = enabled ?? template.Enabled;
        template.RoleArn = role ?? template.RoleArn;
        template.Hook = removeHook ? null : hook ?? template.Hook;
        template.Modified = call.Now;
        return AwsAnswer.Empty;
    }

    private static AwsAnswer Delete(AwsCall call)
    {
        var template = Find(call);
        if (call.State.CACertificates.Values.FirstOrDefault(ca => ca.RegistrationConfig?.TemplateName == template.Name) is { } user)
        {
            throw Assumptions.TemplateInUse(template.Name, user.Id);
        }

        if (template.Versions.Count > 1)
        {
            throw Assumptions.TemplateHasVersions(template.Name);
        }

        call.State.Templates.Remove(template.Name);
        call.State.Tags.Remove(template.Arn(call.State));
        return AwsAnswer.Empty;
    }

    private static AwsAnswer List(AwsCall call) =>
        Pages.ByToken.Answer(call, "templates", call.State.Templates.Values, template => template.Name, template => Summary(call.State, template));

    private static JsonObject Summary(RegionState state, ProvisioningTemplate template) =>
        new JsonObject
        {
            ["templateArn"] = template.Arn(state),
            ["templateName"] = template.Name,
            ["creationDate"] = Json.Seconds(template.Created),
            ["lastModifiedDate"] = Json.Seconds(template.Modified),
            ["enabled"] = template.Enabled,
            ["type"] = template.Type,
        }.With("description", template.Description);

    private static string? ReadDescription(JsonObject body) => body.Text("description") is { } description ? Names.TemplateDescription(description) : null;

    private static JsonObject? ReadHook(JsonObject body, string type)
    {
        if (body.Object("preProvisioningHook") is not { } hook)
        {
            return null;
        }

        if (type == ProvisioningTemplate.Jitp)
        {
            throw AwsException.InvalidRequest("A template of type JITP has no preProvisioningHook");
        }

        hook.AllowOnly(HookMembers, "preProvisioningHook", AwsException.InvalidRequest);
        hook.RequiredText("targetArn");
        return hook.DeepClone().AsObject();
    }
}
