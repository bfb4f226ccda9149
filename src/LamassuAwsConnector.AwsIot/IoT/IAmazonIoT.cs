#nullable disable

using Amazon.IoT.Model;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace Amazon.IoT;

public partial interface IAmazonIoT : IAmazonService, IDisposable
{
    IIoTPaginatorFactory Paginators { get; }

    Task<AddThingToThingGroupResponse> AddThingToThingGroupAsync(AddThingToThingGroupRequest request, CancellationToken cancellationToken = default);

    Task<AttachPolicyResponse> AttachPolicyAsync(AttachPolicyRequest request, CancellationToken cancellationToken = default);

    Task<AttachThingPrincipalResponse> AttachThingPrincipalAsync(AttachThingPrincipalRequest request, CancellationToken cancellationToken = default);

    Task<CreatePolicyResponse> CreatePolicyAsync(CreatePolicyRequest request, CancellationToken cancellationToken = default);

    Task<CreatePolicyVersionResponse> CreatePolicyVersionAsync(CreatePolicyVersionRequest request, CancellationToken cancellationToken = default);

    Task<CreateProvisioningTemplateResponse> CreateProvisioningTemplateAsync(
        CreateProvisioningTemplateRequest request, CancellationToken cancellationToken = default);

    Task<CreateProvisioningTemplateVersionResponse> CreateProvisioningTemplateVersionAsync(
        CreateProvisioningTemplateVersionRequest request, CancellationToken cancellationToken = default);

    Task<CreateThingGroupResponse> CreateThingGroupAsync(CreateThingGroupRequest request, CancellationToken cancellationToken = default);

    Task<DeletePolicyVersionResponse> DeletePolicyVersionAsync(DeletePolicyVersionRequest request, CancellationToken cancellationToken = default);

    Task<DeleteProvisioningTemplateResponse> DeleteProvisioningTemplateAsync(
        DeleteProvisioningTemplateRequest request, CancellationToken cancellationToken = default);

    Task<DeleteProvisioningTemplateVersionResponse> DeleteProvisioningTemplateVersionAsync(
        DeleteProvisioningTemplateVersionRequest request, CancellationToken cancellationToken = default);

    Task<DescribeCACertificateResponse> DescribeCACertificateAsync(DescribeCACertificateRequest request, CancellationToken cancellationToken = default);

    Task<DescribeCertificateResponse> DescribeCertificateAsync(DescribeCertificateRequest request, CancellationToken cancellationToken = default);

    Task<DescribeEndpointResponse> DescribeEndpointAsync(DescribeEndpointRequest request, CancellationToken cancellationToken = default);

    Task<DescribeProvisioningTemplateResponse> DescribeProvisioningTemplateAsync(
        DescribeProvisioningTemplateRequest request, CancellationToken cancellationToken = default);

    Task<DescribeThingResponse> DescribeThingAsync(DescribeThingRequest request, CancellationToken cancellationToken = default);

    Task<DescribeThingGroupResponse> DescribeThingGroupAsync(DescribeThingGroupRequest request, CancellationToken cancellationToken = default);

    Task<DetachThingPrincipalResponse> DetachThingPrincipalAsync(DetachThingPrincipalRequest request, CancellationToken cancellationToken = default);

    Task<GetPolicyResponse> GetPolicyAsync(GetPolicyRequest request, CancellationToken cancellationToken = default);

    Task<GetRegistrationCodeResponse> GetRegistrationCodeAsync(GetRegistrationCodeRequest request, CancellationToken cancellationToken = default);

    Task<ListAttachedPoliciesResponse> ListAttachedPoliciesAsync(ListAttachedPoliciesRequest request, CancellationToken cancellationToken = default);

    Task<ListCACertificatesResponse> ListCACertificatesAsync(ListCACertificatesRequest request, CancellationToken cancellationToken = default);

    Task<ListCertificatesByCAResponse> ListCertificatesByCAAsync(ListCertificatesByCARequest request, CancellationToken cancellationToken = default);

    Task<ListPolicyVersionsResponse> ListPolicyVersionsAsync(ListPolicyVersionsRequest request, CancellationToken cancellationToken = default);

    Task<ListProvisioningTemplatesResponse> ListProvisioningTemplatesAsync(
        ListProvisioningTemplatesRequest request, CancellationToken cancellationToken = default);

    Task<ListProvisioningTemplateVersionsResponse> ListProvisioningTemplateVersionsAsync(
        ListProvisioningTemplateVersionsRequest request, CancellationToken cancellationToken = default);

    Task<ListTagsForResourceResponse> ListTagsForResourceAsync(ListTagsForResourceRequest request, CancellationToken cancellationToken = default);

    Task<ListThingGroupsForThingResponse> ListThingGroupsForThingAsync(ListThingGroupsForThingRequest request, CancellationToken cancellationToken = default);

    Task<ListThingPrincipalsResponse> ListThingPrincipalsAsync(ListThingPrincipalsRequest request, CancellationToken cancellationToken = default);

    Task<RegisterCACertificateResponse> RegisterCACertificateAsync(RegisterCACertificateRequest request, CancellationToken cancellationToken = default);

    Task<RegisterCertificateResponse> RegisterCertificateAsync(RegisterCertificateRequest request, CancellationToken cancellationToken = default);

    Task<RegisterThingResponse> RegisterThingAsync(RegisterThingRequest request, CancellationToken cancellationToken = default);

    Task<UpdateCACertificateResponse> UpdateCACertificateAsync(UpdateCACertificateRequest request, CancellationToken cancellationToken = default);

    Task<UpdateCertificateResponse> UpdateCertificateAsync(UpdateCertificateRequest request, CancellationToken cancellationToken = default);

    Task<UpdateProvisioningTemplateResponse> UpdateProvisioningTemplateAsync(
        UpdateProvisioningTemplateRequest request, CancellationToken cancellationToken = default);

    /// <summary>The endpoint that a request would be sent to.</summary>
    Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonIoTConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
        clientConfig is not AmazonIoTConfig config ? throw new AmazonClientException("The configuration is no AmazonIoTConfig")
        : awsCredentials is null ? new AmazonIoTClient(config)
        : new AmazonIoTClient(awsCredentials, config);
}
