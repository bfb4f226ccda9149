using System.Text.RegularExpressions;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>Asks devices for actions through their shadows.</summary>
public sealed partial class DeviceShadowService
{
    // Lamassu's metadata of the device is read and written as a whole row: a concurrent writer costs one round more.
    private const int MaxRounds = 5;

    private readonly LamassuClient lamassu;
    private readonly LamassuMemory memory;
    private readonly MetadataDialects dialects;
    private readonly ThingShadows shadows;
    private readonly IIoTCore iot;
    private readonly ILogger<DeviceShadowService> logger;

    internal DeviceShadowService(
        LamassuClient lamassu, LamassuMemory memory, MetadataDialects dialects, ThingShadows shadows, IIoTCore iot, ILogger<DeviceShadowService> logger)
    {
        this.lamassu = lamassu;
        this.memory = memory;
        this.dialects = dialects;
        this.shadows = shadows;
        this.iot = iot;
        this.logger = logger;
    }

    /// <summary>
    /// Afterwards the device's shadow asks for the actions, at the given time or a later one. Repeated with the same time, nothing is written. Nothing is
    /// written for a thing that does not exist: AWS would make its shadow all the same.
    /// </summary>
    /// <exception cref="ConnectorException"><see cref="FailureKind.Invalid"/> for a name that is no action; NotFound; and what AWS and Lamassu answer.</exception>
    public async Task<RequestShadowActionsOutcome> RequestAsync(RequestShadowActions command, CancellationToken cancellationToken)
    {
        if (command.Actions.FirstOrDefault(action => !ActionName().IsMatch(action)) is { } wrong)
        {
            throw new ConnectorException(
                FailureKind.Invalid, "action_invalid", FailureSource.Connector, $"'{wrong}' is no action for device {command.DeviceId}: 1 to 64 letters, digits or _- are allowed.");
        }

        var device = await lamassu.GetDeviceAsync(command.DeviceId, cancellationToken);
        return await RequestAsync(device, command, cancellationToken);
    }

    /// <summary>
    /// Carries over the actions that the device's metadata asks for, and takes those that are done from there. A device whose shadow is disabled keeps
    /// them.
    /// </summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="time">When they were asked for.</param>
    /// <returns>null when the metadata asks for nothing.</returns>
    /// <exception cref="ConnectorException">As <see cref="RequestAsync(RequestShadowActions, CancellationToken)"/>.</exception>
    public async Task<RequestShadowActionsOutcome?> CarryOverAsync(string deviceId, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var device = await lamassu.GetDeviceAsync(deviceId, cancellationToken);
        var actions = DeviceActions.Of(NoteOf(device));
        if (actions.Count == 0)
        {
            return null;
        }

        if (actions.FirstOrDefault(action => !ActionName().IsMatch(action)) is { } wrong)
        {
            throw new ConnectorException(
                FailureKind.Invalid, "action_invalid", FailureSource.Lamassu, $"'{wrong}' in the metadata of device {deviceId} is no action: 1 to 64 letters, digits or _- are allowed.");
        }

        var outcome = await RequestAsync(device, new RequestShadowActions(deviceId, actions, time), cancellationToken);
        if (outcome is RequestShadowActionsOutcome.Requested)
        {
            await RemoveDoneAsync(device, actions, cancellationToken);
        }

        return outcome;
    }

    /// <summary>The shadow document as JSON; null when there is none.</summary>
    /// <returns>With the shadow's name; null for the classic one.</returns>
    /// <exception cref="ConnectorException">NotFound for a device that Lamassu does not know; Conflict <c>shadow_disabled</c>.</exception>
    public async Task<(string? ShadowName, string? Document)> ReadAsync(string deviceId, CancellationToken cancellationToken)
    {
        var device = await lamassu.GetDeviceAsync(deviceId, cancellationToken);
        return await ShadowOfAsync(device, asOf: null, cancellationToken) is { Enabled: true } shadow
            ? (shadow.ShadowName, await iot.GetThingShadowAsync(deviceId, shadow.ShadowName, cancellationToken))
            : throw new ConnectorException(FailureKind.Conflict, "shadow_disabled", FailureSource.Lamassu, ShadowDisabled(device));
    }

    internal async Task<RequestShadowActionsOutcome> RequestAsync(Device device, RequestShadowActions command, CancellationToken cancellationToken)
    {
        // Observe
        if (await ShadowOfAsync(device, command.DmsAsOf, cancellationToken) is not { Enabled: true } shadow)
        {
            Log.Disabled(logger, device.Id);
            return new RequestShadowActionsOutcome.Disabled(ShadowDisabled(device));
        }

        if (await iot.DescribeThingAsync(device.Id, cancellationToken) is null)
        {
            Log.NoThing(logger, device.Id);
            return new RequestShadowActionsOutcome.NoThing($"Device {device.Id} is no thing in AWS yet; register it first.");
        }

        // Act
        var written = await shadows.RequestAsync(device.Id, shadow.ShadowName, command.Actions, command.Time, cancellationToken);
        return new RequestShadowActionsOutcome.Requested(shadow.ShadowName, written);
    }

    private async Task RemoveDoneAsync(Device device, IReadOnlyList<string> done, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (NoteOf(device) is not { } note || DeviceActions.Without(note, done) is not { } patch)
            {
                return;
            }

            // The answer is the whole device: an action that another writer's row brought back shows in it.
            device = await UpdateAsync(device, patch, cancellationToken);
            if (DeviceActions.Of(NoteOf(device)).All(action => !done.Contains(action, StringComparer.Ordinal)))
            {
                return;
            }
        }

        throw new ConnectorException(
            FailureKind.Unavailable, "device_changing", FailureSource.Lamassu, $"The actions in the metadata of device {device.Id} keep changing in Lamassu.");
    }

    /// <returns>The device as it is now; without the patch when its actions have changed since it was read.</returns>
    private async Task<Device> UpdateAsync(Device device, MetadataPatch patch, CancellationToken cancellationToken)
    {
        try
        {
            return await lamassu.UpdateDeviceMetadataAsync(device.Id, patch, cancellationToken);
        }
        catch (ConnectorException exception) when (exception.Code == LamassuErrors.WithoutText)
        {
            // Lamassu gives no reason: whether somebody was faster shows in the device alone.
            var again = await lamassu.GetDeviceAsync(device.Id, cancellationToken);
            if (DeviceActions.Of(NoteOf(again)).SequenceEqual(DeviceActions.Of(NoteOf(device)), StringComparer.Ordinal))
            {
                throw;
            }

            return again;
        }
    }

    private ConnectorMetadata? NoteOf(Device device) => dialects.Find(device.Metadata, $"device {device.Id}");

    private async Task<DmsShadowConfig?> ShadowOfAsync(Device device, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        var dms = await memory.GetDmsAsync(device.DmsOwner ?? "", asOf, cancellationToken);
        return dialects.Find(dms.Metadata, $"DMS {dms.Id}") is { } note ? DmsAwsSettings.ReadShadow(note) : null;
    }

    private static string ShadowDisabled(Device device) =>
        $"DMS {device.DmsOwner} of device {device.Id} uses no shadows for this connector; set shadow_config.enable in its settings first.";

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex ActionName();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Device {DeviceId} is asked for nothing: its DMS uses no shadows for this connector")]
        public static partial void Disabled(ILogger logger, string deviceId);

        [LoggerMessage(2, LogLevel.Warning, "Device {DeviceId} is asked for nothing: it is no thing in AWS")]
        public static partial void NoThing(ILogger logger, string deviceId);
    }
}
