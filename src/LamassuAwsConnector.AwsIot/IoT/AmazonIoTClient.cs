using Amazon.IoT.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT;

public partial class AmazonIoTClient : AmazonServiceClient, IAmazonIoT
{
    public AmazonIoTClient()
        : base(new AmazonIoTConfig())
    {
    }

    public AmazonIoTClient(AmazonIoTConfig config)
        : base(config)
    {
    }

    public AmazonIoTClient(RegionEndpoint region)
        : base(new AmazonIoTConfig { RegionEndpoint = region })
    {
    }

    public AmazonIoTClient(AWSCredentials credentials, RegionEndpoint region)
        : base(credentials, new AmazonIoTConfig { RegionEndpoint = region })
    {
    }

    public AmazonIoTClient(AWSCredentials credentials)
        : base(credentials, new AmazonIoTConfig())
    {
    }

    public AmazonIoTClient(AWSCredentials credentials, AmazonIoTConfig clientConfig)
        : base(credentials, clientConfig)
    {
    }

    public AmazonIoTClient(string awsAccessKeyId, string awsSecretAccessKey, AmazonIoTConfig clientConfig)
        : base(awsAccessKeyId, awsSecretAccessKey, clientConfig)
    {
    }

    public IIoTPaginatorFactory Paginators => field ??= new IoTPaginatorFactory(this);

    protected override IServiceMetadata ServiceMetadata => Service.IoT.Metadata;

    public virtual Task<GetRegistrationCodeResponse> GetRegistrationCodeAsync(GetRegistrationCodeRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<GetRegistrationCodeResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<RegisterCACertificateResponse> RegisterCACertificateAsync(RegisterCACertificateRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<RegisterCACertificateResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<DescribeCACertificateResponse> DescribeCACertificateAsync(DescribeCACertificateRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DescribeCACertificateResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<ListCACertificatesResponse> ListCACertificatesAsync(ListCACertificatesRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<ListCACertificatesResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<UpdateCACertificateResponse> UpdateCACertificateAsync(UpdateCACertificateRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<UpdateCACertificateResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<RegisterThingResponse> RegisterThingAsync(RegisterThingRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<RegisterThingResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<DescribeThingResponse> DescribeThingAsync(DescribeThingRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DescribeThingResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<ListThingPrincipalsResponse> ListThingPrincipalsAsync(ListThingPrincipalsRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<ListThingPrincipalsResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<AttachThingPrincipalResponse> AttachThingPrincipalAsync(AttachThingPrincipalRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<AttachThingPrincipalResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<DetachThingPrincipalResponse> DetachThingPrincipalAsync(DetachThingPrincipalRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DetachThingPrincipalResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<DescribeCertificateResponse> DescribeCertificateAsync(DescribeCertificateRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DescribeCertificateResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<UpdateCertificateResponse> UpdateCertificateAsync(UpdateCertificateRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<UpdateCertificateResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<RegisterCertificateResponse> RegisterCertificateAsync(RegisterCertificateRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<RegisterCertificateResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<ListCertificatesByCAResponse> ListCertificatesByCAAsync(ListCertificatesByCARequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<ListCertificatesByCAResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<AttachPolicyResponse> AttachPolicyAsync(AttachPolicyRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<AttachPolicyResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<ListAttachedPoliciesResponse> ListAttachedPoliciesAsync(ListAttachedPoliciesRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<ListAttachedPoliciesResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<GetPolicyResponse> GetPolicyAsync(GetPolicyRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<GetPolicyResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<CreatePolicyResponse> CreatePolicyAsync(CreatePolicyRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<CreatePolicyResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<ListPolicyVersionsResponse> ListPolicyVersionsAsync(ListPolicyVersionsRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<ListPolicyVersionsResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<CreatePolicyVersionResponse> CreatePolicyVersionAsync(CreatePolicyVersionRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<CreatePolicyVersionResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<DeletePolicyVersionResponse> DeletePolicyVersionAsync(DeletePolicyVersionRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DeletePolicyVersionResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<DescribeThingGroupResponse> DescribeThingGroupAsync(DescribeThingGroupRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DescribeThingGroupResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<CreateThingGroupResponse> CreateThingGroupAsync(CreateThingGroupRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<CreateThingGroupResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<AddThingToThingGroupResponse> AddThingToThingGroupAsync(AddThingToThingGroupRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<AddThingToThingGroupResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<ListThingGroupsForThingResponse> ListThingGroupsForThingAsync(ListThingGroupsForThingRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<ListThingGroupsForThingResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<CreateProvisioningTemplateResponse> CreateProvisioningTemplateAsync(CreateProvisioningTemplateRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<CreateProvisioningTemplateResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<DescribeProvisioningTemplateResponse> DescribeProvisioningTemplateAsync(DescribeProvisioningTemplateRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DescribeProvisioningTemplateResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<UpdateProvisioningTemplateResponse> UpdateProvisioningTemplateAsync(UpdateProvisioningTemplateRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<UpdateProvisioningTemplateResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<DeleteProvisioningTemplateResponse> DeleteProvisioningTemplateAsync(DeleteProvisioningTemplateRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DeleteProvisioningTemplateResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<ListProvisioningTemplatesResponse> ListProvisioningTemplatesAsync(ListProvisioningTemplatesRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<ListProvisioningTemplatesResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<CreateProvisioningTemplateVersionResponse> CreateProvisioningTemplateVersionAsync(CreateProvisioningTemplateVersionRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<CreateProvisioningTemplateVersionResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<ListProvisioningTemplateVersionsResponse> ListProvisioningTemplateVersionsAsync(ListProvisioningTemplateVersionsRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<ListProvisioningTemplateVersionsResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<DeleteProvisioningTemplateVersionResponse> DeleteProvisioningTemplateVersionAsync(DeleteProvisioningTemplateVersionRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DeleteProvisioningTemplateVersionResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<DescribeEndpointResponse> DescribeEndpointAsync(DescribeEndpointRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DescribeEndpointResponse>(request, Operations.Of(request), cancellationToken);

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) => Service.Customize(pipeline);
}
