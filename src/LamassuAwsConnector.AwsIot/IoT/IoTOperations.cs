using Amazon.IoT.Model;

namespace LamassuAwsConnector.AwsIot;

/// <summary>
/// The control plane, one row for each operation: request line, query and headers. What no row places is sent in the body.
/// Many members of a PUT or POST travel in the query; that is how the service models them.
/// </summary>
internal static class IoTOperations
{
    public static readonly Operation<AddThingToThingGroupRequest, AddThingToThingGroupResponse> AddThingToThingGroup =
        new(Service.IoT, "PUT /thing-groups/addThingToThingGroup");

    public static readonly Operation<AttachPolicyRequest, AttachPolicyResponse> AttachPolicy =
        new(Service.IoT, "PUT /target-policies/{policyName}");

    public static readonly Operation<AttachThingPrincipalRequest, AttachThingPrincipalResponse> AttachThingPrincipal =
        new(Service.IoT, "PUT /things/{thingName}/principals", query: ["thingPrincipalType"], headers: ["x-amzn-principal=Principal"]);

    public static readonly Operation<CreatePolicyRequest, CreatePolicyResponse> CreatePolicy =
        new(Service.IoT, "POST /policies/{policyName}");

    public static readonly Operation<CreatePolicyVersionRequest, CreatePolicyVersionResponse> CreatePolicyVersion =
        new(Service.IoT, "POST /policies/{policyName}/version", query: ["setAsDefault"]);

    public static readonly Operation<CreateProvisioningTemplateRequest, CreateProvisioningTemplateResponse> CreateProvisioningTemplate =
        new(Service.IoT, "POST /provisioning-templates");

    public static readonly Operation<CreateProvisioningTemplateVersionRequest, CreateProvisioningTemplateVersionResponse> CreateProvisioningTemplateVersion =
        new(Service.IoT, "POST /provisioning-templates/{templateName}/versions", query: ["setAsDefault"]);

    public static readonly Operation<CreateThingGroupRequest, CreateThingGroupResponse> CreateThingGroup =
        new(Service.IoT, "POST /thing-groups/{thingGroupName}");

    public static readonly Operation<DeletePolicyVersionRequest, DeletePolicyVersionResponse> DeletePolicyVersion =
        new(Service.IoT, "DELETE /policies/{policyName}/version/{policyVersionId}");

    public static readonly Operation<DeleteProvisioningTemplateRequest, DeleteProvisioningTemplateResponse> DeleteProvisioningTemplate =
        new(Service.IoT, "DELETE /provisioning-templates/{templateName}");

    public static readonly Operation<DeleteProvisioningTemplateVersionRequest, DeleteProvisioningTemplateVersionResponse> DeleteProvisioningTemplateVersion =
        new(Service.IoT, "DELETE /provisioning-templates/{templateName}/versions/{versionId}");

    public static readonly Operation<DescribeCACertificateRequest, DescribeCACertificateResponse> DescribeCACertificate =
        new(Service.IoT, "GET /cacertificate/{certificateId}");

    public static readonly Operation<DescribeCertificateRequest, DescribeCertificateResponse> DescribeCertificate =
        new(Service.IoT, "GET /certificates/{certificateId}");

    public static readonly Operation<DescribeEndpointRequest, DescribeEndpointResponse> DescribeEndpoint =
        new(Service.IoT, "GET /endpoint", query: ["endpointType"]);

    public static readonly Operation<DescribeProvisioningTemplateRequest, DescribeProvisioningTemplateResponse> DescribeProvisioningTemplate =
        new(Service.IoT, "GET /provisioning-templates/{templateName}");

    public static readonly Operation<DescribeThingRequest, DescribeThingResponse> DescribeThing =
        new(Service.IoT, "GET /things/{thingName}");

    public static readonly Operation<DescribeThingGroupRequest, DescribeThingGroupResponse> DescribeThingGroup =
        new(Service.IoT, "GET /thing-groups/{thingGroupName}");

