using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Devices;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.DryRuns;

/// <summary>AWS as it is, with the writes noted instead of made. What a service reads back after its own write is answered as AWS would answer then.</summary>
internal sealed partial class RecordingIoTCore(CallPlan plan, IIoTCore iot, AwsAccount account, IOptions<AwsOptions> options) : IIoTCore
{
    private readonly ConcurrentDictionary<string, CertificateStatus> statuses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> registered = new(StringComparer.Ordinal);

    /// <summary>AWS makes a code for an account that has none, so it is not asked.</summary>
    public Task<string> GetRegistrationCodeAsync(CancellationToken cancellationToken)
    {
        plan.Aws("GetRegistrationCode", "account");
        return Task.FromResult("dry-run");
    }

    public async Task<RegisterCACertificateResponse> RegisterCACertificateAsync(RegisterCACertificateRequest request, CancellationToken cancellationToken)
    {
        var certificateId = IssuedCertificate.Parse(request.CaCertificate, "the CA").AwsId;
        plan.Aws("RegisterCACertificate", certificateId, new JsonObject
        {
            ["certificate_mode"] = request.CertificateMode?.Value,
            ["by_verification_certificate"] = request.VerificationCertificate is not null,
            ["status"] = Status(request.SetAsActive == true),
            ["auto_registration"] = request.AllowAutoRegistration == true,
            ["template_name"] = request.RegistrationConfig?.TemplateName,
        });
        return new RegisterCACertificateResponse { CertificateId = certificateId, CertificateArn = await ArnAsync("cacert", certificateId, cancellationToken) };
    }

    public Task UpdateCACertificateAsync(UpdateCACertificateRequest request, CancellationToken cancellationToken) => Plan(
        "UpdateCACertificate",
        request.CertificateId,
        Said(
            ("status", request.NewStatus?.Value),
            ("auto_registration", request.NewAutoRegistrationStatus?.Value),
            ("template_name", request.RegistrationConfig?.TemplateName),
            ("remove_template", request.RemoveAutoRegistration == true ? true : null)));

    /// <summary>Refused as AWS refuses it when the CA is not registered or not active, which is what a person wants to hear beforehand.</summary>
    public async Task<RegisterThingResponse> RegisterThingAsync(
        string thingName, string templateBody, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var ca = IssuedCertificate.Parse(parameters[ThingTemplate.CACertificateParameter], "the CA");
        if (await iot.DescribeCACertificateAsync(ca.AwsId, cancellationToken) is not { } present || present.Status != CACertificateStatus.ACTIVE)
        {
            throw new ConnectorException(
                FailureKind.Conflict, AwsErrorCodes.ResourceRegistrationFailure, FailureSource.Aws, $"AWS would refuse to register thing {thingName}.");
        }

        var certificateId = IssuedCertificate.Parse(parameters[ThingTemplate.CertificateParameter], $"device {thingName}").AwsId;
        plan.Aws("RegisterThing", thingName, CallPlan.Document(templateBody));
        var certificateArn = await ArnAsync("cert", certificateId, cancellationToken);
        registered[certificateId] = certificateArn;
        return new RegisterThingResponse
        {
            ResourceArns = new Dictionary<string, string>
            {
                [ThingTemplate.Thing] = await ArnAsync("thing", thingName, cancellationToken),
                [ThingTemplate.Certificate] = certificateArn,
            },
        };
    }

    public Task AttachThingPrincipalAsync(string thingName, string certificateArn, CancellationToken cancellationToken) =>
        Plan("AttachThingPrincipal", thingName, JsonValue.Create(certificateArn));

    public Task DetachThingPrincipalAsync(string thingName, string certificateArn, CancellationToken cancellationToken) =>
        Plan("DetachThingPrincipal", thingName, before: JsonValue.Create(certificateArn));

    public async Task<CertificateDescription?> DescribeCertificateAsync(string certificateId, CancellationToken cancellationToken)
    {
        var certificate = await iot.DescribeCertificateAsync(certificateId, cancellationToken);
        if (certificate is null && registered.TryGetValue(certificateId, out var arn))
        {
            certificate = new CertificateDescription { CertificateId = certificateId, CertificateArn = arn, Status = CertificateStatus.ACTIVE };
        }

        if (certificate is not null && statuses.TryGetValue(certificateId, out var status))
        {
            certificate.Status = status;
        }

        return certificate;
    }

    public async Task UpdateCertificateAsync(string certificateId, CertificateStatus newStatus, CancellationToken cancellationToken)
    {
        var before = await DescribeCertificateAsync(certificateId, cancellationToken);
        plan.Aws("UpdateCertificate", certificateId, JsonValue.Create(newStatus.Value), JsonValue.Create(before?.Status?.Value));
        statuses[certificateId] = newStatus;
    }

    public Task RegisterCertificateAsync(string certificatePem, string caCertificatePem, CertificateStatus status, CancellationToken cancellationToken) =>
        Plan("RegisterCertificate", IssuedCertificate.Parse(certificatePem, "the device").AwsId, JsonValue.Create(status.Value));

    public Task CreatePolicyAsync(string policyName, string policyDocument, CancellationToken cancellationToken) =>
        Plan("CreatePolicy", policyName, CallPlan.Document(policyDocument));

