using Amazon.IoT.Model;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT;

public partial class AmazonIoTClient
{
    public virtual Task<AddThingToThingGroupResponse> AddThingToThingGroupAsync(
        AddThingToThingGroupRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.AddThingToThingGroup, request, cancellationToken);

    public virtual Task<AttachPolicyResponse> AttachPolicyAsync(AttachPolicyRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.AttachPolicy, request, cancellationToken);

    public virtual Task<AttachThingPrincipalResponse> AttachThingPrincipalAsync(
        AttachThingPrincipalRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.AttachThingPrincipal, request, cancellationToken);

    public virtual Task<CreatePolicyResponse> CreatePolicyAsync(CreatePolicyRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.CreatePolicy, request, cancellationToken);

    public virtual Task<CreatePolicyVersionResponse> CreatePolicyVersionAsync(
        CreatePolicyVersionRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.CreatePolicyVersion, request, cancellationToken);

    public virtual Task<CreateProvisioningTemplateResponse> CreateProvisioningTemplateAsync(
        CreateProvisioningTemplateRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.CreateProvisioningTemplate, request, cancellationToken);

    public virtual Task<CreateProvisioningTemplateVersionResponse> CreateProvisioningTemplateVersionAsync(
        CreateProvisioningTemplateVersionRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.CreateProvisioningTemplateVersion, request, cancellationToken);

    public virtual Task<CreateThingGroupResponse> CreateThingGroupAsync(CreateThingGroupRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.CreateThingGroup, request, cancellationToken);

    public virtual Task<DeletePolicyVersionResponse> DeletePolicyVersionAsync(
        DeletePolicyVersionRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.DeletePolicyVersion, request, cancellationToken);

    public virtual Task<DeleteProvisioningTemplateResponse> DeleteProvisioningTemplateAsync(
        DeleteProvisioningTemplateRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.DeleteProvisioningTemplate, request, cancellationToken);

    public virtual Task<DeleteProvisioningTemplateVersionResponse> DeleteProvisioningTemplateVersionAsync(
        DeleteProvisioningTemplateVersionRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.DeleteProvisioningTemplateVersion, request, cancellationToken);

    public virtual Task<DescribeCACertificateResponse> DescribeCACertificateAsync(
        DescribeCACertificateRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.DescribeCACertificate, request, cancellationToken);

    public virtual Task<DescribeCertificateResponse> DescribeCertificateAsync(
        DescribeCertificateRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.DescribeCertificate, request, cancellationToken);

    public virtual Task<DescribeEndpointResponse> DescribeEndpointAsync(DescribeEndpointRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.DescribeEndpoint, request, cancellationToken);

    public virtual Task<DescribeProvisioningTemplateResponse> DescribeProvisioningTemplateAsync(
        DescribeProvisioningTemplateRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.DescribeProvisioningTemplate, request, cancellationToken);

    public virtual Task<DescribeThingResponse> DescribeThingAsync(DescribeThingRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.DescribeThing, request, cancellationToken);

    public virtual Task<DescribeThingGroupResponse> DescribeThingGroupAsync(DescribeThingGroupRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.DescribeThingGroup, request, cancellationToken);

    public virtual Task<DetachThingPrincipalResponse> DetachThingPrincipalAsync(
        DetachThingPrincipalRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.DetachThingPrincipal, request, cancellationToken);

    public virtual Task<GetPolicyResponse> GetPolicyAsync(GetPolicyRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.GetPolicy, request, cancellationToken);

    public virtual Task<GetRegistrationCodeResponse> GetRegistrationCodeAsync(
        GetRegistrationCodeRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.GetRegistrationCode, request, cancellationToken);

    public virtual Task<ListAttachedPoliciesResponse> ListAttachedPoliciesAsync(
        ListAttachedPoliciesRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.ListAttachedPolicies, request, cancellationToken);

    public virtual Task<ListCACertificatesResponse> ListCACertificatesAsync(ListCACertificatesRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.ListCACertificates, request, cancellationToken);

    public virtual Task<ListCertificatesByCAResponse> ListCertificatesByCAAsync(
        ListCertificatesByCARequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.ListCertificatesByCA, request, cancellationToken);

    public virtual Task<ListPolicyVersionsResponse> ListPolicyVersionsAsync(ListPolicyVersionsRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.ListPolicyVersions, request, cancellationToken);

    public virtual Task<ListProvisioningTemplatesResponse> ListProvisioningTemplatesAsync(
        ListProvisioningTemplatesRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.ListProvisioningTemplates, request, cancellationToken);

    public virtual Task<ListProvisioningTemplateVersionsResponse> ListProvisioningTemplateVersionsAsync(
        ListProvisioningTemplateVersionsRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.ListProvisioningTemplateVersions, request, cancellationToken);

    public virtual Task<ListTagsForResourceResponse> ListTagsForResourceAsync(
        ListTagsForResourceRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.ListTagsForResource, request, cancellationToken);

    public virtual Task<ListThingGroupsForThingResponse> ListThingGroupsForThingAsync(
        ListThingGroupsForThingRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.ListThingGroupsForThing, request, cancellationToken);

    public virtual Task<ListThingPrincipalsResponse> ListThingPrincipalsAsync(
        ListThingPrincipalsRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.ListThingPrincipals, request, cancellationToken);

    public virtual Task<RegisterCACertificateResponse> RegisterCACertificateAsync(
        RegisterCACertificateRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.RegisterCACertificate, request, cancellationToken);

    public virtual Task<RegisterCertificateResponse> RegisterCertificateAsync(
        RegisterCertificateRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.RegisterCertificate, request, cancellationToken);

    public virtual Task<RegisterThingResponse> RegisterThingAsync(RegisterThingRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.RegisterThing, request, cancellationToken);

    public virtual Task<UpdateCACertificateResponse> UpdateCACertificateAsync(
        UpdateCACertificateRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.UpdateCACertificate, request, cancellationToken);

    public virtual Task<UpdateCertificateResponse> UpdateCertificateAsync(UpdateCertificateRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.UpdateCertificate, request, cancellationToken);

    public virtual Task<UpdateProvisioningTemplateResponse> UpdateProvisioningTemplateAsync(
        UpdateProvisioningTemplateRequest request, CancellationToken cancellationToken = default) =>
        Call(IoTOperations.UpdateProvisioningTemplate, request, cancellationToken);
}
