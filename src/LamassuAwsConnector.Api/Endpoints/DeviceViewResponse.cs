using System.Text.Json.Serialization;
using LamassuAwsConnector.Core.Devices;

namespace LamassuAwsConnector.Api.Endpoints;

/// <param name="Thing">null when there is no such thing.</param>
/// <param name="Certificates">Those of the device's identity, newest first, then what else the thing carries.</param>
/// <param name="CertificatesLeftOut">Earlier certificates that were not looked at, as there are so many; none of them is attached to the thing.</param>
/// <param name="IssuingCA">The CA that issued the current certificate; null without one, and when Lamassu does not have it.</param>
/// <param name="Policies">Those that the DMS asks for, then what else the current certificate has.</param>
/// <param name="Connection">null when AWS knows no client of the device's id, and when there is no thing.</param>
/// <param name="Findings">What is wrong and what to do; empty when all is as it should be.</param>
internal sealed record DeviceViewResponse(
    string DeviceId,
    string ConnectorId,
    DeviceInLamassuResponse Lamassu,
    ThingResponse? Thing,
    IReadOnlyList<DeviceCertificateResponse> Certificates,
    int CertificatesLeftOut,
    [property: JsonPropertyName("issuing_ca")] IssuingCAResponse? IssuingCA,
    IReadOnlyList<DevicePolicyResponse> Policies,
    ShadowSummaryResponse Shadow,
    DeviceConnectionResponse? Connection,
    IReadOnlyList<FindingResponse> Findings)
{
    public static DeviceViewResponse Of(DeviceView view, string connectorId) => new(
        view.Device.Id,
        connectorId,
        DeviceInLamassuResponse.Of(view.Device),
        view.Thing is { } thing
            ? new ThingResponse(thing.Name, thing.Arn, thing.Type, thing.Attributes, thing.Groups, thing.MissingGroups)
            : null,
        [.. view.Certificates.Select(DeviceCertificateResponse.Of)],
        view.CertificatesLeftOut,
        view.CA is { } ca ? new IssuingCAResponse(ca.Id, ca.CertificateId, ca.AwsStatus) : null,
        [.. view.Policies.Select(policy =>
            new DevicePolicyResponse(policy.Name, policy.IsRequested, policy.IsInAws, policy.IsAttached, policy.IsSameDocument))],
        new ShadowSummaryResponse(
            view.Shadow.Enabled,
            view.Shadow.Name,
            view.Shadow.Exists,
            [.. view.Shadow.PendingActions.Select(action => new PendingActionResponse(action.Key, action.Value))]),
        view.Connection is { } connection
            ? new DeviceConnectionResponse(
                connection.ClientId, connection.Connected, connection.ConnectedSince, connection.DisconnectedSince, connection.DisconnectReason)
            : null,
        [.. view.Findings.Select(FindingResponse.Of)]);
}

/// <param name="Status">Of the device, as Lamassu says it.</param>
/// <param name="DmsId">The DMS that owns the device.</param>
/// <param name="RegistrationMode"><c>none</c>, <c>auto</c> or <c>jitp</c>; null when the DMS has no settings for this connector.</param>
/// <param name="ThingRegistered">What the device's metadata say of its registration.</param>
/// <param name="Error">Why it is not registered, as noted.</param>
/// <param name="ErrorTime">As it stands in the metadata.</param>
/// <param name="Actions">That the metadata ask for and that are not in the shadow yet.</param>
internal sealed record DeviceInLamassuResponse(
    string? Status, string? DmsId, string? RegistrationMode, bool ThingRegistered, string? Error, string? ErrorTime, IReadOnlyList<string> Actions)
{
    public static DeviceInLamassuResponse Of(DeviceInLamassu device) =>
        new(device.Status, device.DmsId, device.Mode, device.IsRegistrationNoted, device.Error, device.ErrorTime, device.Actions);
}

/// <param name="Type">The thing type; null when it has none.</param>
/// <param name="MissingGroups">Those that the DMS asks for and the thing is not in.</param>
internal sealed record ThingResponse(
    string Name,
    string Arn,
    string? Type,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> MissingGroups);

/// <param name="Ours">false: somebody else attached it to the thing; nothing is said of it but that, and the connector leaves it.</param>
/// <param name="Version">In the device's identity.</param>
/// <param name="Current">The active version of the identity.</param>
/// <param name="SerialNumber">As Lamassu prints it.</param>
/// <param name="CertificateId">Its id in AWS; null for a principal that is no certificate, and where Lamassu has lost the certificate.</param>
/// <param name="Arn">null when AWS does not have it.</param>
/// <param name="LamassuStatus">null when Lamassu does not have it.</param>
/// <param name="RevocationReason">null unless it is revoked in Lamassu.</param>
/// <param name="AwsStatus">null when AWS does not have it, and for what is not ours.</param>
/// <param name="Attached">To the thing.</param>
internal sealed record DeviceCertificateResponse(
    bool Ours,
    int? Version,
    bool Current,
    string? SerialNumber,
    string? CertificateId,
    string? Arn,
    string? LamassuStatus,
    string? RevocationReason,
    DateTimeOffset? ExpirationTime,
    string? AwsStatus,
    bool Attached)
{
    public static DeviceCertificateResponse Of(DeviceCertificate certificate) => new(
        certificate.IsOurs,
        certificate.Version,
        certificate.IsCurrent,
        certificate.SerialNumber,
        certificate.CertificateId,
        certificate.Arn,
        certificate.LamassuStatus,
        certificate.RevocationReason,
        certificate.ExpirationTime,
        certificate.AwsStatus,
        certificate.IsAttached);
}

/// <param name="Id">In Lamassu.</param>
/// <param name="CertificateId">In AWS.</param>
/// <param name="AwsStatus">null when it is not registered in this account and region.</param>
internal sealed record IssuingCAResponse(string Id, string CertificateId, string? AwsStatus);

/// <param name="Requested">The DMS asks for it.</param>
/// <param name="Exists">In AWS; null when AWS was not asked, as the DMS does not ask for it.</param>
/// <param name="Attached">To the current certificate itself.</param>
/// <param name="SameDocument">Whether AWS has the document that the DMS has; null where there are not two to compare.</param>
internal sealed record DevicePolicyResponse(string Name, bool Requested, bool? Exists, bool Attached, bool? SameDocument);

/// <param name="Enabled">Whether the DMS uses shadows.</param>
/// <param name="Name">null: the classic shadow.</param>
/// <param name="Exists">null when AWS was not asked.</param>
/// <param name="PendingActions">What the shadow asks the device for.</param>
internal sealed record ShadowSummaryResponse(bool Enabled, string? Name, bool? Exists, IReadOnlyList<PendingActionResponse> PendingActions);

/// <param name="Action">Its name.</param>
/// <param name="Time">Milliseconds since the epoch, as in the shadow; null when it is no number there.</param>
internal sealed record PendingActionResponse(string Action, long? Time);

/// <param name="ClientId">The device's id; AWS tells connections by client id, and a device that uses another one is not found.</param>
/// <param name="Connected">null when AWS denies the connector the look.</param>
internal sealed record DeviceConnectionResponse(
    string ClientId, bool? Connected, DateTimeOffset? ConnectedSince, DateTimeOffset? DisconnectedSince, string? DisconnectReason);
