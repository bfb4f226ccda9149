namespace LamassuAwsConnector.Core.Devices;

/// <summary>A device in Lamassu and in AWS.</summary>
/// <param name="Thing">null when there is no such thing.</param>
/// <param name="Certificates">Those of the device's identity slot, newest first, then what else the thing carries.</param>
/// <param name="CertificatesLeftOut">Earlier certificates of the slot that were not looked at; none of them is attached to the thing.</param>
/// <param name="Policies">Those that the DMS asks for, then what else the current certificate has. Empty without a current certificate.</param>
/// <param name="Connection">null when AWS knows of none.</param>
public sealed record DeviceView(
    DeviceInLamassu Device,
    ThingInAws? Thing,
    IReadOnlyList<DeviceCertificate> Certificates,
    int CertificatesLeftOut,
    IssuingCA? CA,
    IReadOnlyList<DevicePolicy> Policies,
    DeviceShadow Shadow,
    DeviceConnection? Connection)
{
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <param name="Mode"><c>none</c>, <c>auto</c> or <c>jitp</c>; null when the device's DMS has no settings for this connector.</param>
/// <param name="IsRegistrationNoted">The device's metadata say that it was registered.</param>
/// <param name="Error">Why it is not registered, as noted; with its time as it stands there.</param>
/// <param name="Actions">That the metadata ask for and that are not in the shadow yet.</param>
public sealed record DeviceInLamassu(
    string Id, string? Status, string? DmsId, string? Mode, bool IsRegistrationNoted, string? Error, string? ErrorTime, IReadOnlyList<string> Actions);

/// <param name="MissingGroups">Those that the DMS asks for and the thing is not in.</param>
public sealed record ThingInAws(
    string Name,
    string Arn,
    string? Type,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> MissingGroups);

/// <summary>A certificate of the device, or what else is attached to its thing.</summary>
/// <param name="IsOurs">It is one of the device's identity slot; else a principal that somebody else attached, and nothing is known of it in Lamassu.</param>
/// <param name="Version">In the slot.</param>
/// <param name="IsCurrent">The active version of the slot.</param>
/// <param name="CertificateId">Its id in AWS; null for a principal that is no certificate, and where Lamassu has lost the certificate.</param>
/// <param name="Arn">null when AWS does not have it.</param>
/// <param name="AwsStatus">null when AWS does not have it, or was not asked: it is not ours.</param>
public sealed record DeviceCertificate(
    bool IsOurs,
    int? Version,
    bool IsCurrent,
    string? SerialNumber,
    string? CertificateId,
    string? Arn,
    string? LamassuStatus,
    string? RevocationReason,
    DateTimeOffset? ExpirationTime,
    string? AwsStatus,
    bool IsAttached);

/// <summary>The CA that issued the current certificate.</summary>
/// <param name="Id">In Lamassu.</param>
/// <param name="AwsStatus">null when it is not registered in this account and region.</param>
public sealed record IssuingCA(string Id, string CertificateId, string? AwsStatus);

/// <param name="IsRequested">The DMS asks for it.</param>
/// <param name="IsInAws">null when AWS was not asked: the DMS does not ask for it.</param>
/// <param name="IsAttached">To the current certificate itself.</param>
/// <param name="IsSameDocument">Whether AWS has the document that the DMS has; null where there are not two to compare.</param>
public sealed record DevicePolicy(string Name, bool IsRequested, bool? IsInAws, bool IsAttached, bool? IsSameDocument);

/// <param name="Enabled">Whether the DMS uses shadows.</param>
/// <param name="Name">null: the classic shadow.</param>
/// <param name="Exists">null when AWS was not asked.</param>
/// <param name="PendingActions">What the shadow asks the device for, with the time in milliseconds since the epoch.</param>
public sealed record DeviceShadow(bool Enabled, string? Name, bool? Exists, IReadOnlyDictionary<string, long?> PendingActions);

/// <summary>The connection of the MQTT client whose id is the device's.</summary>
/// <param name="Connected">null when AWS denies the look.</param>
public sealed record DeviceConnection(
    string ClientId, bool? Connected, DateTimeOffset? ConnectedSince, DateTimeOffset? DisconnectedSince, string? DisconnectReason);
