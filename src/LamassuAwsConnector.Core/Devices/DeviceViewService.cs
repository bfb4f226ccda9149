using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Certificate = LamassuAwsConnector.Core.Lamassu.Models.Certificate;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>Shows devices as they are in Lamassu and in AWS, side by side, and what is wrong with them.</summary>
public sealed class DeviceViewService
{
    // One call for each; a device that renews every day has hundreds, and those that are attached are shown anyway.
    private const int MaxEarlierCertificates = 10;

    private readonly LamassuClient lamassu;
    private readonly LamassuMemory memory;
    private readonly MetadataDialects dialects;
    private readonly IIoTCore iot;

    internal DeviceViewService(LamassuClient lamassu, LamassuMemory memory, MetadataDialects dialects, IIoTCore iot)
    {
        this.lamassu = lamassu;
        this.memory = memory;
        this.dialects = dialects;
        this.iot = iot;
    }

    /// <summary>Reads only. All of it or an error: what AWS or Lamassu did not answer is never shown as missing.</summary>
    /// <exception cref="ConnectorException">
    /// <see cref="FailureKind.NotFound"/> for a device that Lamassu does not have; what AWS and Lamassu answer.
    /// </exception>
    public async Task<DeviceView> GetAsync(string deviceId, CancellationToken cancellationToken)
    {
        var device = await lamassu.GetDeviceAsync(deviceId, cancellationToken);
        var dms = await FindDmsAsync(device.DmsOwner, cancellationToken);
        var (settings, settingsProblem) = SettingsOf(dms);
        var (note, noteProblem) = Find(device.Metadata, $"device {device.Id}");
        var thing = ThingNames.IsValid(device.Id) ? await iot.DescribeThingAsync(device.Id, cancellationToken) : null;
        var principals = thing is null ? [] : await iot.ListThingPrincipalsAsync(device.Id, cancellationToken);
        var groups = thing is null ? [] : await iot.ListThingGroupsForThingAsync(device.Id, cancellationToken);
        var known = await lamassu.ListCertificatesAsync(SerialNumbersOf(device.Identity), cancellationToken);
        var (certificates, leftOut) = await LookAtAsync(device.Identity, known, principals, cancellationToken);
        var current = certificates.FirstOrDefault(certificate => certificate.IsCurrent);
        var view = new DeviceView(
            new DeviceInLamassu(
                device.Id,
                device.Status,
                device.DmsOwner,
                ModeOf(dms),
                DeviceNotes.IsRegistered(note),
                note?.Value.Text("error"),
                note?.Value.Text("error_time"),
                DeviceActions.Of(note)),
            thing is null ? null : Describe(thing, groups, settings),
            certificates,
            leftOut,
            await FindCAAsync(known.FirstOrDefault(certificate => certificate.SerialNumber == current?.SerialNumber), cancellationToken),
            current is null ? [] : await ComparePoliciesAsync(current, settings?.Policies ?? [], cancellationToken),
            await LookAtShadowAsync(device.Id, ShadowOf(dms), thing is not null, cancellationToken),
            thing is null ? null : await FindConnectionAsync(device.Id, cancellationToken));
        return view with { Findings = [.. DeviceFindings.OfSettings(view, dms is not null, [settingsProblem, noteProblem]), .. DeviceFindings.Of(view, dms)] };
    }

