using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>A person's wish that AWS registers a DMS's devices at their first connection.</summary>
/// <param name="DmsId">The DMS in Lamassu.</param>
public sealed record PutJitpTemplate(string DmsId)
{
    /// <summary>false: the template is there and provisions nothing.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The CA certificate in AWS that is to run the template; null leaves the DMS's word, an empty text takes it away.</summary>
    public string? AwsCACertificateId { get; init; }

    /// <summary>The role in which AWS provisions; null leaves the DMS's word, an empty text takes it away.</summary>
    public string? ProvisioningRoleArn { get; init; }
}

/// <param name="DmsChanged">The DMS's settings in Lamassu were written.</param>
public sealed record PutJitpTemplateOutcome(EnsureJitpTemplateOutcome Ensured, bool DmsChanged);

public enum DeleteJitpTemplateOutcome
{
    /// <summary>Neither DMS nor AWS has it any more.</summary>
    Removed,

    /// <summary>The DMS registers its devices one by one from now on; the template goes when that is done.</summary>
    Leaving,
}

/// <summary>A CA certificate in AWS that names a template.</summary>
/// <param name="Status"><c>ACTIVE</c> or <c>INACTIVE</c>.</param>
/// <param name="AutoRegistration">Whether it takes in devices by itself.</param>
public sealed record JitpTemplateAuthority(string CertificateId, string Status, bool AutoRegistration);

/// <summary>What a DMS asks for.</summary>
public sealed record RequestedJitpTemplate(RegistrationMode Mode, bool Enabled, string? AwsCACertificateId, string? ProvisioningRoleArn);

/// <summary>A template in AWS beside what its DMS asks for.</summary>
/// <param name="Body">As AWS has it.</param>
/// <param name="Requested">null: the DMS has no settings for this connector.</param>
/// <param name="Drift">Each difference in a sentence; empty when AWS is as the DMS asks for.</param>
public sealed record JitpTemplateView(
    JitpTemplate Template,
    string Type,
    string? Description,
    JsonNode? Body,
    IReadOnlyList<JitpTemplateAuthority> CAs,
    RequestedJitpTemplate? Requested,
    IReadOnlyList<string> Drift);

/// <summary>One entry of the list.</summary>
public sealed record JitpTemplateSummary(string DmsId, string Name, string Arn, string? Description, bool Enabled);

/// <param name="Next">Leads to the next page; null on the last one.</param>
public sealed record JitpTemplatePage(string? Next, IReadOnlyList<JitpTemplateSummary> List);
