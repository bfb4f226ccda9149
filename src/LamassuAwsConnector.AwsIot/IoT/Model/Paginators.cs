using Amazon.Runtime;

namespace Amazon.IoT.Model;

public interface IIoTPaginatorFactory
{
    IListCACertificatesPaginator ListCACertificates(ListCACertificatesRequest request);

    IListCertificatesByCAPaginator ListCertificatesByCA(ListCertificatesByCARequest request);

    IListThingPrincipalsPaginator ListThingPrincipals(ListThingPrincipalsRequest request);

    IListAttachedPoliciesPaginator ListAttachedPolicies(ListAttachedPoliciesRequest request);

    IListThingGroupsForThingPaginator ListThingGroupsForThing(ListThingGroupsForThingRequest request);

    IListProvisioningTemplatesPaginator ListProvisioningTemplates(ListProvisioningTemplatesRequest request);

    IListProvisioningTemplateVersionsPaginator ListProvisioningTemplateVersions(ListProvisioningTemplateVersionsRequest request);
}

public interface IListCACertificatesPaginator
{
    IPaginatedEnumerable<ListCACertificatesResponse> Responses { get; }

    IPaginatedEnumerable<CACertificate> Certificates { get; }
}

public interface IListCertificatesByCAPaginator
{
    IPaginatedEnumerable<ListCertificatesByCAResponse> Responses { get; }

    IPaginatedEnumerable<Certificate> Certificates { get; }
}

public interface IListThingPrincipalsPaginator
{
    IPaginatedEnumerable<ListThingPrincipalsResponse> Responses { get; }

    IPaginatedEnumerable<string> Principals { get; }
}

public interface IListAttachedPoliciesPaginator
{
    IPaginatedEnumerable<ListAttachedPoliciesResponse> Responses { get; }

    IPaginatedEnumerable<Policy> Policies { get; }
}

public interface IListThingGroupsForThingPaginator
{
    IPaginatedEnumerable<ListThingGroupsForThingResponse> Responses { get; }

    IPaginatedEnumerable<GroupNameAndArn> ThingGroups { get; }
}

public interface IListProvisioningTemplatesPaginator
{
    IPaginatedEnumerable<ListProvisioningTemplatesResponse> Responses { get; }

    IPaginatedEnumerable<ProvisioningTemplateSummary> Templates { get; }
}

public interface IListProvisioningTemplateVersionsPaginator
{
    IPaginatedEnumerable<ListProvisioningTemplateVersionsResponse> Responses { get; }

    IPaginatedEnumerable<ProvisioningTemplateVersionSummary> Versions { get; }
}
