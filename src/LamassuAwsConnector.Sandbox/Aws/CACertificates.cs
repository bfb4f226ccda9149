using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal static class CACertificates
{
    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Control(
            "GetRegistrationCode",
            "GET /registrationcode",
            call => AwsAnswer.Of(new() { ["registrationCode"] = StandInState.RegistrationCode(call.State) })
        ),
        Operation.Control(
            "RegisterCACertificate",
            "POST /cacertificate",
            CARegistration.Register,
            "setAsActive allowAutoRegistration",
            "caCertificate verificationCertificate registrationConfig tags certificateMode"
        ),
        Operation.Control("DescribeCACertificate", "GET /cacertificate/{caCertificateId}", Describe),
        Operation.Control("ListCACertificates", "GET /cacertificates", List, "pageSize marker isAscendingOrder templateName"),
        Operation.Control(
            "UpdateCACertificate",
            "PUT /cacertificate/{caCertificateId}",
            Update,
            "newStatus newAutoRegistrationStatus",
            "registrationConfig removeAutoRegistration"
        ),
        Operation.Control("DeleteCACertificate", "DELETE /cacertificate/{caCertificateId}", Delete),
    ];

    /// <summary>Either templateBody with roleArn, or the name of an existing template of type JITP.</summary>
    public static RegistrationConfig? ReadRegistrationConfig(AwsCall call)
    {
        if (call.Body.Object("registrationConfig") is not { } config)
        {
            return null;
        }

        config.AllowOnly(new HashSet<string> { "templateBody", "roleArn", "templateName" }, "registrationConfig", AwsException.InvalidRequest);
        var body = config.Text("templateBody");
        var role = config.Text("roleArn");
        if (config.Text("templateName") is { } name)
        {
            if (body is not null || role is not null)
            {
                throw AwsException.InvalidRequest("A registrationConfig holds either a templateName or a templateBody with a roleArn");
            }

            var template =
                call.State.Templates.GetValueOrDefault(Names.Template(name)) ?? throw AwsException.NotFound($"Provisioning template {name} not found");
            return template.IsJitp
                ? new RegistrationConfig(name, null, null)
                : throw AwsException.InvalidRequest($"Provisioning template {name} is not of type JITP");
        }

        if (body is null && role is null)
        {
            return null;
        }

        if (body is null || role is null)
        {
            throw AwsException.InvalidRequest("A registrationConfig needs a templateBody and a roleArn");
        }

        Names.RoleArn(role, "registrationConfig.roleArn");
        TemplateBody.ParseJitp(Names.TemplateBody(body, "registrationConfig.templateBody"));
        return new RegistrationConfig(null, body, role);
    }

    private static AwsAnswer Describe(AwsCall call)
    {
        var ca = Find(call);
        var description = new JsonObject
        {
            ["certificateArn"] = ca.Arn(call.State),
            ["certificateId"] = ca.Id,
            ["status"] = ca.Status,
            ["certificatePem"] = ca.Data.Pem,
            ["ownedBy"] = call.State.Account,
            ["creationDate"] = Json.Seconds(ca.Created),
            ["autoRegistrationStatus"] = ca.AutoRegistrationStatus,
            ["lastModifiedDate"] = Json.Seconds(ca.Modified),
            ["customerVersion"] = ca.CustomerVersion,
            ["generationId"] = ca.GenerationId,
            ["validity"] = new JsonObject { ["notBefore"] = Json.Seconds(ca.Data.NotBefore), ["notAfter"] = Json.Seconds(ca.Data.NotAfter) },
            ["certificateMode"] = ca.Mode,
        };
        return AwsAnswer.Of(new JsonObject { ["certificateDescription"] = description }.With("registrationConfig", ca.RegistrationConfig?.Write()));
    }

    private static AwsAnswer List(AwsCall call)
    {
        var template = call.Parameter("templateName");
        var found = call
            .State.CACertificates.Values.Where(ca => template is null || ca.RegistrationConfig?.TemplateName == template)
            .OrderBy(ca => call.Flag("isAscendingOrder") ? ca.Sequence : -ca.Sequence);
        return Pages.ByMarker.Answer(
            call,
            "certificates",
            found,
            ca => ca.Id,
            ca => new JsonObject
            {
                ["certificateArn"] = ca.Arn(call.State),
                ["certificateId"] = ca.Id,
                ["status"] = ca.Status,
                ["creationDate"] = Json.Seconds(ca.Created),
            }
        );
    }

    private static AwsAnswer Update(AwsCall call)
    {
        var ca = Find(call);
        var active = Choice(call, "newStatus", "ACTIVE", "INACTIVE");
        var autoRegistration = Choice(call, "newAutoRegistrationStatus", "ENABLE", "DISABLE");
        var config = ReadRegistrationConfig(call);
        var remove = call.Body.Boolean("removeAutoRegistration") == true;
        if (remove && config is not null)
        {
            throw AwsException.InvalidRequest("A registrationConfig cannot be given and removed at once");
        }

        ca.Active = active ?? ca.Active;
        ca.AutoRegistration = autoRegistration ?? ca.AutoRegistration;
        ca.RegistrationConfig = config ?? ca.RegistrationConfig;
        if (remove)
        {
            Assumptions.AfterRemovingAutoRegistration(ca);
        }

        ca.Touch(call.Now);
        return AwsAnswer.None;
    }

    private static AwsAnswer Delete(AwsCall call)
    {
        var ca = Find(call);
        if (ca.Active)
        {
            throw AwsException.CertificateState($"The CA certificate must be deactivated before deletion. Id: {ca.Id}");
        }

        call.State.CACertificates.Remove(ca.Id);
        call.State.Tags.Remove(ca.Arn(call.State));
        return AwsAnswer.Empty;
    }

    private static CACertificate Find(AwsCall call)
    {
        var id = Names.CertificateId(call.Label("caCertificateId"), "caCertificateId");
        return call.State.CACertificates.GetValueOrDefault(id) ?? throw AwsException.NotFound($"CA certificate {id} does not exist");
    }

    private static bool? Choice(AwsCall call, string name, string yes, string no) =>
        call.Parameter(name) is { } value ? Names.OneOf(value, name, yes, no) == yes : null;
}
