using Amazon.IoT;
using Amazon.IoT.Model;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>
/// AWS IoT Core as the connector uses it: one method for each call, and so the list of permissions that the connector's IAM policy needs. What is not
/// there reads as null. Every method throws <see cref="ConnectorException"/> with the AWS error code.
/// </summary>
public interface IIoTCore
{
    Task<string> GetRegistrationCodeAsync(CancellationToken cancellationToken);

    /// <summary>The account's MQTT endpoint (<c>iot:Data-ATS</c>), a host name without scheme.</summary>
    Task<string> DescribeEndpointAsync(CancellationToken cancellationToken);

    Task<RegisterCACertificateResponse> RegisterCACertificateAsync(RegisterCACertificateRequest request, CancellationToken cancellationToken);

    Task<CACertificateDescription?> DescribeCACertificateAsync(string certificateId, CancellationToken cancellationToken);

    /// <summary>The CA with the template that it runs for new certificates.</summary>
    Task<DescribeCACertificateResponse?> DescribeCARegistrationAsync(string certificateId, CancellationToken cancellationToken);

    /// <param name="request">Members that are null stay as they are in AWS.</param>
    Task UpdateCACertificateAsync(UpdateCACertificateRequest request, CancellationToken cancellationToken);

    /// <summary>The ids of the CA certificates whose new device certificates run through the template.</summary>
    Task<IReadOnlyList<string>> ListCACertificatesAsync(string templateName, CancellationToken cancellationToken);

    /// <summary>All CA certificates of this account and region.</summary>
    Task<IReadOnlyList<CACertificate>> ListCACertificatesAsync(CancellationToken cancellationToken);

    /// <summary>The resource's tags; empty for a resource that does not exist.</summary>
    Task<IReadOnlyDictionary<string, string>> ListTagsForResourceAsync(string resourceArn, CancellationToken cancellationToken);

    /// <param name="thingName">Names the object in errors.</param>
    Task<RegisterThingResponse> RegisterThingAsync(
        string thingName, string templateBody, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken);

    Task<DescribeThingResponse?> DescribeThingAsync(string thingName, CancellationToken cancellationToken);

    /// <summary>The ARNs of the principals attached to the thing; empty for a thing that does not exist.</summary>
    Task<IReadOnlyList<string>> ListThingPrincipalsAsync(string thingName, CancellationToken cancellationToken);

    Task AttachThingPrincipalAsync(string thingName, string certificateArn, CancellationToken cancellationToken);

    Task DetachThingPrincipalAsync(string thingName, string certificateArn, CancellationToken cancellationToken);

    Task<CertificateDescription?> DescribeCertificateAsync(string certificateId, CancellationToken cancellationToken);

    Task UpdateCertificateAsync(string certificateId, CertificateStatus newStatus, CancellationToken cancellationToken);

    Task RegisterCertificateAsync(string certificatePem, string caCertificatePem, CertificateStatus status, CancellationToken cancellationToken);

    Task<GetPolicyResponse?> GetPolicyAsync(string policyName, CancellationToken cancellationToken);

    Task CreatePolicyAsync(string policyName, string policyDocument, CancellationToken cancellationToken);

    /// <summary>All versions, the default one among them, oldest first.</summary>
    Task<IReadOnlyList<PolicyVersion>> ListPolicyVersionsAsync(string policyName, CancellationToken cancellationToken);

    /// <summary>Makes a version that is the operative one at once.</summary>
    Task CreatePolicyVersionAsync(string policyName, string policyDocument, CancellationToken cancellationToken);

    Task DeletePolicyVersionAsync(string policyName, string versionId, CancellationToken cancellationToken);

    Task AttachPolicyAsync(string policyName, string certificateArn, CancellationToken cancellationToken);

    /// <summary>The names of the policies attached to the certificate itself.</summary>
    Task<IReadOnlyList<string>> ListAttachedPoliciesAsync(string certificateArn, CancellationToken cancellationToken);

    Task<DescribeThingGroupResponse?> DescribeThingGroupAsync(string thingGroupName, CancellationToken cancellationToken);

    Task CreateThingGroupAsync(string thingGroupName, CancellationToken cancellationToken);

    Task AddThingToThingGroupAsync(string thingName, string thingGroupName, CancellationToken cancellationToken);

    /// <summary>The names of the groups that the thing is in.</summary>
    Task<IReadOnlyList<string>> ListThingGroupsForThingAsync(string thingName, CancellationToken cancellationToken);

    Task<DescribeProvisioningTemplateResponse?> DescribeProvisioningTemplateAsync(string templateName, CancellationToken cancellationToken);

    Task<CreateProvisioningTemplateResponse> CreateProvisioningTemplateAsync(CreateProvisioningTemplateRequest request, CancellationToken cancellationToken);

    /// <param name="request">Members that are null stay as they are in AWS.</param>
    Task UpdateProvisioningTemplateAsync(UpdateProvisioningTemplateRequest request, CancellationToken cancellationToken);

    /// <summary>Without effect when there is no such template.</summary>
    Task DeleteProvisioningTemplateAsync(string templateName, CancellationToken cancellationToken);

    /// <summary>One page of the account's provisioning templates, of every type.</summary>
    /// <param name="pageSize">1 to 250.</param>
    /// <param name="nextToken">null: the first page.</param>
    Task<ListProvisioningTemplatesResponse> ListProvisioningTemplatesAsync(int pageSize, string? nextToken, CancellationToken cancellationToken);

    /// <summary>Makes a version that is the default one at once.</summary>
    Task<CreateProvisioningTemplateVersionResponse> CreateProvisioningTemplateVersionAsync(
        string templateName, string templateBody, CancellationToken cancellationToken);

    /// <summary>All versions, the default one among them, oldest first.</summary>
    Task<IReadOnlyList<ProvisioningTemplateVersionSummary>> ListProvisioningTemplateVersionsAsync(string templateName, CancellationToken cancellationToken);

    Task DeleteProvisioningTemplateVersionAsync(string templateName, int versionId, CancellationToken cancellationToken);

    /// <param name="shadowName">null: the classic shadow.</param>
    /// <returns>The shadow document as JSON; null when there is none.</returns>
    Task<string?> GetThingShadowAsync(string thingName, string? shadowName, CancellationToken cancellationToken);

    /// <param name="document">A shadow update as JSON; with a <c>version</c> it fails with <c>ConflictException</c> when the shadow has moved on.</param>
    Task UpdateThingShadowAsync(string thingName, string? shadowName, string document, CancellationToken cancellationToken);

    /// <summary>Ends the connection of an MQTT client.</summary>
    /// <returns>false when no such client is connected.</returns>
    Task<bool> DeleteConnectionAsync(string clientId, CancellationToken cancellationToken);

    /// <summary>The state of an MQTT client's connection; null when AWS knows no such client.</summary>
    Task<Amazon.IotData.Model.GetConnectionResponse?> GetConnectionAsync(string clientId, CancellationToken cancellationToken);
}
