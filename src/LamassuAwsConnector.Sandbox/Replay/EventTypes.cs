using System.Collections.Frozen;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>Types of Lamassu's events. They are compared for equality: <c>certificate.status.update.error</c> is no status event.</summary>
internal static class EventTypes
{
    public const string BindDeviceId = "dms.bind-device-id";
    public const string IdentityBound = "device.identity.bound";
    public const string CertificateStatus = "certificate.status.update";
    public const string CAStatus = "ca.status.update";
    public const string CAReissue = "ca.reissue";
    public const string CADelete = "ca.delete";
    public const string DmsCreate = "dms.create";
    public const string DeviceStatus = "device.status.update";
    public const string DeviceIdentity = "device.identity.update";

    /// <summary>The kind of object whose state the event's data is.</summary>
    private static readonly FrozenDictionary<string, LamassuKind> Kinds = new Dictionary<string, LamassuKind>(StringComparer.Ordinal)
    {
        ["ca.create"] = LamassuKind.CA,
        ["ca.import"] = LamassuKind.CA,
        [CAStatus] = LamassuKind.CA,
        ["ca.metadata.update"] = LamassuKind.CA,
        ["ca.profile.update"] = LamassuKind.CA,
        [CAReissue] = LamassuKind.CA,
        [CADelete] = LamassuKind.CA,
        ["ca.sign.certificate"] = LamassuKind.Certificate,
        ["certificate.create"] = LamassuKind.Certificate,
        ["certificate.import"] = LamassuKind.Certificate,
        [CertificateStatus] = LamassuKind.Certificate,
        ["certificate.metadata.update"] = LamassuKind.Certificate,
        ["certificate.delete"] = LamassuKind.Certificate,
        ["profile.issuance.create"] = LamassuKind.Profile,
        ["profile.issuance.update"] = LamassuKind.Profile,
        ["profile.issuance.delete"] = LamassuKind.Profile,
        [DmsCreate] = LamassuKind.Dms,
        ["dms.update"] = LamassuKind.Dms,
        ["dms.metadata.update"] = LamassuKind.Dms,
        ["dms.delete"] = LamassuKind.Dms,
        ["device.create"] = LamassuKind.Device,
        [DeviceIdentity] = LamassuKind.Device,
        [DeviceStatus] = LamassuKind.Device,
        ["device.metadata.update"] = LamassuKind.Device,
        ["device.delete"] = LamassuKind.Device,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Types on which the state that a replay ends with in AWS can depend. Metadata of devices and certificates reaches shadows alone.</summary>
    public static readonly FrozenSet<string> Decisive = new[]
    {
        "ca.create", "ca.import", "ca.metadata.update", CAStatus, CAReissue, CADelete, CertificateStatus, DmsCreate, "dms.update", "dms.metadata.update", "dms.delete",
        BindDeviceId, IdentityBound, DeviceStatus, "device.delete",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static LamassuKind? KindOf(string type) => Kinds.TryGetValue(type, out var kind) ? kind : null;

    public static bool IsBind(string? type) => type is BindDeviceId or IdentityBound;

    public static bool IsDelete(string type) => type.EndsWith(".delete", StringComparison.Ordinal);
}
