using Amazon.IoT.Model;
using Amazon.IotData.Model;

namespace LamassuAwsConnector.Core.DryRuns;

/// <summary>The reads, made as they are.</summary>
internal sealed partial class RecordingIoTCore
{
    public Task<string> DescribeEndpointAsync(CancellationToken cancellationToken) => iot.DescribeEndpointAsync(cancellationToken);

    public Task<CACertificateDescription?> DescribeCACertificateAsync(string certificateId, CancellationToken cancellationToken) =>
        iot.DescribeCACertificateAsync(certificateId, cancellationToken);

    public Task<DescribeCACertificateResponse?> DescribeCARegistrationAsync(string certificateId, CancellationToken cancellationToken) =>
        iot.DescribeCARegistrationAsync(certificateId, cancellationToken);

    public Task<IReadOnlyList<string>> ListCACertificatesAsync(string templateName, CancellationToken cancellationToken) =>
        iot.ListCACertificatesAsync(templateName, cancellationToken);

    public Task<IReadOnlyList<CACertificate>> ListCACertificatesAsync(CancellationToken cancellationToken) => iot.ListCACertificatesAsync(cancellationToken);

    public Task<IReadOnlyDictionary<string, string>> ListTagsForResourceAsync(string resourceArn, CancellationToken cancellationToken) =>
        iot.ListTagsForResourceAsync(resourceArn, cancellationToken);

    public Task<DescribeThingResponse?> DescribeThingAsync(string thingName, CancellationToken cancellationToken) =>
        iot.DescribeThingAsync(thingName, cancellationToken);

    public Task<IReadOnlyList<string>> ListThingPrincipalsAsync(string thingName, CancellationToken cancellationToken) =>
        iot.ListThingPrincipalsAsync(thingName, cancellationToken);

    public Task<GetPolicyResponse?> GetPolicyAsync(string policyName, CancellationToken cancellationToken) => iot.GetPolicyAsync(policyName, cancellationToken);

    public Task<IReadOnlyList<PolicyVersion>> ListPolicyVersionsAsync(string policyName, CancellationToken cancellationToken) =>
        iot.ListPolicyVersionsAsync(policyName, cancellationToken);

    public Task<IReadOnlyList<string>> ListAttachedPoliciesAsync(string certificateArn, CancellationToken cancellationToken) =>
        iot.ListAttachedPoliciesAsync(certificateArn, cancellationToken);

    public Task<DescribeThingGroupResponse?> DescribeThingGroupAsync(string thingGroupName, CancellationToken cancellationToken) =>
        iot.DescribeThingGroupAsync(thingGroupName, cancellationToken);

    public Task<IReadOnlyList<string>> ListThingGroupsForThingAsync(string thingName, CancellationToken cancellationToken) =>
        iot.ListThingGroupsForThingAsync(thingName, cancellationToken);

    public Task<DescribeProvisioningTemplateResponse?> DescribeProvisioningTemplateAsync(string templateName, CancellationToken cancellationToken) =>
        iot.DescribeProvisioningTemplateAsync(templateName, cancellationToken);

    public Task<ListProvisioningTemplatesResponse> ListProvisioningTemplatesAsync(int pageSize, string? nextToken, CancellationToken cancellationToken) =>
        iot.ListProvisioningTemplatesAsync(pageSize, nextToken, cancellationToken);

    public Task<IReadOnlyList<ProvisioningTemplateVersionSummary>> ListProvisioningTemplateVersionsAsync(
        string templateName, CancellationToken cancellationToken) => iot.ListProvisioningTemplateVersionsAsync(templateName, cancellationToken);

    public Task<string?> GetThingShadowAsync(string thingName, string? shadowName, CancellationToken cancellationToken) =>
        iot.GetThingShadowAsync(thingName, shadowName, cancellationToken);

    public Task<GetConnectionResponse?> GetConnectionAsync(string clientId, CancellationToken cancellationToken) =>
        iot.GetConnectionAsync(clientId, cancellationToken);
}
