namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>What AWS IoT Core has, read through its own API.</summary>
/// <param name="CAs">By CA certificate id.</param>
/// <param name="Certificates">By certificate id.</param>
/// <param name="Policies">Default documents, by policy name.</param>
internal sealed record AwsSnapshot(
    IReadOnlyDictionary<string, AwsCA> CAs,
    IReadOnlyDictionary<string, AwsCertificate> Certificates,
    IReadOnlyDictionary<string, AwsThing> Things,
    IReadOnlyDictionary<string, string> Policies,
    IReadOnlyDictionary<string, AwsTemplate> Templates);

internal sealed record AwsCA(string Status);

internal sealed record AwsCertificate(string Status, IReadOnlySet<string> Policies);

internal sealed record AwsThing(IReadOnlySet<string> CertificateIds, IReadOnlySet<string> Groups);

internal sealed record AwsTemplate(string Body, bool Enabled, string Type, string? ProvisioningRoleArn);
