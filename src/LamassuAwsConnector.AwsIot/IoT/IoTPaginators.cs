using Amazon.IoT;
using Amazon.IoT.Model;
using Amazon.Runtime;

namespace LamassuAwsConnector.AwsIot;

internal sealed class IoTPaginatorFactory(IAmazonIoT client) : IIoTPaginatorFactory
{
    public IListAttachedPoliciesPaginator ListAttachedPolicies(ListAttachedPoliciesRequest request) =>
        new ListAttachedPoliciesPaginator(client, request);

    public IListCACertificatesPaginator ListCACertificates(ListCACertificatesRequest request) =>
        new ListCACertificatesPaginator(client, request);

    public IListCertificatesByCAPaginator ListCertificatesByCA(ListCertificatesByCARequest request) =>
        new ListCertificatesByCAPaginator(client, request);

    public IListProvisioningTemplatesPaginator ListProvisioningTemplates(ListProvisioningTemplatesRequest request) =>
        new ListProvisioningTemplatesPaginator(client, request);

    public IListProvisioningTemplateVersionsPaginator ListProvisioningTemplateVersions(ListProvisioningTemplateVersionsRequest request) =>
        new ListProvisioningTemplateVersionsPaginator(client, request);

    public IListTagsForResourcePaginator ListTagsForResource(ListTagsForResourceRequest request) =>
        new ListTagsForResourcePaginator(client, request);

    public IListThingGroupsForThingPaginator ListThingGroupsForThing(ListThingGroupsForThingRequest request) =>
        new ListThingGroupsForThingPaginator(client, request);

    public IListThingPrincipalsPaginator ListThingPrincipals(ListThingPrincipalsRequest request) =>
        new ListThingPrincipalsPaginator(client, request);
}

internal sealed class ListAttachedPoliciesPaginator(IAmazonIoT client, ListAttachedPoliciesRequest request)
    : Paginator<ListAttachedPoliciesRequest, ListAttachedPoliciesResponse>(
        request, client.ListAttachedPoliciesAsync, page => page.NextMarker, (next, token) => next.Marker = token),
        IListAttachedPoliciesPaginator
{
    public IPaginatedEnumerable<Policy> Policies => Items(page => page.Policies);
}

internal sealed class ListCACertificatesPaginator(IAmazonIoT client, ListCACertificatesRequest request)
    : Paginator<ListCACertificatesRequest, ListCACertificatesResponse>(
        request, client.ListCACertificatesAsync, page => page.NextMarker, (next, token) => next.Marker = token),
        IListCACertificatesPaginator
{
    public IPaginatedEnumerable<CACertificate> Certificates => Items(page => page.Certificates);
}

internal sealed class ListCertificatesByCAPaginator(IAmazonIoT client, ListCertificatesByCARequest request)
    : Paginator<ListCertificatesByCARequest, ListCertificatesByCAResponse>(
        request, client.ListCertificatesByCAAsync, page => page.NextMarker, (next, token) => next.Marker = token),
        IListCertificatesByCAPaginator
{
    public IPaginatedEnumerable<Certificate> Certificates => Items(page => page.Certificates);
}

internal sealed class ListProvisioningTemplatesPaginator(IAmazonIoT client, ListProvisioningTemplatesRequest request)
    : Paginator<ListProvisioningTemplatesRequest, ListProvisioningTemplatesResponse>(
        request, client.ListProvisioningTemplatesAsync, page => page.NextToken, (next, token) => next.NextToken = token),
        IListProvisioningTemplatesPaginator
{
    public IPaginatedEnumerable<ProvisioningTemplateSummary> Templates => Items(page => page.Templates);
}

internal sealed class ListProvisioningTemplateVersionsPaginator(IAmazonIoT client, ListProvisioningTemplateVersionsRequest request)
    : Paginator<ListProvisioningTemplateVersionsRequest, ListProvisioningTemplateVersionsResponse>(
        request, client.ListProvisioningTemplateVersionsAsync, page => page.NextToken, (next, token) => next.NextToken = token),
        IListProvisioningTemplateVersionsPaginator
{
    public IPaginatedEnumerable<ProvisioningTemplateVersionSummary> Versions => Items(page => page.Versions);
}

internal sealed class ListTagsForResourcePaginator(IAmazonIoT client, ListTagsForResourceRequest request)
    : Paginator<ListTagsForResourceRequest, ListTagsForResourceResponse>(
        request, client.ListTagsForResourceAsync, page => page.NextToken, (next, token) => next.NextToken = token),
        IListTagsForResourcePaginator
{
    public IPaginatedEnumerable<Tag> Tags => Items(page => page.Tags);
}

internal sealed class ListThingGroupsForThingPaginator(IAmazonIoT client, ListThingGroupsForThingRequest request)
    : Paginator<ListThingGroupsForThingRequest, ListThingGroupsForThingResponse>(
        request, client.ListThingGroupsForThingAsync, page => page.NextToken, (next, token) => next.NextToken = token),
        IListThingGroupsForThingPaginator
{
    public IPaginatedEnumerable<GroupNameAndArn> ThingGroups => Items(page => page.ThingGroups);
}

internal sealed class ListThingPrincipalsPaginator(IAmazonIoT client, ListThingPrincipalsRequest request)
    : Paginator<ListThingPrincipalsRequest, ListThingPrincipalsResponse>(
        request, client.ListThingPrincipalsAsync, page => page.NextToken, (next, token) => next.NextToken = token),
        IListThingPrincipalsPaginator
{
    public IPaginatedEnumerable<string> Principals => Items(page => page.Principals);
}
