using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>Carries what a DMS asks for to AWS: its policies, groups and provisioning template, and through them its devices.</summary>
public sealed partial class DmsService
{
    private readonly LamassuClient lamassu;
    private readonly LamassuMemory memory;
    private readonly MetadataDialects dialects;
    private readonly DmsResources resources;
    private readonly JitpTemplateService jitpTemplates;
    private readonly IFleetSender fleet;
    private readonly TimeProvider timeProvider;
    private readonly ILogger<DmsService> logger;

    internal DmsService(
        LamassuClient lamassu,
        LamassuMemory memory,
        MetadataDialects dialects,
        DmsResources resources,
        JitpTemplateService jitpTemplates,
        IFleetSender fleet,
        TimeProvider timeProvider,
        ILogger<DmsService> logger)
    {
        this.lamassu = lamassu;
        this.memory = memory;
        this.dialects = dialects;
        this.resources = resources;
        this.jitpTemplates = jitpTemplates;
        this.fleet = fleet;
        this.timeProvider = timeProvider;
        this.logger = logger;
    }

    /// <summary>
    /// Afterwards AWS has what the DMS asks for now, and each of its devices that the change concerns has a message of its own. What changed is the
    /// difference between the previous DMS and the present one, so a late or repeated event does no harm. What a DMS no longer names stays with its
    /// devices and is reported.
    /// </summary>
    /// <exception cref="ConnectorException">
    /// NotFound when there is no such DMS any more; Invalid for settings that AWS would refuse; Conflict when its CA runs another template. The rest of
    /// the change is carried out before either of the last two is thrown.
    /// </exception>
    public async Task<DmsChangeOutcome> ApplyAsync(DmsChange change, CancellationToken cancellationToken)
    {
        // Observe
        var asOf = timeProvider.GetUtcNow();
        var dms = await memory.GetDmsFreshlyAsync(change.DmsId, cancellationToken);
        var (hadSettings, before) = ReadPrevious(change);
        if (dialects.Find(dms.Metadata, $"DMS {dms.Id}") is not { } note)
        {
            return hadSettings ? await LetGoAsync(dms.Id, cancellationToken) : new DmsChangeOutcome.Nothing("it has no settings for this connector");
        }

        // Act
        var acted = false;
        ConnectorException? failure = null;
        try
        {
            acted = await ApplyAsync(change, dms, before, DmsAwsSettings.Read(note, dms.Id), asOf, cancellationToken);
        }
        catch (ConnectorException exception) when (exception.Code == JitpAuthorities.CANotRegistered && !change.IsLastAttempt)
        {
            // Its registration may be on its way.
            return new DmsChangeOutcome.Waiting(exception.Message);
        }
        catch (ConnectorException exception) when (exception.Kind is FailureKind.Invalid or FailureKind.Conflict)
        {
            // For a person to mend; what else the change asks for does not wait for that.
            failure = exception;
        }

        if (change.Previous is not null && !TrustAnchors.AreSame(change.Previous.Settings, dms.Settings) && DmsAwsSettings.ReadShadow(note).Enabled)
        {
            await fleet.SendAsync(new WalkDevices(dms.Id, DeviceWork.RequestTrustAnchors, change.Time, asOf), cancellationToken);
            acted = true;
        }

        return failure is not null ? throw failure : acted ? new DmsChangeOutcome.Applied() : new DmsChangeOutcome.Nothing("nothing changed that AWS has to know");
    }

    /// <summary>Afterwards AWS has no provisioning template of the deleted DMS. Its things, policies and groups stay.</summary>
    /// <exception cref="ConnectorException">What Lamassu and AWS answer.</exception>
    public async Task<DmsChangeOutcome> DeleteAsync(string dmsId, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(dmsId, cancellationToken))
        {
            return new DmsChangeOutcome.Nothing("it is in Lamassu again");
        }