    private async Task<Dms?> FindDmsAsync(string? dmsId, CancellationToken cancellationToken)
    {
        try
        {
            return dmsId is { Length: > 0 } ? await lamassu.GetDmsAsync(dmsId, cancellationToken) : null;
        }
        catch (ConnectorException failure) when (failure.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }

    private (ConnectorMetadata? Note, ConnectorException? Problem) Find(System.Text.Json.Nodes.JsonObject? metadata, string subject)
    {
        try
        {
            return (dialects.Find(metadata, subject), null);
        }
        catch (ConnectorException failure) when (failure.Kind == FailureKind.Invalid)
        {
            return (null, failure);
        }
    }

    private (DmsAwsSettings? Settings, ConnectorException? Problem) SettingsOf(Dms? dms)
    {
        try
        {
            return dms is not null && dialects.Find(dms.Metadata, $"DMS {dms.Id}") is { } note ? (DmsAwsSettings.Read(note, dms.Id), null) : (null, null);
        }
        catch (ConnectorException failure) when (failure.Kind == FailureKind.Invalid)
        {
            return (null, failure);
        }
    }

    // Mode and shadow are readable whatever else is wrong with the settings.
    private string? ModeOf(Dms? dms) => dms is not null && Find(dms.Metadata, $"DMS {dms.Id}").Note is { } note
        ? DmsAwsSettings.ReadMode(note).ToString().ToLowerInvariant()
        : null;

    private DmsShadowConfig? ShadowOf(Dms? dms) =>
        dms is not null && Find(dms.Metadata, $"DMS {dms.Id}").Note is { } note ? DmsAwsSettings.ReadShadow(note) : null;

    private static IReadOnlyList<string> SerialNumbersOf(IdentitySlot? slot) =>
        slot is null ? [] : [.. new[] { slot.ActiveSerialNumber }.OfType<string>().Concat(slot.EarlierSerialNumbers)];

    private async Task<(IReadOnlyList<DeviceCertificate> Certificates, int LeftOut)> LookAtAsync(
        IdentitySlot? slot, IReadOnlyList<Certificate> known, IReadOnlyList<string> principals, CancellationToken cancellationToken)
    {
        var found = new List<DeviceCertificate>();
        var others = principals.ToList();
        var leftOut = 0;
        foreach (var serialNumber in SerialNumbersOf(slot))
        {
            var certificate = known.FirstOrDefault(candidate => candidate.SerialNumber == serialNumber);
            var issued = certificate is null ? null : IssuedCertificate.Read(certificate.EncodedPem, $"certificate {serialNumber}");
            var principal = issued is null ? null : principals.FirstOrDefault(arn => IdOf(arn) == issued.AwsId);
            var isCurrent = serialNumber == slot?.ActiveSerialNumber;
            if (!isCurrent && principal is null && found.Count > MaxEarlierCertificates)
            {
                leftOut++;
                continue;
            }

            var inAws = issued is null ? null : await iot.DescribeCertificateAsync(issued.AwsId, cancellationToken);
            others.Remove(principal ?? "");
            found.Add(new DeviceCertificate(
                IsOurs: true,
                VersionOf(slot, serialNumber),
                isCurrent,
                serialNumber,
                issued?.AwsId,
                inAws?.CertificateArn,
                certificate?.Status,
                LamassuStatus.Is(certificate?.Status, LamassuStatus.Revoked) ? certificate?.RevocationReason : null,
                issued?.NotAfter,
                inAws?.Status.Value,
                principal is not null));
        }

        return ([.. found, .. others.Select(OfOthers)], leftOut);
    }

    private static DeviceCertificate OfOthers(string arn) => new(
        IsOurs: false,
        Version: null,
        IsCurrent: false,
        SerialNumber: null,
        IdOf(arn),
        arn,
        LamassuStatus: null,
        RevocationReason: null,
        ExpirationTime: null,
        AwsStatus: null,
        IsAttached: true);

    // arn:<partition>:iot:<region>:<account>:cert/<id>; other principals are Cognito identities.
    private static string? IdOf(string arn) => arn.Split(":cert/") is [_, { Length: > 0 } id] ? id : null;

    private static int? VersionOf(IdentitySlot? slot, string serialNumber) =>
        int.TryParse(
            slot?.Versions?.LastOrDefault(version => version.Value == serialNumber).Key, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static ThingInAws Describe(DescribeThingResponse thing, IReadOnlyList<string> groups, DmsAwsSettings? settings) => new(
        thing.ThingName,
        thing.ThingArn,
        thing.ThingTypeName,
        thing.Attributes ?? [],
        groups,
        [.. (settings?.Groups ?? []).Where(group => !groups.Contains(group, StringComparer.Ordinal))]);

    private async Task<IssuingCA?> FindCAAsync(Certificate? current, CancellationToken cancellationToken)
    {
        if (current?.IssuerMetadata?.Id is not { Length: > 0 } caId)
        {
            return null;
        }

        try
        {
            var ca = await memory.GetCACertificateAsync(caId, cancellationToken);
            return new IssuingCA(caId, ca.AwsId, (await iot.DescribeCACertificateAsync(ca.AwsId, cancellationToken))?.Status.Value);
        }
        catch (ConnectorException failure) when (failure is { Kind: FailureKind.NotFound, FailureSource: FailureSource.Lamassu })
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<DevicePolicy>> ComparePoliciesAsync(
        DeviceCertificate current, IReadOnlyList<DmsPolicy> requested, CancellationToken cancellationToken)
    {
        var attached = current.Arn is { } arn ? await iot.ListAttachedPoliciesAsync(arn, cancellationToken) : [];
        var policies = new List<DevicePolicy>();
        foreach (var policy in requested)
        {
            var inAws = await iot.GetPolicyAsync(policy.Name, cancellationToken);
            policies.Add(new DevicePolicy(
                policy.Name,
                IsRequested: true,
                inAws is not null,
                attached.Contains(policy.Name, StringComparer.Ordinal),
                inAws is null ? null : PolicyDocuments.AreSame(inAws.PolicyDocument, policy.Document)));
        }

        return
        [
            .. policies,
            .. attached.Where(name => requested.All(policy => policy.Name != name))
                .Select(name => new DevicePolicy(name, IsRequested: false, IsInAws: null, IsAttached: true, IsSameDocument: null)),
        ];
    }

    private async Task<DeviceShadow> LookAtShadowAsync(string deviceId, DmsShadowConfig? config, bool isThing, CancellationToken cancellationToken)
    {
        if (config is not { Enabled: true } || !isThing || !ThingNames.IsValidShadow(config.ShadowName))
        {
            return new DeviceShadow(config?.Enabled ?? false, config?.ShadowName, Exists: null, new Dictionary<string, long?>());
        }

        var document = await iot.GetThingShadowAsync(deviceId, config.ShadowName, cancellationToken);
        return new DeviceShadow(
            Enabled: true,
            config.ShadowName,
            document is not null,
            document is null ? new Dictionary<string, long?>() : ThingShadows.ActionsOf(document, deviceId));
    }

    private async Task<DeviceConnection?> FindConnectionAsync(string deviceId, CancellationToken cancellationToken)
    {
        try
        {
            return await iot.GetConnectionAsync(deviceId, cancellationToken) is { } connection
                ? new DeviceConnection(
                    deviceId, connection.Connected ?? false, Time(connection.ConnectedSince), Time(connection.DisconnectedSince), connection.DisconnectReason)
                : null;
        }
        catch (ConnectorException failure) when (failure.Kind == FailureKind.Denied)
        {
            // The one call that no other feature needs: a role without its permission is no reason to show nothing. The finding says it.
            return new DeviceConnection(deviceId, Connected: null, ConnectedSince: null, DisconnectedSince: null, DisconnectReason: null);
        }
    }

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
}
