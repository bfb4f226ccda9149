using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>What a DMS's template has to be.</summary>
internal sealed record WantedJitpTemplate(string DmsId, string Name, string Body, string Description, bool Enabled, string RoleArn);

/// <summary>Provisioning templates in AWS, each by itself: nothing is said here of the CAs that run them.</summary>
internal sealed partial class JitpTemplates(
    LamassuClient lamassu, MetadataDialects dialects, IIoTCore iot, IOptions<ConnectorOptions> options, ILogger<JitpTemplates> logger)
{
    private readonly string connectorId = options.Value.ConnectorId;

    /// <summary>The template of the DMS's name; null when there is none.</summary>
    public Task<DescribeProvisioningTemplateResponse?> FindAsync(string dmsId, CancellationToken cancellationToken) =>
        iot.DescribeProvisioningTemplateAsync(JitpTemplateNames.Of(dmsId), cancellationToken);

    /// <summary>Afterwards the template is there as wanted. Without a write when it is already.</summary>
    /// <param name="found">What <see cref="FindAsync"/> gave.</param>
    /// <exception cref="ConnectorException">Conflict when a stranger's template has the name.</exception>
    public async Task<JitpTemplate> EnsureAsync(
        WantedJitpTemplate wanted, DescribeProvisioningTemplateResponse? found, CancellationToken cancellationToken)
    {
        if (found is null)
        {
            try
            {
                return await CreateAsync(wanted, cancellationToken);
            }
            catch (ConnectorException failure) when (failure.Code == AwsErrorCodes.ResourceAlreadyExists)
            {
                // Another replica was faster; its template is looked at like any other.
                found = await FindAsync(wanted.DmsId, cancellationToken);
                if (found is null)
                {
                    throw;
                }
            }
        }

        ThrowIfOfAnotherType(wanted.DmsId, found);
        var sameBody = PolicyDocuments.AreSame(found.TemplateBody, wanted.Body);
        var sameRest = (found.Description ?? "") == wanted.Description
            && (found.Enabled ?? false) == wanted.Enabled
            && found.ProvisioningRoleArn == wanted.RoleArn;
        if (sameBody && sameRest)
        {
            return Describe(wanted, found.TemplateArn, found.DefaultVersionId ?? 0, JitpTemplateChange.Unchanged);
        }

        // Act
        await ThrowIfOfOthersAsync(wanted.DmsId, found, cancellationToken);
        var version = sameBody ? found.DefaultVersionId : await AddVersionAsync(wanted, cancellationToken);
        if (!sameRest)
        {
            await UpdateAsync(wanted, cancellationToken);
        }

        Log.Changed(logger, wanted.Name, wanted.DmsId, version, wanted.Enabled);
        return Describe(wanted, found.TemplateArn, version ?? 0, JitpTemplateChange.Changed);
    }

    /// <summary>Afterwards AWS provisions no device by the template.</summary>
    public async Task DisableAsync(DescribeProvisioningTemplateResponse found, CancellationToken cancellationToken)
    {
        if (found.Enabled == true)
        {
            await iot.UpdateProvisioningTemplateAsync(
                new UpdateProvisioningTemplateRequest { TemplateName = found.TemplateName, Enabled = false }, cancellationToken);
            Log.Disabled(logger, found.TemplateName);
        }
    }

    /// <summary>Afterwards the template is gone. No CA may name it any more.</summary>
    public async Task DeleteAsync(DescribeProvisioningTemplateResponse found, CancellationToken cancellationToken)
    {
        // AWS may refuse to delete a template that has versions beside the default one.
        foreach (var version in await iot.ListProvisioningTemplateVersionsAsync(found.TemplateName, cancellationToken))
        {
            if (version.IsDefaultVersion != true)
            {
                await iot.DeleteProvisioningTemplateVersionAsync(found.TemplateName, version.VersionId ?? 0, cancellationToken);
            }
        }

        try
        {
            await iot.DeleteProvisioningTemplateAsync(found.TemplateName, cancellationToken);
        }
        catch (ConnectorException failure) when (failure.Code == AwsErrorCodes.DeleteConflict)
        {
            // AWS does not see at once that it was detached, or somebody attached it meanwhile: the next attempt looks again.
            throw new ConnectorException(
                FailureKind.Unavailable,
                failure.Code,
                failure.FailureSource,
                $"Provisioning template {found.TemplateName} is in use still; it is deleted later.",
                failure)
            { RequestId = failure.RequestId };
        }

        Log.Deleted(logger, found.TemplateName);
    }

    /// <summary>Made by this connector, by the existing one, or named by the DMS itself.</summary>
    public async Task<bool> IsOursAsync(string dmsId, DescribeProvisioningTemplateResponse found, CancellationToken cancellationToken)
    {
        if (found.Type != TemplateType.JITP)
        {
            return false;
        }

        var tags = await iot.ListTagsForResourceAsync(found.TemplateArn, cancellationToken);
        return IsMarked(tags)
            ? IsOurMark(tags, dmsId)
            : IsOfExistingConnector(tags) || await IsNamedByDmsAsync(dmsId, found.TemplateArn, cancellationToken);
    }

    /// <summary>The DMS that the template was made for by this connector or by the existing one; null for everybody else's.</summary>
    public async Task<string?> FindDmsIdAsync(ProvisioningTemplateSummary template, CancellationToken cancellationToken)
    {
        if (template.Type != TemplateType.JITP)
        {
            return null;
        }

        var tags = await iot.ListTagsForResourceAsync(template.TemplateArn, cancellationToken);
        return tags.GetValueOrDefault(JitpTemplateNames.ConnectorTag) == connectorId ? tags.GetValueOrDefault(JitpTemplateNames.DmsTag) ?? template.TemplateName
            : !IsMarked(tags) && IsOfExistingConnector(tags) ? template.TemplateName
            : null;
    }

    /// <summary>The same of a template that was looked at.</summary>
    public Task<string?> FindDmsIdAsync(DescribeProvisioningTemplateResponse template, CancellationToken cancellationToken) => FindDmsIdAsync(
        new ProvisioningTemplateSummary { TemplateName = template.TemplateName, TemplateArn = template.TemplateArn, Type = template.Type },
        cancellationToken);

    /// <exception cref="ConnectorException">
    /// Conflict: fleet provisioning and just-in-time provisioning are two things, and AWS never makes one the other.
    /// </exception>
    public static void ThrowIfOfAnotherType(string dmsId, DescribeProvisioningTemplateResponse found)
    {
        if (found.Type != TemplateType.JITP)
        {
            throw new ConnectorException(
                FailureKind.Conflict,
                "template_of_another_type",
                FailureSource.Aws,
                $"Provisioning template {found.TemplateName}, which DMS {dmsId} needs, is there with type {found.Type?.Value ?? "FLEET_PROVISIONING"} "
                    + "and belongs to somebody else; delete it in AWS or give the DMS another id.");
        }
    }

    /// <exception cref="ConnectorException">
    /// Conflict when another connector marked it, or marked it for another DMS. One that nobody marked is the DMS's.
    /// </exception>
    public async Task ThrowIfOfOthersAsync(string dmsId, DescribeProvisioningTemplateResponse found, CancellationToken cancellationToken)
    {
        var tags = await iot.ListTagsForResourceAsync(found.TemplateArn, cancellationToken);
        if (IsMarked(tags) && !IsOurMark(tags, dmsId))
        {
            throw new ConnectorException(
                FailureKind.Conflict,
                "template_of_another_connector",
                FailureSource.Aws,
                $"Provisioning template {found.TemplateName}, which DMS {dmsId} needs, belongs to connector "
                    + $"{tags.GetValueOrDefault(JitpTemplateNames.ConnectorTag)} and its DMS {tags.GetValueOrDefault(JitpTemplateNames.DmsTag)}; take the DMS out of JITP there first.");
        }
    }

    private static bool IsOfExistingConnector(IReadOnlyDictionary<string, string> tags) =>
        tags.GetValueOrDefault(JitpTemplateNames.CreatedByTag) == JitpTemplateNames.CreatedBy;

    private static bool IsMarked(IReadOnlyDictionary<string, string> tags) =>
        tags.ContainsKey(JitpTemplateNames.ConnectorTag) || tags.ContainsKey(JitpTemplateNames.DmsTag);

    private bool IsOurMark(IReadOnlyDictionary<string, string> tags, string dmsId) =>
        tags.GetValueOrDefault(JitpTemplateNames.ConnectorTag) == connectorId && tags.GetValueOrDefault(JitpTemplateNames.DmsTag) == TagValues.Allowed(dmsId);

    private async Task<bool> IsNamedByDmsAsync(string dmsId, string templateArn, CancellationToken cancellationToken)
    {
        Dms dms;
        try
        {
            dms = await lamassu.GetDmsAsync(dmsId, cancellationToken);
        }
        catch (ConnectorException failure) when (failure.Kind == FailureKind.NotFound)
        {
            return false;
        }

        return dialects.Find(dms.Metadata, $"DMS {dmsId}")?.Value.Object("jitp_config")?.Text("arn") == templateArn;
    }

    private async Task<JitpTemplate> CreateAsync(WantedJitpTemplate wanted, CancellationToken cancellationToken)
    {
        var created = await ExplainedAsync(wanted, () => iot.CreateProvisioningTemplateAsync(
            new CreateProvisioningTemplateRequest
            {
                TemplateName = wanted.Name,
                TemplateBody = wanted.Body,
                Description = wanted.Description,
                Enabled = wanted.Enabled,
                ProvisioningRoleArn = wanted.RoleArn,
                Type = TemplateType.JITP,
                Tags = JitpTemplateNames.Tags(connectorId, wanted.DmsId),
            },
            cancellationToken));
        Log.Created(logger, wanted.Name, wanted.DmsId, wanted.Enabled);
        return Describe(wanted, created.TemplateArn, created.DefaultVersionId ?? 1, JitpTemplateChange.Created);
    }

    private async Task<int?> AddVersionAsync(WantedJitpTemplate wanted, CancellationToken cancellationToken)
    {
        try
        {
            return (await iot.CreateProvisioningTemplateVersionAsync(wanted.Name, wanted.Body, cancellationToken)).VersionId;
        }
        catch (ConnectorException failure) when (failure.Code == AwsErrorCodes.VersionsLimitExceeded)
        {
            var versions = await iot.ListProvisioningTemplateVersionsAsync(wanted.Name, cancellationToken);
            if (versions.FirstOrDefault(version => version.IsDefaultVersion != true)?.VersionId is not { } oldest)
            {
                throw;
            }

            await iot.DeleteProvisioningTemplateVersionAsync(wanted.Name, oldest, cancellationToken);
            Log.VersionDropped(logger, wanted.Name, oldest);
        }

        return (await iot.CreateProvisioningTemplateVersionAsync(wanted.Name, wanted.Body, cancellationToken)).VersionId;
    }

    private Task<bool> UpdateAsync(WantedJitpTemplate wanted, CancellationToken cancellationToken) => ExplainedAsync(wanted, async () =>
    {
        await iot.UpdateProvisioningTemplateAsync(
            new UpdateProvisioningTemplateRequest
            {
                TemplateName = wanted.Name,
                Description = wanted.Description,
                Enabled = wanted.Enabled,
                ProvisioningRoleArn = wanted.RoleArn,
            },
            cancellationToken);
        return true;
    });

    // AWS names neither the role nor the missing permission in a form that we may pass on.
    private static async Task<T> ExplainedAsync<T>(WantedJitpTemplate wanted, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (ConnectorException failure) when (failure.Kind == FailureKind.Denied)
        {
            throw Explained(
                failure, "allow the connector iot:CreateProvisioningTemplate, iot:UpdateProvisioningTemplate and iot:TagResource, and iam:PassRole on that role");
        }
        catch (ConnectorException failure) when (failure.Code == AwsErrorCodes.InvalidRequest)
        {
            throw Explained(failure, "check that the role exists in this account and that its trust policy names iot.amazonaws.com");
        }

        ConnectorException Explained(ConnectorException failure, string advice) => new(
            failure.Kind,
            failure.Code,
            failure.FailureSource,
            $"AWS refused provisioning template {wanted.Name} of DMS {wanted.DmsId} with role {wanted.RoleArn} ({failure.Code}): {advice}.",
            failure)
        { RequestId = failure.RequestId };
    }

    private static JitpTemplate Describe(WantedJitpTemplate wanted, string arn, int version, JitpTemplateChange change) =>
        new(wanted.DmsId, wanted.Name, arn, version, wanted.Enabled, wanted.RoleArn, change);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Created provisioning template {TemplateName} of DMS {DmsId} in AWS, enabled: {Enabled}")]
        public static partial void Created(ILogger logger, string templateName, string dmsId, bool enabled);

        [LoggerMessage(2, LogLevel.Information, "Changed provisioning template {TemplateName} of DMS {DmsId} in AWS, version {Version}, enabled: {Enabled}")]
        public static partial void Changed(ILogger logger, string templateName, string dmsId, int? version, bool enabled);

        [LoggerMessage(3, LogLevel.Information, "Dropped version {Version} of provisioning template {TemplateName}, the oldest: AWS keeps no more of them")]
        public static partial void VersionDropped(ILogger logger, string templateName, int version);

        [LoggerMessage(4, LogLevel.Information, "Disabled provisioning template {TemplateName} in AWS")]
        public static partial void Disabled(ILogger logger, string templateName);

        [LoggerMessage(5, LogLevel.Information, "Deleted provisioning template {TemplateName} in AWS")]
        public static partial void Deleted(ILogger logger, string templateName);
    }
}
