using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>What people ask for. This alone writes to a DMS.</summary>
public sealed partial class JitpTemplateService
{
    /// <summary>
    /// Afterwards the DMS asks for just-in-time provisioning, and AWS is as it asks for. When repeated, nothing is written on either side. Nothing is written
    /// to the DMS when the template's name is taken by a stranger's.
    /// </summary>
    /// <exception cref="ConnectorException">
    /// NotFound for an unknown DMS; Invalid when AWS would refuse its settings; Conflict; what AWS and Lamassu answer.
    /// </exception>
    public async Task<PutJitpTemplateOutcome> PutAsync(PutJitpTemplate command, CancellationToken cancellationToken)
    {
        // Observe
        var found = await templates.FindAsync(command.DmsId, cancellationToken);
        if (found is not null)
        {
            JitpTemplates.ThrowIfOfAnotherType(command.DmsId, found);
            await templates.ThrowIfOfOthersAsync(command.DmsId, found, cancellationToken);
        }

        var arn = found?.TemplateArn ?? await ArnAsync(command.DmsId, cancellationToken);

        // Act
        var written = await settingsWriter.ChangeAsync(
            command.DmsId,
            note =>
            {
                JitpSettings.Ask(note, command, arn);

                // What AWS would refuse is not written to the DMS either.
                DmsAwsSettings.Read(note, command.DmsId);
            },
            cancellationToken);
        var ensured = await EnsureAsync(written.Dms, DmsAwsSettings.Read(written.Note, command.DmsId), cancellationToken);
        return new PutJitpTemplateOutcome(ensured, written.Changed);
    }

    /// <summary>The DMS's template as it is in AWS, with what differs from the DMS's word. Nothing is written.</summary>
    /// <exception cref="ConnectorException">
    /// NotFound for an unknown DMS and where there is no template; Invalid when the DMS's settings can't be read.
    /// </exception>
    public async Task<JitpTemplateView> GetAsync(string dmsId, CancellationToken cancellationToken)
    {
        var dms = await lamassu.GetDmsAsync(dmsId, cancellationToken);
        var note = dialects.Find(dms.Metadata, $"DMS {dmsId}");
        var settings = note is null ? null : DmsAwsSettings.Read(note, dmsId);
        if (await templates.FindAsync(dmsId, cancellationToken) is not { } found)
        {
            throw new ConnectorException(
                FailureKind.NotFound,
                "jitp_template_not_found",
                FailureSource.Aws,
                $"DMS {dmsId} has no provisioning template in AWS (it would be called {JitpTemplateNames.Of(dmsId)}).");
        }

        var cas = await CAsOfAsync(found.TemplateName, cancellationToken);
        var template = new JitpTemplate(
            dmsId,
            found.TemplateName,
            found.TemplateArn,
            found.DefaultVersionId ?? 0,
            found.Enabled ?? false,
            found.ProvisioningRoleArn,
            JitpTemplateChange.Unchanged);
        return new JitpTemplateView(
            template,
            found.Type?.Value ?? "",
            found.Description,
            Parse(found.TemplateBody),
            cas,
            settings is null ? null : new RequestedJitpTemplate(settings.Mode, settings.Jitp.Enabled, settings.Jitp.AwsCAId, settings.Jitp.ProvisioningRoleArn),
            await DriftAsync(dms, settings, found, cas, cancellationToken));
    }

    /// <summary>
    /// Afterwards the DMS does not ask for just-in-time provisioning any more, and the template is gone, or goes when its devices are registered
    /// (<see cref="LeaveJitp"/>). Without effect when repeated.
    /// </summary>
    /// <exception cref="ConnectorException">NotFound for an unknown DMS; Conflict when the template is not ours; what AWS and Lamassu answer.</exception>
    public async Task<DeleteJitpTemplateOutcome> DeleteAsync(string dmsId, CancellationToken cancellationToken)
    {
        // Observe
        var dms = await lamassu.GetDmsAsync(dmsId, cancellationToken);
        var note = dialects.Find(dms.Metadata, $"DMS {dmsId}");
        var found = await templates.FindAsync(dmsId, cancellationToken);
        var isOurs = found is not null && await templates.IsOursAsync(dmsId, found, cancellationToken);

        // Act
        var changes = note is not null && DmsAwsSettings.ReadMode(note) == RegistrationMode.Jitp;
        if (changes)
        {
            note = (await settingsWriter.ChangeAsync(dmsId, JitpSettings.TakeAway, cancellationToken)).Note;
        }

        // The event of our own write is passed over, so its consequences are ours, whosever the template is.
        var leaves = note is not null && DmsAwsSettings.ReadMode(note) == RegistrationMode.Auto && (changes || isOurs);
        if (leaves)
        {
            var now = timeProvider.GetUtcNow();
            await fleet.SendAsync(new WalkDevices(dmsId, DeviceWork.Register, now, now, ThenLeaveJitp: true), cancellationToken);
        }

        if (found is not null && !isOurs)
        {
            throw new ConnectorException(
                FailureKind.Conflict,
                "template_not_ours",
                FailureSource.Aws,
                $"DMS {dmsId} does not ask for JITP any more, but provisioning template {found.TemplateName} was not made by this connector "
                    + "and is left in AWS; delete it there.");
        }

        if (leaves)
        {
            return DeleteJitpTemplateOutcome.Leaving;
        }

        await RemoveAsync(dmsId, cancellationToken);
        return DeleteJitpTemplateOutcome.Removed;
    }