    public async Task CreatePolicyVersionAsync(string policyName, string policyDocument, CancellationToken cancellationToken) => plan.Aws(
        "CreatePolicyVersion",
        policyName,
        CallPlan.Document(policyDocument),
        CallPlan.Document((await iot.GetPolicyAsync(policyName, cancellationToken))?.PolicyDocument));

    public Task DeletePolicyVersionAsync(string policyName, string versionId, CancellationToken cancellationToken) =>
        Plan("DeletePolicyVersion", policyName, before: JsonValue.Create(versionId));

    public Task AttachPolicyAsync(string policyName, string certificateArn, CancellationToken cancellationToken) =>
        Plan("AttachPolicy", policyName, JsonValue.Create(certificateArn));

    public Task CreateThingGroupAsync(string thingGroupName, CancellationToken cancellationToken) => Plan("CreateThingGroup", thingGroupName);

    public Task AddThingToThingGroupAsync(string thingName, string thingGroupName, CancellationToken cancellationToken) =>
        Plan("AddThingToThingGroup", thingName, JsonValue.Create(thingGroupName));

    public async Task<CreateProvisioningTemplateResponse> CreateProvisioningTemplateAsync(
        CreateProvisioningTemplateRequest request, CancellationToken cancellationToken)
    {
        plan.Aws(
            "CreateProvisioningTemplate",
            request.TemplateName,
            Template(request.TemplateBody, request.Description, request.Enabled, request.ProvisioningRoleArn));
        return new CreateProvisioningTemplateResponse
        {
            TemplateName = request.TemplateName,
            TemplateArn = await ArnAsync("provisioningtemplate", request.TemplateName, cancellationToken),
            DefaultVersionId = 1,
        };
    }

    public async Task UpdateProvisioningTemplateAsync(UpdateProvisioningTemplateRequest request, CancellationToken cancellationToken)
    {
        var before = await iot.DescribeProvisioningTemplateAsync(request.TemplateName, cancellationToken);
        plan.Aws(
            "UpdateProvisioningTemplate",
            request.TemplateName,
            Template(body: null, request.Description ?? before?.Description, request.Enabled ?? before?.Enabled, request.ProvisioningRoleArn ?? before?.ProvisioningRoleArn),
            Template(body: null, before?.Description, before?.Enabled, before?.ProvisioningRoleArn));
    }

    public async Task<CreateProvisioningTemplateVersionResponse> CreateProvisioningTemplateVersionAsync(
        string templateName, string templateBody, CancellationToken cancellationToken)
    {
        var before = await iot.DescribeProvisioningTemplateAsync(templateName, cancellationToken);
        plan.Aws("CreateProvisioningTemplateVersion", templateName, CallPlan.Document(templateBody), CallPlan.Document(before?.TemplateBody));
        return new CreateProvisioningTemplateVersionResponse { TemplateName = templateName, VersionId = (before?.DefaultVersionId ?? 0) + 1 };
    }

    public Task DeleteProvisioningTemplateVersionAsync(string templateName, int versionId, CancellationToken cancellationToken) =>
        Plan("DeleteProvisioningTemplateVersion", templateName, before: JsonValue.Create(versionId));

    public async Task DeleteProvisioningTemplateAsync(string templateName, CancellationToken cancellationToken)
    {
        if (await iot.DescribeProvisioningTemplateAsync(templateName, cancellationToken) is { } before)
        {
            plan.Aws(
                "DeleteProvisioningTemplate",
                templateName,
                before: Template(before.TemplateBody, before.Description, before.Enabled, before.ProvisioningRoleArn));
        }
    }

    public Task UpdateThingShadowAsync(string thingName, string? shadowName, string document, CancellationToken cancellationToken) =>
        Plan("UpdateThingShadow", thingName, CallPlan.Document(document));

    public Task<bool> DeleteConnectionAsync(string clientId, CancellationToken cancellationToken)
    {
        plan.Aws("DeleteConnection", clientId);
        return Task.FromResult(true);
    }

    private Task Plan(string operation, string target, JsonNode? after = null, JsonNode? before = null)
    {
        plan.Aws(operation, target, after, before);
        return Task.CompletedTask;
    }

    private async Task<string> ArnAsync(string type, string id, CancellationToken cancellationToken)
    {
        var identity = await account.GetAsync(cancellationToken);
        return $"arn:{identity.Partition}:iot:{options.Value.Region}:{identity.Account}:{type}/{id}";
    }

    // What is not said stays as it is in AWS.
    private static JsonObject Said(params (string Name, JsonNode? Value)[] members) =>
        new(members.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Name, member.Value)));

    private static JsonObject Template(string? body, string? description, bool? enabled, string? role)
    {
        var template = new JsonObject { ["description"] = description, ["enabled"] = enabled, ["provisioning_role_arn"] = role };
        if (body is not null)
        {
            template["template_body"] = CallPlan.Document(body);
        }

        return template;
    }

    private static string Status(bool isActive) => (isActive ? CACertificateStatus.ACTIVE : CACertificateStatus.INACTIVE).Value;
}
