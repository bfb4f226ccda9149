using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>Goes through the devices of a DMS, a page for each call.</summary>
public sealed partial class FleetService
{
    // Enough to know which CA or mistake it is.
    private const int MaxNamed = 5;

    private readonly LamassuClient lamassu;
    private readonly LamassuMemory memory;
    private readonly MetadataDialects dialects;
    private readonly JitpTemplateService jitpTemplates;
    private readonly IFleetSender fleet;
    private readonly IIoTCore iot;
    private readonly TimeProvider timeProvider;
    private readonly ILogger<FleetService> logger;

    internal FleetService(
        LamassuClient lamassu,
        LamassuMemory memory,
        MetadataDialects dialects,
        JitpTemplateService jitpTemplates,
        IFleetSender fleet,
        IIoTCore iot,
        TimeProvider timeProvider,
        ILogger<FleetService> logger)
    {
        this.lamassu = lamassu;
        this.memory = memory;
        this.dialects = dialects;
        this.jitpTemplates = jitpTemplates;
        this.fleet = fleet;
        this.iot = iot;
        this.timeProvider = timeProvider;
        this.logger = logger;
    }

    /// <summary>
    /// Afterwards each device of the page that has an identity has a message of its own, and the next page too. Repeated, the messages are sent again,
    /// which does no harm.
    /// </summary>
    /// <returns>The devices that were sent a message; null when the DMS has changed its mode, so that there is nothing to do.</returns>
    /// <exception cref="ConnectorException">NotFound when there is no such DMS any more; and what Lamassu and the queue answer.</exception>
    public async Task<int?> WalkAsync(WalkDevices walk, CancellationToken cancellationToken)
    {
        var mode = await ModeAsync(walk.DmsId, walk.DmsAsOf, cancellationToken);
        if ((walk.Work == DeviceWork.Register && mode != RegistrationMode.Auto) || (walk.Work == DeviceWork.Complete && mode == RegistrationMode.None))
        {
            return null;
        }

        var page = await lamassu.ListDevicesAsync(walk.DmsId, walk.Bookmark, cancellationToken);
        var devices = WithIdentity(page);
        foreach (var device in devices)
        {
            await fleet.SendAsync(new WorkOnDevice(device.Id, walk.Work, walk.Time, walk.DmsAsOf), cancellationToken);
        }

        if (page.Next is { Length: > 0 } next)
        {
            await fleet.SendAsync(walk with { Bookmark = next }, cancellationToken);
        }
        else if (walk.ThenLeaveJitp)
        {
            await fleet.SendAsync(new LeaveJitp(walk.DmsId, walk.DmsAsOf), cancellationToken);
        }

        Log.Walked(logger, walk.DmsId, walk.Work, devices.Count, page.Next is not { Length: > 0 });
        return devices.Count;
    }

    /// <summary>
    /// Once AWS knows the usable certificate of every device of the DMS, the DMS's provisioning template is removed: until then it lets in the devices
    /// that are not registered yet.
    /// </summary>
    /// <exception cref="ConnectorException">Conflict <c>devices_not_registered</c> when the last attempt still finds such devices; and what Lamassu and AWS answer.</exception>
    public async Task<LeaveJitpOutcome> LeaveJitpAsync(LeaveJitp leave, CancellationToken cancellationToken)
    {
        // Observe
        var mode = await ModeAsync(leave.DmsId, leave.DmsAsOf, cancellationToken);
        if (mode == RegistrationMode.Jitp)
        {
            return new LeaveJitpOutcome.Back();
        }

        var page = await lamassu.ListDevicesAsync(leave.DmsId, leave.Bookmark, cancellationToken);
        var missing = mode == RegistrationMode.Auto ? await UnknownToAwsAsync(WithIdentity(page), cancellationToken) : [];
        if (missing.Count > 0)
        {
            var names = string.Join(", ", missing.Take(MaxNamed)) + (missing.Count > MaxNamed ? $" and {missing.Count - MaxNamed} more" : "");
            var reason = $"DMS {leave.DmsId} left mode jitp, and AWS does not know the certificates of {names}; its provisioning template stays until they are registered.";
            return !leave.IsLastAttempt
                ? new LeaveJitpOutcome.Waiting(reason)
                : throw new ConnectorException(
                    FailureKind.Conflict,
                    "devices_not_registered",
                    FailureSource.Connector,
                    $"{reason} Their metadata says why they are not; register them, and then delete the template with DELETE /v1/dms/{leave.DmsId}/jitp-template.");
        }

        // Act
        if (page.Next is { Length: > 0 } next)
        {
            await fleet.SendAsync(leave with { Bookmark = next }, cancellationToken);
        }
        else
        {
            await jitpTemplates.RemoveAsync(leave.DmsId, cancellationToken);
        }

        return new LeaveJitpOutcome.Left();
    }

    private async Task<RegistrationMode> ModeAsync(string dmsId, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var dms = await memory.GetDmsAsync(dmsId, asOf, cancellationToken);
        return dialects.Find(dms.Metadata, $"DMS {dmsId}") is { } note ? DmsAwsSettings.ReadMode(note) : RegistrationMode.None;
    }

    private static List<Device> WithIdentity(ListPage<Device> page) =>
        [.. (page.List ?? []).Where(device => device.Identity?.ActiveSerialNumber is not null && !LamassuStatus.Is(device.Status, LamassuStatus.Decommissioned))];

    private async Task<List<string>> UnknownToAwsAsync(List<Device> devices, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var deviceOf = devices.ToLookup(device => device.Identity!.ActiveSerialNumber!, device => device.Id, StringComparer.Ordinal);
        var unknown = new List<string>();
        foreach (var certificate in await lamassu.ListCertificatesAsync([.. deviceOf.Select(serial => serial.Key)], cancellationToken))
        {
            if (!LamassuStatus.Is(certificate.Status, LamassuStatus.Active))
            {
                continue;
            }

            var issued = IssuedCertificate.Read(certificate.EncodedPem, $"certificate {certificate.SerialNumber}");
            if (issued.NotBefore <= now && now < issued.NotAfter && await iot.DescribeCertificateAsync(issued.AwsId, cancellationToken) is null)
            {
                unknown.AddRange(deviceOf[certificate.SerialNumber]);
            }
        }

        return unknown;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "DMS {DmsId}: {Work} sent to {Devices} devices; last page: {IsLast}")]
        public static partial void Walked(ILogger logger, string dmsId, DeviceWork work, int devices, bool isLast);
    }
}

/// <summary>What became of a step out of mode <c>jitp</c> when no call failed.</summary>
public abstract record LeaveJitpOutcome
{
    private LeaveJitpOutcome()
    {
    }

    /// <summary>The page's devices are registered; after the last page the template is gone.</summary>
    public sealed record Left : LeaveJitpOutcome;

    /// <summary>The DMS is in mode <c>jitp</c> again.</summary>
    public sealed record Back : LeaveJitpOutcome;

    /// <summary>Some devices are not registered yet.</summary>
    public sealed record Waiting(string Reason) : LeaveJitpOutcome;
}
