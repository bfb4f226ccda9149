using Amazon.Runtime;

namespace Amazon.IoT.Model;

public interface IIoTPaginatorFactory
{
    IListAttachedPoliciesPaginator ListAttachedPolicies(ListAttachedPoliciesRequest request);

    IListCACertificatesPaginator ListCACertificates(ListCACertificatesRequest request);

    IListCertificatesByCAPaginator ListCertificatesByCA(ListCertificatesByCARequest request);

    IListProvisioningTemplatesPaginator ListProvisioningTemplates(ListProvisioningTemplatesRequest request);

    IListProvisioningTemplateVersionsPaginator ListProvisioningTemplateVersions(ListProvisioningTemplateVersionsRequest request);

    IListTagsForResourcePaginator ListTagsForResource(ListTagsForResourceRequest request);

    IListThingGroupsForThingPaginator ListThingGroupsForThing(ListThingGroupsForThingRequest request);

    IListThingPrincipalsPaginator ListThingPrincipals(ListThingPrincipalsRequest request);
}

/// <summary>The pages of one ListAttachedPolicies request. It can be enumerated once, by pages or by items.</summary>
public interface IListAttachedPoliciesPaginator
{
    IPaginatedEnumerable<ListAttachedPoliciesResponse> Responses { get; }

    IPaginatedEnumerable<Policy> Policies { get; }
}

/// <summary>The pages of one ListCACertificates request. It can be enumerated once, by pages or by items.</summary>
public interface IListCACertificatesPaginator
{
    IPaginatedEnumerable<ListCACertificatesResponse> Responses { get; }

    IPaginatedEnumerable<CACertificate> Certificates { get; }
}

/// <summary>The pages of one ListCertificatesByCA request. It can be enumerated once, by pages or by items.</summary>
public interface IListCertificatesByCAPaginator
{
    IPaginatedEnumerable<ListCertificatesByCAResponse> Responses { get; }

    IPaginatedEnumerable<Certificate> Certificates { get; }
}

/// <summary>The pages of one ListProvisioningTemplates request. It can be enumerated once, by pages or by items.</summary>
public interface IListProvisioningTemplatesPaginator
{
    IPaginatedEnumerable<ListProvisioningTemplatesResponse> Responses { get; }

    IPaginatedEnumerable<ProvisioningTemplateSummary> Templates { get; }
}

/// <summary>The pages of one ListProvisioningTemplateVersions request. It can be enumerated once, by pages or by items.</summary>
public interface IListProvisioningTemplateVersionsPaginator
{
    IPaginatedEnumerable<ListProvisioningTemplateVersionsResponse> Responses { get; }

    IPaginatedEnumerable<ProvisioningTemplateVersionSummary> Versions { get; }
}

/// <summary>The pages of one ListTagsForResource request. It can be enumerated once, by pages or by items.</summary>
public interface IListTagsForResourcePaginator
{
    IPaginatedEnumerable<ListTagsForResourceResponse> Responses { get; }

    IPaginatedEnumerable<Tag> Tags { get; }
}

/// <summary>The pages of one ListThingGroupsForThing request. It can be enumerated once, by pages or by items.</summary>
public interface IListThingGroupsForThingPaginator
{
    IPaginatedEnumerable<ListThingGroupsForThingResponse> Responses { get; }

    IPaginatedEnumerable<GroupNameAndArn> ThingGroups { get; }
}

/// <summary>The pages of one ListThingPrincipals request. It can be enumerated once, by pages or by items.</summary>
public interface IListThingPrincipalsPaginator
{
    IPaginatedEnumerable<ListThingPrincipalsResponse> Responses { get; }

    IPaginatedEnumerable<string> Principals { get; }
}