        return await jitpTemplates.RemoveAsync(dmsId, cancellationToken)
            ? new DmsChangeOutcome.Applied()
            : new DmsChangeOutcome.Nothing("it has no provisioning template in AWS");
    }

    private async Task<bool> ApplyAsync(
        DmsChange change, Dms dms, DmsAwsSettings? before, DmsAwsSettings settings, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        Report(dms.Id, before, settings);
        if (settings.Mode == RegistrationMode.None)
        {
            return before?.Mode == RegistrationMode.Jitp && await jitpTemplates.RemoveAsync(dms.Id, cancellationToken);
        }

        // A provisioning template is looked at with every save, so that saving once more completes what could not be done before.
        if (settings.Mode == RegistrationMode.Auto && before is not null && AskTheSame(before, settings))
        {
            return false;
        }

        await FollowPoliciesAsync(before, settings, cancellationToken);
        ConnectorException? failure = null;
        if (settings.Mode == RegistrationMode.Jitp)
        {
            failure = await EnsureTemplateAsync(dms, settings, cancellationToken);
            if (failure?.Code == JitpAuthorities.CANotRegistered && !change.IsLastAttempt)
            {
                throw failure;
            }
        }
        else
        {
            foreach (var left in (await resources.EnsureAsync(settings, cancellationToken)).LeftAlone)
            {
                Log.LeftAlone(logger, dms.Id, left.Kind, left.Name, left.Detail);
            }
        }

        if (!change.IsNew && WorkOnDevices(before, settings) is { } work)
        {
            var leavesJitp = before?.Mode == RegistrationMode.Jitp && settings.Mode == RegistrationMode.Auto;
            await fleet.SendAsync(new WalkDevices(dms.Id, work, change.Time, asOf, ThenLeaveJitp: leavesJitp), cancellationToken);
        }

        return failure is null ? true : throw failure;
    }

    /// <returns>What the devices of the DMS need; null when the change does not concern them.</returns>
    private static DeviceWork? WorkOnDevices(DmsAwsSettings? before, DmsAwsSettings settings)
    {
        if (settings.Mode == RegistrationMode.Auto && before?.Mode != RegistrationMode.Auto)
        {
            return DeviceWork.Register;
        }

        var addsPolicy = settings.Policies.Any(policy => before?.Policies.Any(previous => previous.Name == policy.Name) != true);
        var addsGroup = settings.Groups.Any(group => before?.Groups.Contains(group, StringComparer.Ordinal) != true);
        return !addsPolicy && !addsGroup ? null : settings.Mode == RegistrationMode.Auto ? DeviceWork.Register : DeviceWork.Complete;
    }

    private static bool AskTheSame(DmsAwsSettings before, DmsAwsSettings settings) =>
        before.Mode == settings.Mode
        && before.Groups.ToHashSet(StringComparer.Ordinal).SetEquals(settings.Groups)
        && before.Policies.Count == settings.Policies.Count
        && settings.Policies.All(policy => before.Policies.Any(previous =>
            previous.Name == policy.Name && PolicyDocuments.AreSame(previous.Document, policy.Document)));

    private async Task FollowPoliciesAsync(DmsAwsSettings? before, DmsAwsSettings settings, CancellationToken cancellationToken)
    {
        foreach (var policy in settings.Policies)
        {
            if (before?.Policies.FirstOrDefault(previous => previous.Name == policy.Name) is { } previous && !PolicyDocuments.AreSame(previous.Document, policy.Document))
            {
                await resources.FollowAsync(previous, policy, cancellationToken);
            }
        }
    }

    /// <returns>Why no CA runs the template; null when one does.</returns>
    private async Task<ConnectorException?> EnsureTemplateAsync(Dms dms, DmsAwsSettings settings, CancellationToken cancellationToken) =>
        await jitpTemplates.EnsureAsync(dms, settings, cancellationToken) is EnsureJitpTemplateOutcome.NotAttached not
            ? new ConnectorException(FailureKind.Conflict, not.Code, FailureSource.Aws, not.Reason)
            : null;

    private async Task<DmsChangeOutcome> LetGoAsync(string dmsId, CancellationToken cancellationToken)
    {
        Log.LetGo(logger, dmsId);
        return await jitpTemplates.DisableAsync(dmsId, cancellationToken)
            ? new DmsChangeOutcome.Applied()
            : new DmsChangeOutcome.Nothing("its settings for this connector are gone; its devices stay as they are");
    }

    // What is wrong with it is of yesterday: then everything that is asked for now counts as new.
    private (bool HadSettings, DmsAwsSettings? Settings) ReadPrevious(DmsChange change)
    {
        if (change.Previous is not { } previous)
        {
            return (!change.IsNew, null);
        }

        try
        {
            return dialects.Find(previous.Metadata, $"DMS {change.DmsId}") is { } note ? (true, DmsAwsSettings.Read(note, change.DmsId)) : (false, null);
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.Invalid)
        {
            return (true, null);
        }
    }

    private async Task<bool> ExistsAsync(string dmsId, CancellationToken cancellationToken)
    {
        try
        {
            await lamassu.GetDmsAsync(dmsId, cancellationToken);
            return true;
        }
        catch (ConnectorException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return false;
        }
    }

    private void Report(string dmsId, DmsAwsSettings? before, DmsAwsSettings settings)
    {
        foreach (var policy in (before?.Policies ?? []).Where(previous => settings.Policies.All(policy => policy.Name != previous.Name)))
        {
            Log.NoLongerNamed(logger, dmsId, "policy", policy.Name);
        }

        foreach (var group in (before?.Groups ?? []).Except(settings.Groups, StringComparer.Ordinal))
        {
            Log.NoLongerNamed(logger, dmsId, "thing_group", group);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Left alone for DMS {DmsId}: {Kind} {Name}: {Reason}")]
        public static partial void LeftAlone(ILogger logger, string dmsId, string kind, string name, string? reason);

        [LoggerMessage(2, LogLevel.Warning, "DMS {DmsId} no longer names {Kind} {Name}; the devices that have it keep it until somebody takes it from them in AWS")]
        public static partial void NoLongerNamed(ILogger logger, string dmsId, string kind, string name);

        [LoggerMessage(3, LogLevel.Warning, "DMS {DmsId} has no settings for this connector any more; its devices stay as they are in AWS")]
        public static partial void LetGo(ILogger logger, string dmsId);
    }
}
