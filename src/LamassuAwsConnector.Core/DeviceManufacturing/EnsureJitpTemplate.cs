namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>What a call did to a provisioning template.</summary>
public enum JitpTemplateChange
{
    Created,
    Changed,
    Unchanged,
}

/// <summary>A DMS's provisioning template in AWS.</summary>
/// <param name="Name">The DMS's id, or a short name where the id is no template name.</param>
/// <param name="DefaultVersion">The version that AWS runs.</param>
/// <param name="Enabled">Whether AWS provisions devices by it.</param>
public sealed record JitpTemplate(
    string DmsId, string Name, string Arn, int DefaultVersion, bool Enabled, string ProvisioningRoleArn, JitpTemplateChange Change);

public abstract record EnsureJitpTemplateOutcome
{
    private EnsureJitpTemplateOutcome(JitpTemplate template) => Template = template;

    public JitpTemplate Template { get; }

    /// <summary>The template is as the DMS asks for.</summary>
    public sealed record Ensured : EnsureJitpTemplateOutcome
    {
        internal Ensured(JitpTemplate template, string? caCertificateId, bool newlyAttached)
            : base(template) => (CACertificateId, NewlyAttached) = (caCertificateId, newlyAttached);

        /// <summary>The CA certificate in AWS that runs the template; null for a template that is disabled, which is attached to nothing.</summary>
        public string? CACertificateId { get; }

        /// <summary>false: it was attached already.</summary>
        public bool NewlyAttached { get; }
    }

    /// <summary>The template is as the DMS asks for, and no CA runs it: a person has to decide.</summary>
    public sealed record NotAttached : EnsureJitpTemplateOutcome
    {
        internal NotAttached(JitpTemplate template, string code, string reason)
            : base(template) => (Code, Reason) = (code, reason);

        /// <summary>A stable word for the reason.</summary>
        public string Code { get; }

        /// <summary>One sentence for a person, with what to do.</summary>
        public string Reason { get; }
    }
}
