using Amazon.IoT.Model;

namespace LamassuAwsConnector.Core.Aws;

internal sealed partial class IoTCore
{
    public Task<DescribeProvisioningTemplateResponse?> DescribeProvisioningTemplateAsync(string templateName, CancellationToken cancellationToken) => FindAsync(
        $"provisioning template {templateName}",
        () => iot.DescribeProvisioningTemplateAsync(new DescribeProvisioningTemplateRequest { TemplateName = templateName }, cancellationToken));

    public Task<CreateProvisioningTemplateResponse> CreateProvisioningTemplateAsync(
        CreateProvisioningTemplateRequest request, CancellationToken cancellationToken) =>
        CallAsync($"provisioning template {request.TemplateName}", () => iot.CreateProvisioningTemplateAsync(request, cancellationToken));

    public Task UpdateProvisioningTemplateAsync(UpdateProvisioningTemplateRequest request, CancellationToken cancellationToken) =>
        CallAsync($"provisioning template {request.TemplateName}", () => iot.UpdateProvisioningTemplateAsync(request, cancellationToken));

    public Task DeleteProvisioningTemplateAsync(string templateName, CancellationToken cancellationToken) => FindAsync(
        $"provisioning template {templateName}",
        () => iot.DeleteProvisioningTemplateAsync(new DeleteProvisioningTemplateRequest { TemplateName = templateName }, cancellationToken));

    public Task<ListProvisioningTemplatesResponse> ListProvisioningTemplatesAsync(
        int pageSize, string? nextToken, CancellationToken cancellationToken) => CallAsync(
        "account",
        () => iot.ListProvisioningTemplatesAsync(new ListProvisioningTemplatesRequest { MaxResults = pageSize, NextToken = nextToken }, cancellationToken));

    public Task<CreateProvisioningTemplateVersionResponse> CreateProvisioningTemplateVersionAsync(
        string templateName, string templateBody, CancellationToken cancellationToken) => CallAsync(
        $"provisioning template {templateName}",
        () => iot.CreateProvisioningTemplateVersionAsync(
            new CreateProvisioningTemplateVersionRequest { TemplateName = templateName, TemplateBody = templateBody, SetAsDefault = true }, cancellationToken));

    public Task<IReadOnlyList<ProvisioningTemplateVersionSummary>> ListProvisioningTemplateVersionsAsync(
        string templateName, CancellationToken cancellationToken) => CallAsync(
        $"provisioning template {templateName}",
        async () => (IReadOnlyList<ProvisioningTemplateVersionSummary>)[.. (await ReadAsync(
            iot.Paginators.ListProvisioningTemplateVersions(new ListProvisioningTemplateVersionsRequest { TemplateName = templateName }).Versions, cancellationToken))
            .OrderBy(version => version.VersionId)]);

    public Task DeleteProvisioningTemplateVersionAsync(string templateName, int versionId, CancellationToken cancellationToken) => CallAsync(
        $"version {versionId} of provisioning template {templateName}",
        () => iot.DeleteProvisioningTemplateVersionAsync(
            new DeleteProvisioningTemplateVersionRequest { TemplateName = templateName, VersionId = versionId }, cancellationToken));
}
