using Amazon.IoT.Model;

namespace LamassuAwsConnector.Tests.AwsIot;

public sealed class PaginatorTests
{
    [Fact]
    public async Task Items_come_from_all_pages_until_there_is_no_token()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);
        server.RespondWith(
            new Answer(200, """{"principals":["a","b"],"nextToken":"t/1"}"""),
            new Answer(200, """{"nextToken":"t/2"}"""),
            new Answer(200, """{"principals":["c"],"nextToken":""}"""),
            Answer.Error(400, "InvalidRequestException"));

        var principals = clients.IoT.Paginators.ListThingPrincipals(new ListThingPrincipalsRequest { ThingName = "device-0001", MaxResults = 2 }).Principals;
        var found = await ReadAsync(principals, cancellationToken);

        Assert.Equal(["a", "b", "c"], found);
        Assert.Equal(["maxResults=2", "maxResults=2&nextToken=t%2F1", "maxResults=2&nextToken=t%2F2"], server.Requests.Select(request => request.Query));
    }

    [Fact]
    public async Task A_paginator_is_consumed_once_by_pages_or_by_items()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);
        server.RespondWith(new Answer(200, """{"policies":[{"policyName":"p"}]}"""));
        var paginator = clients.IoT.Paginators.ListAttachedPolicies(new ListAttachedPoliciesRequest { Target = "t" });

        var pages = await ReadAsync(paginator.Responses, cancellationToken);

        Assert.Equal("p", Assert.Single(Assert.Single(pages).Policies!).PolicyName);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(paginator.Policies, cancellationToken));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(paginator.Responses, cancellationToken));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Each_list_operation_pages_by_its_own_token_and_result()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);
        var paginators = clients.IoT.Paginators;

        var cas = await Pages(paginators.ListCACertificates(new()).Certificates, "certificates", "certificateId", "nextMarker");
        var certificates = await Pages(
            paginators.ListCertificatesByCA(new() { CaCertificateId = "c" }).Certificates, "certificates", "certificateId", "nextMarker");
        var policies = await Pages(paginators.ListAttachedPolicies(new() { Target = "t" }).Policies, "policies", "policyName", "nextMarker");
        var groups = await Pages(paginators.ListThingGroupsForThing(new() { ThingName = "t" }).ThingGroups, "thingGroups", "groupName", "nextToken");
        var templates = await Pages(paginators.ListProvisioningTemplates(new()).Templates, "templates", "templateName", "nextToken");
        var tags = await Pages(paginators.ListTagsForResource(new() { ResourceArn = "r" }).Tags, "tags", "Key", "nextToken");
        var versions = await Pages(
            paginators.ListProvisioningTemplateVersions(new() { TemplateName = "t" }).Versions, "versions", "versionId", "nextToken", quote: "");

        Assert.Equal(["1", "2"], cas.Select(item => item.CertificateId));
        Assert.Equal(["1", "2"], certificates.Select(item => item.CertificateId));
        Assert.Equal(["1", "2"], policies.Select(item => item.PolicyName));
        Assert.Equal(["1", "2"], groups.Select(item => item.GroupName));
        Assert.Equal(["1", "2"], templates.Select(item => item.TemplateName));
        Assert.Equal(["1", "2"], tags.Select(item => item.Key));
        Assert.Equal([1, 2], versions.Select(item => item.VersionId));
        Assert.Equal(
            ["marker=next", "marker=next", "marker=next", "nextToken=next", "nextToken=next", "nextToken=next&resourceArn=r", "nextToken=next"],
            server.Requests.Where((_, i) => i % 2 == 1).Select(request => request.Query));

        Task<List<T>> Pages<T>(IAsyncEnumerable<T> items, string key, string id, string token, string quote = "\"")
        {
            server.RespondWith(
                new Answer(200, $$"""{"{{key}}":[{"{{id}}":{{quote}}1{{quote}}}],"{{token}}":"next"}"""),
                new Answer(200, $$"""{"{{key}}":[{"{{id}}":{{quote}}2{{quote}}}]}"""),
                Answer.Error(400, "InvalidRequestException"));
            return ReadAsync(items, cancellationToken);
        }
    }

    private static async Task<List<T>> ReadAsync<T>(IAsyncEnumerable<T> items, CancellationToken cancellationToken)
    {
        var read = new List<T>();
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            read.Add(item);
        }

        return read;
    }
}
