namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>All that one account has in one region. Everything in it is read and changed under <see cref="Gate"/>.</summary>
internal sealed class RegionState(string account, string region)
{
    private long sequence;

    public Lock Gate { get; } = new();

    public string Account => account;

    public string Region => region;

    public Dictionary<string, CACertificate> CACertificates { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DeviceCertificate> Certificates { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Thing> Things { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, ThingGroup> ThingGroups { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Policy> Policies { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, ProvisioningTemplate> Templates { get; } = new(StringComparer.Ordinal);

    /// <summary>By thing name, then by shadow name; the classic shadow's name is empty.</summary>
    public Dictionary<string, SortedDictionary<string, Shadow>> Shadows { get; } = new(StringComparer.Ordinal);

    /// <summary>By client id, also of clients that went away.</summary>
    public SortedDictionary<string, Connection> Connections { get; } = new(StringComparer.Ordinal);

    /// <summary>By ARN.</summary>
    public Dictionary<string, SortedDictionary<string, string>> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Orders what was made within the same millisecond.</summary>
    public long NextSequence() => ++sequence;

    public string Arn(string resource) => $"arn:aws:iot:{region}:{account}:{resource}";
}
