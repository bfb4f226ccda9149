using Amazon.IoT.Model;
using Amazon.Runtime;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT;

internal sealed class IoTPaginatorFactory(IAmazonIoT client) : IIoTPaginatorFactory
{
    public IListCACertificatesPaginator ListCACertificates(ListCACertificatesRequest request) => new ListCACertificatesPaginator(client, request);

    public IListCertificatesByCAPaginator ListCertificatesByCA(ListCertificatesByCARequest request) => new ListCertificatesByCAPaginator(client, request);

    public IListThingPrincipalsPaginator ListThingPrincipals(ListThingPrincipalsRequest request) => new ListThingPrincipalsPaginator(client, request);

    public IListAttachedPoliciesPaginator ListAttachedPolicies(ListAttachedPoliciesRequest request) => new ListAttachedPoliciesPaginator(client, request);

    public IListThingGroupsForThingPaginator ListThingGroupsForThing(ListThingGroupsForThingRequest request) => new ListThingGroupsForThingPaginator(client, request);

    public IListProvisioningTemplatesPaginator ListProvisioningTemplates(ListProvisioningTemplatesRequest request) => new ListProvisioningTemplatesPaginator(client, request);

    public IListProvisioningTemplateVersionsPaginator ListProvisioningTemplateVersions(ListProvisioningTemplateVersionsRequest request) => new ListProvisioningTemplateVersionsPaginator(client, request);
}

internal sealed class ListCACertificatesPaginator(IAmazonIoT client, ListCACertificatesRequest request)
    : Paginator<ListCACertificatesRequest, ListCACertificatesResponse>(request, client.ListCACertificatesAsync, (page, token) => page.Marker = token, page => page.NextMarker), IListCACertificatesPaginator
{
    public IPaginatedEnumerable<CACertificate> Certificates => new PaginatedResultKeyResponse<ListCACertificatesResponse, CACertificate>(this, page => page.Certificates ?? []);
}

internal sealed class ListCertificatesByCAPaginator(IAmazonIoT client, ListCertificatesByCARequest request)
    : Paginator<ListCertificatesByCARequest, ListCertificatesByCAResponse>(request, client.ListCertificatesByCAAsync, (page, token) => page.Marker = token, page => page.NextMarker), IListCertificatesByCAPaginator
{
    public IPaginatedEnumerable<Certificate> Certificates => new PaginatedResultKeyResponse<ListCertificatesByCAResponse, Certificate>(this, page => page.Certificates ?? []);
}

internal sealed class ListThingPrincipalsPaginator(IAmazonIoT client, ListThingPrincipalsRequest request)
    : Paginator<ListThingPrincipalsRequest, ListThingPrincipalsResponse>(request, client.ListThingPrincipalsAsync, (page, token) => page.NextToken = token, page => page.NextToken), IListThingPrincipalsPaginator
{
    public IPaginatedEnumerable<string> Principals => new PaginatedResultKeyResponse<ListThingPrincipalsResponse, string>(this, page => page.Principals ?? []);
}

internal sealed class ListAttachedPoliciesPaginator(IAmazonIoT client, ListAttachedPoliciesRequest request)
    : Paginator<ListAttachedPoliciesRequest, ListAttachedPoliciesResponse>(request, client.ListAttachedPoliciesAsync, (page, token) => page.Marker = token, page => page.NextMarker), IListAttachedPoliciesPaginator
{
    public IPaginatedEnumerable<Policy> Policies => new PaginatedResultKeyResponse<ListAttachedPoliciesResponse, Policy>(this, page => page.Policies ?? []);
}

internal sealed class ListThingGroupsForThingPaginator(IAmazonIoT client, ListThingGroupsForThingRequest request)
    : Paginator<ListThingGroupsForThingRequest, ListThingGroupsForThingResponse>(request, client.ListThingGroupsForThingAsync, (page, token) => page.NextToken = token, page => page.NextToken), IListThingGroupsForThingPaginator
{
    public IPaginatedEnumerable<GroupNameAndArn> ThingGroups => new PaginatedResultKeyResponse<ListThingGroupsForThingResponse, GroupNameAndArn>(this, page => page.ThingGroups ?? []);
}

internal sealed class ListProvisioningTemplatesPaginator(IAmazonIoT client, ListProvisioningTemplatesRequest request)
    : Paginator<ListProvisioningTemplatesRequest, ListProvisioningTemplatesResponse>(request, client.ListProvisioningTemplatesAsync, (page, token) => page.NextToken = token, page => page.NextToken), IListProvisioningTemplatesPaginator
{
    public IPaginatedEnumerable<ProvisioningTemplateSummary> Templates => new PaginatedResultKeyResponse<ListProvisioningTemplatesResponse, ProvisioningTemplateSummary>(this, page => page.Templates ?? []);
}

internal sealed class ListProvisioningTemplateVersionsPaginator(IAmazonIoT client, ListProvisioningTemplateVersionsRequest request)
    : Paginator<ListProvisioningTemplateVersionsRequest, ListProvisioningTemplateVersionsResponse>(request, client.ListProvisioningTemplateVersionsAsync, (page, token) => page.NextToken = token, page => page.NextToken), IListProvisioningTemplateVersionsPaginator
{
    public IPaginatedEnumerable<ProvisioningTemplateVersionSummary> Versions => new PaginatedResultKeyResponse<ListProvisioningTemplateVersionsResponse, ProvisioningTemplateVersionSummary>(this, page => page.Versions ?? []);
}
