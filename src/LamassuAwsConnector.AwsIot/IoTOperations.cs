using Amazon.IoT;
using Amazon.IoT.Model;
using Amazon.Runtime;

namespace LamassuAwsConnector.AwsIot;

/// <summary>
/// The operations of the control plane: method and path with labels; after '?' the members that travel in the query, after '#' those in headers, each as
/// member or member=wire name; every other member travels in the body.
/// </summary>
internal static class IoTOperations
{
    public static readonly Operation[] All =
    [
        Row<GetRegistrationCodeRequest, GetRegistrationCodeResponse>("GET /registrationcode"),
        Row<RegisterCACertificateRequest, RegisterCACertificateResponse>("POST /cacertificate?setAsActive&allowAutoRegistration"),
        Row<DescribeCACertificateRequest, DescribeCACertificateResponse>("GET /cacertificate/{certificateId}"),
        Row<ListCACertificatesRequest, ListCACertificatesResponse>("GET /cacertificates?pageSize&marker&ascendingOrder=isAscendingOrder&templateName"),
        Row<UpdateCACertificateRequest, UpdateCACertificateResponse>("PUT /cacertificate/{certificateId}?newStatus&newAutoRegistrationStatus"),
        Row<RegisterThingRequest, RegisterThingResponse>("POST /things"),
        Row<DescribeThingRequest, DescribeThingResponse>("GET /things/{thingName}"),
        Row<ListThingPrincipalsRequest, ListThingPrincipalsResponse>("GET /things/{thingName}/principals?nextToken&maxResults"),
        Row<AttachThingPrincipalRequest, AttachThingPrincipalResponse>("PUT /things/{thingName}/principals?thingPrincipalType#principal=x-amzn-principal"),
        Row<DetachThingPrincipalRequest, DetachThingPrincipalResponse>("DELETE /things/{thingName}/principals#principal=x-amzn-principal"),
        Row<DescribeCertificateRequest, DescribeCertificateResponse>("GET /certificates/{certificateId}"),
        Row<UpdateCertificateRequest, UpdateCertificateResponse>("PUT /certificates/{certificateId}?newStatus"),
        Row<RegisterCertificateRequest, RegisterCertificateResponse>("POST /certificate/register?setAsActive"),
        Row<ListCertificatesByCARequest, ListCertificatesByCAResponse>("GET /certificates-by-ca/{caCertificateId}?pageSize&marker&ascendingOrder=isAscendingOrder"),
        Row<AttachPolicyRequest, AttachPolicyResponse>("PUT /target-policies/{policyName}"),
        Row<ListAttachedPoliciesRequest, ListAttachedPoliciesResponse>("POST /attached-policies/{target}?recursive&marker&pageSize"),
        Row<GetPolicyRequest, GetPolicyResponse>("GET /policies/{policyName}"),
        Row<CreatePolicyRequest, CreatePolicyResponse>("POST /policies/{policyName}"),
        Row<ListPolicyVersionsRequest, ListPolicyVersionsResponse>("GET /policies/{policyName}/version"),
        Row<CreatePolicyVersionRequest, CreatePolicyVersionResponse>("POST /policies/{policyName}/version?setAsDefault"),
        Row<DeletePolicyVersionRequest, DeletePolicyVersionResponse>("DELETE /policies/{policyName}/version/{policyVersionId}"),
        Row<DescribeThingGroupRequest, DescribeThingGroupResponse>("GET /thing-groups/{thingGroupName}"),
        Row<CreateThingGroupRequest, CreateThingGroupResponse>("POST /thing-groups/{thingGroupName}"),
        Row<AddThingToThingGroupRequest, AddThingToThingGroupResponse>("PUT /thing-groups/addThingToThingGroup"),
        Row<ListThingGroupsForThingRequest, ListThingGroupsForThingResponse>("GET /things/{thingName}/thing-groups?nextToken&maxResults"),
        Row<CreateProvisioningTemplateRequest, CreateProvisioningTemplateResponse>("POST /provisioning-templates"),
        Row<DescribeProvisioningTemplateRequest, DescribeProvisioningTemplateResponse>("GET /provisioning-templates/{templateName}"),
        Row<UpdateProvisioningTemplateRequest, UpdateProvisioningTemplateResponse>("PATCH /provisioning-templates/{templateName}"),
        Row<DeleteProvisioningTemplateRequest, DeleteProvisioningTemplateResponse>("DELETE /provisioning-templates/{templateName}"),
        Row<ListProvisioningTemplatesRequest, ListProvisioningTemplatesResponse>("GET /provisioning-templates?maxResults&nextToken"),
        Row<CreateProvisioningTemplateVersionRequest, CreateProvisioningTemplateVersionResponse>("POST /provisioning-templates/{templateName}/versions?setAsDefault"),
        Row<ListProvisioningTemplateVersionsRequest, ListProvisioningTemplateVersionsResponse>("GET /provisioning-templates/{templateName}/versions?maxResults&nextToken"),
        Row<DeleteProvisioningTemplateVersionRequest, DeleteProvisioningTemplateVersionResponse>("DELETE /provisioning-templates/{templateName}/versions/{versionId}"),
        Row<DescribeEndpointRequest, DescribeEndpointResponse>("GET /endpoint?endpointType"),
    ];

    private static Operation<TRequest, TResponse> Row<TRequest, TResponse>(string line)
        where TRequest : AmazonIoTRequest
        where TResponse : AmazonWebServiceResponse, new() => new(Service.IoT, line);
}