    public static readonly Operation<DetachThingPrincipalRequest, DetachThingPrincipalResponse> DetachThingPrincipal =
        new(Service.IoT, "DELETE /things/{thingName}/principals", headers: ["x-amzn-principal=Principal"]);

    public static readonly Operation<GetPolicyRequest, GetPolicyResponse> GetPolicy =
        new(Service.IoT, "GET /policies/{policyName}");

    public static readonly Operation<GetRegistrationCodeRequest, GetRegistrationCodeResponse> GetRegistrationCode =
        new(Service.IoT, "GET /registrationcode");

    public static readonly Operation<ListAttachedPoliciesRequest, ListAttachedPoliciesResponse> ListAttachedPolicies =
        new(Service.IoT, "POST /attached-policies/{target}", query: ["marker", "pageSize", "recursive"]);

    public static readonly Operation<ListCACertificatesRequest, ListCACertificatesResponse> ListCACertificates =
        new(Service.IoT, "GET /cacertificates", query: ["isAscendingOrder=AscendingOrder", "marker", "pageSize", "templateName"]);

    public static readonly Operation<ListCertificatesByCARequest, ListCertificatesByCAResponse> ListCertificatesByCA =
        new(Service.IoT, "GET /certificates-by-ca/{caCertificateId}", query: ["isAscendingOrder=AscendingOrder", "marker", "pageSize"]);

    public static readonly Operation<ListPolicyVersionsRequest, ListPolicyVersionsResponse> ListPolicyVersions =
        new(Service.IoT, "GET /policies/{policyName}/version");

    public static readonly Operation<ListProvisioningTemplatesRequest, ListProvisioningTemplatesResponse> ListProvisioningTemplates =
        new(Service.IoT, "GET /provisioning-templates", query: ["maxResults", "nextToken"]);

    public static readonly Operation<ListProvisioningTemplateVersionsRequest, ListProvisioningTemplateVersionsResponse> ListProvisioningTemplateVersions =
        new(Service.IoT, "GET /provisioning-templates/{templateName}/versions", query: ["maxResults", "nextToken"]);

    public static readonly Operation<ListTagsForResourceRequest, ListTagsForResourceResponse> ListTagsForResource =
        new(Service.IoT, "GET /tags", query: ["nextToken", "resourceArn"]);

    public static readonly Operation<ListThingGroupsForThingRequest, ListThingGroupsForThingResponse> ListThingGroupsForThing =
        new(Service.IoT, "GET /things/{thingName}/thing-groups", query: ["maxResults", "nextToken"]);

    public static readonly Operation<ListThingPrincipalsRequest, ListThingPrincipalsResponse> ListThingPrincipals =
        new(Service.IoT, "GET /things/{thingName}/principals", query: ["maxResults", "nextToken"]);

    public static readonly Operation<RegisterCACertificateRequest, RegisterCACertificateResponse> RegisterCACertificate =
        new(Service.IoT, "POST /cacertificate", query: ["allowAutoRegistration", "setAsActive"]);

    public static readonly Operation<RegisterCertificateRequest, RegisterCertificateResponse> RegisterCertificate =
        new(Service.IoT, "POST /certificate/register", query: ["setAsActive"]);

    public static readonly Operation<RegisterThingRequest, RegisterThingResponse> RegisterThing =
        new(Service.IoT, "POST /things");

    public static readonly Operation<UpdateCACertificateRequest, UpdateCACertificateResponse> UpdateCACertificate =
        new(Service.IoT, "PUT /cacertificate/{certificateId}", query: ["newAutoRegistrationStatus", "newStatus"]);

    public static readonly Operation<UpdateCertificateRequest, UpdateCertificateResponse> UpdateCertificate =
        new(Service.IoT, "PUT /certificates/{certificateId}", query: ["newStatus"]);

    public static readonly Operation<UpdateProvisioningTemplateRequest, UpdateProvisioningTemplateResponse> UpdateProvisioningTemplate =
        new(Service.IoT, "PATCH /provisioning-templates/{templateName}");
}