    /// <summary>The templates of this connector in the account and region. A page may be shorter than asked for, as AWS's pages hold others' too.</summary>
    /// <param name="pageSize">1 to 250.</param>
    /// <param name="bookmark">null: the first page; else the <c>Next</c> of the one before.</param>
    /// <exception cref="ConnectorException">Invalid for a bookmark that AWS did not give; what AWS answers.</exception>
    public async Task<JitpTemplatePage> ListAsync(int pageSize, string? bookmark, CancellationToken cancellationToken)
    {
        var page = await iot.ListProvisioningTemplatesAsync(pageSize, bookmark, cancellationToken);
        var list = new List<JitpTemplateSummary>();
        foreach (var template in page.Templates ?? [])
        {
            if (await templates.FindDmsIdAsync(template, cancellationToken) is { } dmsId)
            {
                list.Add(new JitpTemplateSummary(dmsId, template.TemplateName, template.TemplateArn, template.Description, template.Enabled ?? false));
            }
        }

        return new JitpTemplatePage(page.NextToken is { Length: > 0 } next ? next : null, list);
    }

    // Lamassu 3's settings name the template, which may not be there yet.
    private async Task<string> ArnAsync(string dmsId, CancellationToken cancellationToken)
    {
        var identity = await account.GetAsync(cancellationToken);
        return $"arn:{identity.Partition}:iot:{awsOptions.Value.Region}:{identity.Account}:provisioningtemplate/{JitpTemplateNames.Of(dmsId)}";
    }

    private async Task<IReadOnlyList<JitpTemplateAuthority>> CAsOfAsync(string templateName, CancellationToken cancellationToken)
    {
        var cas = new List<JitpTemplateAuthority>();
        foreach (var certificateId in await iot.ListCACertificatesAsync(templateName, cancellationToken))
        {
            if (await iot.DescribeCACertificateAsync(certificateId, cancellationToken) is { } ca)
            {
                cas.Add(new JitpTemplateAuthority(certificateId, ca.Status?.Value ?? "", ca.AutoRegistrationStatus == AutoRegistrationStatus.ENABLE));
            }
        }

        return cas;
    }

    private async Task<IReadOnlyList<string>> DriftAsync(
        Dms dms,
        DmsAwsSettings? settings,
        DescribeProvisioningTemplateResponse found,
        IReadOnlyList<JitpTemplateAuthority> cas,
        CancellationToken cancellationToken)
    {
        if (settings is not { Mode: RegistrationMode.Jitp })
        {
            return
            [
                settings is null ? "The DMS has no settings for this connector; the template stays until somebody takes it away."
                    : $"The DMS is in mode {settings.Mode.ToString().ToLowerInvariant()} and does not ask for the template.",
            ];
        }

        var wanted = await WantedAsync(dms, settings, found.TemplateArn, cancellationToken);
        var authority = await authorities.FindAsync(dms, settings, cancellationToken);
        var drift = JitpTemplateDrift.Of(wanted, found, authority, cas);
        drift.AddRange(await MissingAsync(settings, cancellationToken));
        return drift;
    }

    private async Task<IReadOnlyList<string>> MissingAsync(DmsAwsSettings settings, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var policy in settings.Policies)
        {
            var present = await iot.GetPolicyAsync(policy.Name, cancellationToken);
            if (present is null)
            {
                missing.Add($"Policy {policy.Name} is missing in AWS: no device can be provisioned.");
            }
            else if (!PolicyDocuments.AreSame(present.PolicyDocument, policy.Document))
            {
                missing.Add($"Policy {policy.Name} has another document in AWS than in the DMS.");
            }
        }

        foreach (var group in settings.Groups)
        {
            if (await iot.DescribeThingGroupAsync(group, cancellationToken) is null)
            {
                missing.Add($"Thing group {group} is missing in AWS: no device can be provisioned.");
            }
        }

        return missing;
    }

    private static JsonNode? Parse(string? body)
    {
        try
        {
            return body is null ? null : JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            // What others put there is shown as it is.
            return JsonValue.Create(body);
        }
    }
}
