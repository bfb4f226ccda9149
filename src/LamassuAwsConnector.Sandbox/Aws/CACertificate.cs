using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal sealed record RegistrationConfig(string? TemplateName, string? TemplateBody, string? RoleArn)
{
    public JsonObject Write() => new JsonObject().With("templateName", TemplateName).With("templateBody", TemplateBody).With("roleArn", RoleArn);
}

internal sealed class CACertificate(CertificateData data, string mode, long sequence, DateTimeOffset created)
{
    public const string DefaultMode = "DEFAULT";

    public const string SniOnlyMode = "SNI_ONLY";

    public CertificateData Data => data;

    public string Id => data.Id;

    public string Mode => mode;

    public long Sequence => sequence;

    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset Modified { get; private set; } = created;

    public int CustomerVersion { get; private set; } = 1;

    public string GenerationId { get; } = Guid.NewGuid().ToString();

    public bool Active { get; set; }

    public bool AutoRegistration { get; set; }

    public RegistrationConfig? RegistrationConfig { get; set; }

    public string Status => Active ? "ACTIVE" : "INACTIVE";

    public string AutoRegistrationStatus => AutoRegistration ? "ENABLE" : "DISABLE";

    public void Touch(DateTimeOffset now)
    {
        Modified = now;
        CustomerVersion++;
    }

    public string Arn(RegionState state) => state.Arn($"cacert/{Id}");
}
