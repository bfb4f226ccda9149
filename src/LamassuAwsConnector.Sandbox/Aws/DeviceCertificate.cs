namespace LamassuAwsConnector.Sandbox.Aws;

internal static class CertificateStatuses
{
    public const string Active = "ACTIVE";

    public const string Inactive = "INACTIVE";

    public const string Revoked = "REVOKED";

    /// <summary>Registered by a first connection, the template has not run to its end.</summary>
    public const string PendingActivation = "PENDING_ACTIVATION";
}

internal sealed class DeviceCertificate(CertificateData data, string? caId, string mode, string status, long sequence, DateTimeOffset created)
{
    public CertificateData Data => data;

    public string Id => data.Id;

    /// <summary>Null for one registered without CA.</summary>
    public string? CAId => caId;

    public string Mode => mode;

    public string Status { get; private set; } = status;

    public long Sequence => sequence;

    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset Modified { get; private set; } = created;

    public int CustomerVersion { get; private set; } = 1;

    public string GenerationId { get; } = Guid.NewGuid().ToString();

    /// <summary>Names, in the order in which they were attached.</summary>
    public List<string> Policies { get; } = [];

    public SortedSet<string> Things { get; } = new(StringComparer.Ordinal);

    public void SetStatus(string status, DateTimeOffset now)
    {
        if (Status != status)
        {
            Status = status;
            Modified = now;
            CustomerVersion++;
        }
    }

    public string Arn(RegionState state) => state.Arn($"cert/{Id}");
}
