using Amazon.IoT;
using Amazon.IoT.Model;

namespace LamassuAwsConnector.Core.Aws;

internal sealed partial class IoTCore
{
    public Task<DescribeCACertificateResponse?> DescribeCARegistrationAsync(string certificateId, CancellationToken cancellationToken) => FindAsync(
        $"CA certificate {certificateId}",
        () => iot.DescribeCACertificateAsync(new DescribeCACertificateRequest { CertificateId = certificateId }, cancellationToken),
        "DescribeCACertificateAsync");

    public Task UpdateCACertificateAsync(UpdateCACertificateRequest request, CancellationToken cancellationToken) =>
        CallAsync($"CA certificate {request.CertificateId}", () => iot.UpdateCACertificateAsync(request, cancellationToken));

    public Task<IReadOnlyList<string>> ListCACertificatesAsync(string templateName, CancellationToken cancellationToken) => CallAsync(
        $"provisioning template {templateName}",
        async () => (IReadOnlyList<string>)[.. (await ReadAsync(
            iot.Paginators.ListCACertificates(new ListCACertificatesRequest { TemplateName = templateName }).Certificates, cancellationToken)).Select(ca => ca.CertificateId)]);

    public Task<IReadOnlyList<CACertificate>> ListCACertificatesAsync(CancellationToken cancellationToken) => CallAsync(
        "account",
        async () => (IReadOnlyList<CACertificate>)await ReadAsync(
            iot.Paginators.ListCACertificates(new ListCACertificatesRequest()).Certificates, cancellationToken));

    public async Task<IReadOnlyDictionary<string, string>> ListTagsForResourceAsync(string resourceArn, CancellationToken cancellationToken)
    {
        var tags = await FindAsync(
            resourceArn,
            () => ReadAsync(iot.Paginators.ListTagsForResource(new ListTagsForResourceRequest { ResourceArn = resourceArn }).Tags, cancellationToken));
        return (tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value ?? "", StringComparer.Ordinal);
    }

    public async Task RegisterCertificateAsync(
        string certificatePem, string caCertificatePem, CertificateStatus status, CancellationToken cancellationToken)
    {
        await CallAsync(
            "certificate",
            () => iot.RegisterCertificateAsync(
                new RegisterCertificateRequest { CertificatePem = certificatePem, CaCertificatePem = caCertificatePem, Status = status }, cancellationToken));
        metrics.CertificateStatusUpdated(status);
    }

    public Task<IReadOnlyList<PolicyVersion>> ListPolicyVersionsAsync(string policyName, CancellationToken cancellationToken) => CallAsync(
        $"policy {policyName}",
        async () =>
        {
            var response = await iot.ListPolicyVersionsAsync(new ListPolicyVersionsRequest { PolicyName = policyName }, cancellationToken);

            // Version ids are decimal numbers in strings.
            return (IReadOnlyList<PolicyVersion>)[.. (response.PolicyVersions ?? []).OrderBy(version => int.TryParse(version.VersionId, out var number) ? number : 0)];
        });

    public Task CreatePolicyVersionAsync(string policyName, string policyDocument, CancellationToken cancellationToken) => CallAsync(
        $"policy {policyName}",
        () => iot.CreatePolicyVersionAsync(
            new CreatePolicyVersionRequest { PolicyName = policyName, PolicyDocument = policyDocument, SetAsDefault = true }, cancellationToken));

    public Task DeletePolicyVersionAsync(string policyName, string versionId, CancellationToken cancellationToken) => CallAsync(
        $"version {versionId} of policy {policyName}",
        () => iot.DeletePolicyVersionAsync(new DeletePolicyVersionRequest { PolicyName = policyName, PolicyVersionId = versionId }, cancellationToken));
}
