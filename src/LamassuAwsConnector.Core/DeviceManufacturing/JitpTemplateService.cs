using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>Provisioning templates for the DMSs whose devices AWS registers at their first connection (just-in-time provisioning).</summary>
public sealed partial class JitpTemplateService
{
    // The role of the published documentation, for DMSs that name none.
    internal const string DefaultRole = "JITPRole";

    private readonly LamassuClient lamassu;
    private readonly MetadataDialects dialects;
    private readonly DmsSettingsWriter settingsWriter;
    private readonly DmsResources dmsResources;
    private readonly JitpTemplates templates;
    private readonly JitpAuthorities authorities;
    private readonly IFleetSender fleet;
    private readonly IIoTCore iot;
    private readonly AwsAccount account;
    private readonly TimeProvider timeProvider;
    private readonly IOptions<AwsOptions> awsOptions;
    private readonly IOptions<ConnectorOptions> options;
    private readonly ILogger<JitpTemplateService> logger;

    internal JitpTemplateService(
        LamassuClient lamassu,
        MetadataDialects dialects,
        DmsSettingsWriter settingsWriter,
        DmsResources dmsResources,
        JitpTemplates templates,
        JitpAuthorities authorities,
        IFleetSender fleet,
        IIoTCore iot,
        AwsAccount account,
        TimeProvider timeProvider,
        IOptions<AwsOptions> awsOptions,
        IOptions<ConnectorOptions> options,
        ILogger<JitpTemplateService> logger)
    {
        this.lamassu = lamassu;
        this.dialects = dialects;
        this.settingsWriter = settingsWriter;
        this.dmsResources = dmsResources;
        this.templates = templates;
        this.authorities = authorities;
        this.fleet = fleet;
        this.iot = iot;
        this.account = account;
        this.timeProvider = timeProvider;
        this.awsOptions = awsOptions;
        this.options = options;
        this.logger = logger;
    }

    /// <summary>
    /// Afterwards the DMS's policies, groups and provisioning template exist as the DMS asks for, and its CA runs the template. A disabled template is not
    /// newly attached. Without a write in AWS when repeated. A JITP template of the DMS's name that nobody marked is taken for the DMS's.
    /// </summary>
    /// <param name="dms">As it is in Lamassu now.</param>
    /// <param name="settings">Those of <paramref name="dms"/>, in mode jitp.</param>
    /// <exception cref="ConnectorException">Conflict when a stranger's template has the name; what AWS and Lamassu answer.</exception>
    internal async Task<EnsureJitpTemplateOutcome> EnsureAsync(Dms dms, DmsAwsSettings settings, CancellationToken cancellationToken)
    {
        // Observe
        var found = await templates.FindAsync(dms.Id, cancellationToken);
        if (found is not null)
        {
            JitpTemplates.ThrowIfOfAnotherType(dms.Id, found);
        }

        var authority = settings.Jitp.Enabled ? await authorities.FindAsync(dms, settings, cancellationToken) : null;
        var wanted = await WantedAsync(dms, settings, found?.TemplateArn ?? authority?.Arn, cancellationToken);

        // Act: the CA last, so that no device comes in before there is everything that it is to get.
        dmsResources.Forget(settings);
        await dmsResources.EnsureAsync(settings, cancellationToken);
        var template = await templates.EnsureAsync(wanted, found, cancellationToken);
        switch (authority)
        {
            case null:
                return new EnsureJitpTemplateOutcome.Ensured(template, caCertificateId: null, newlyAttached: false);
            case { Obstacle: { } obstacle }:
                Log.NotAttached(logger, template.Name, dms.Id, obstacle.Reason);
                return new EnsureJitpTemplateOutcome.NotAttached(template, obstacle.Code, obstacle.Reason);
            case { RunsTemplate: true }:
                return new EnsureJitpTemplateOutcome.Ensured(template, authority.CertificateId, newlyAttached: false);
            default:
                await authorities.AttachAsync(authority.CertificateId!, template.Name, cancellationToken);
                return new EnsureJitpTemplateOutcome.Ensured(template, authority.CertificateId, newlyAttached: true);
        }
    }

    /// <summary>
    /// Afterwards AWS provisions no device by the DMS's template; nothing is detached or deleted. For a DMS that has lost its settings for this connector.
    /// Without effect when there is no template, or one that is not ours.
    /// </summary>
    /// <returns>Whether there is one of ours.</returns>
    /// <exception cref="ConnectorException">What AWS and Lamassu answer.</exception>
    internal async Task<bool> DisableAsync(string dmsId, CancellationToken cancellationToken)
    {
        if (await templates.FindAsync(dmsId, cancellationToken) is not { } found)
        {
            return false;
        }

        if (!await templates.IsOursAsync(dmsId, found, cancellationToken))
        {
            Log.NotOurs(logger, found.TemplateName, dmsId);
            return false;
        }

        await templates.DisableAsync(found, cancellationToken);
        return true;
    }

    /// <summary>
    /// Afterwards no CA runs the DMS's template, those that did take in no device by themselves, and the template is gone. Without effect when there is none,
    /// or one that is not ours.
    /// </summary>
    /// <returns>Whether there was one of ours.</returns>
    /// <exception cref="ConnectorException">What AWS and Lamassu answer.</exception>
    internal async Task<bool> RemoveAsync(string dmsId, CancellationToken cancellationToken)
    {
        if (await templates.FindAsync(dmsId, cancellationToken) is not { } found)
        {
            return false;
        }

        if (!await templates.IsOursAsync(dmsId, found, cancellationToken))
        {
            Log.NotOurs(logger, found.TemplateName, dmsId);
            return false;
        }

        await authorities.DetachAsync(found.TemplateName, cancellationToken);
        await templates.DeleteAsync(found, cancellationToken);
        return true;
    }

    /// <param name="knownArn">The ARN of something in this account, which spares the question for the account.</param>
    private async Task<WantedJitpTemplate> WantedAsync(Dms dms, DmsAwsSettings settings, string? knownArn, CancellationToken cancellationToken)
    {
        var role = settings.Jitp.ProvisioningRoleArn;
        if (role is null)
        {
            var identity = await account.GetAsync(knownArn, cancellationToken);
            role = $"arn:{identity.Partition}:iam::{identity.Account}:role/{DefaultRole}";
        }

        return new WantedJitpTemplate(
            dms.Id,
            JitpTemplateNames.Of(dms.Id),
            JitpTemplateBody.Build(settings, options.Value.JitpSubjectAttributes),
            JitpTemplateNames.Description(dms.Name, dms.Id),
            settings.Jitp.Enabled,
            role);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Provisioning template {TemplateName} of DMS {DmsId} is attached to no CA: {Reason}")]
        public static partial void NotAttached(ILogger logger, string templateName, string dmsId, string reason);

        [LoggerMessage(2, LogLevel.Warning,
            "Provisioning template {TemplateName} has the name of DMS {DmsId}'s, but neither this connector's mark nor the DMS's word; it is left as it is")]
        public static partial void NotOurs(ILogger logger, string templateName, string dmsId);
    }
}
