using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Devices;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>The policies and thing groups that a DMS names. What was seen or made is remembered, so that a fleet does not ask for it device by device.</summary>
internal sealed partial class DmsResources(IIoTCore iot, TimeProvider timeProvider, IOptions<ConnectorOptions> options, ILogger<DmsResources> logger)
{
    private const string Policy = "policy";
    private const string ThingGroup = "thing_group";

    // https://docs.aws.amazon.com/general/latest/gr/iot-core.html#limits_iot: versions of a policy.
    private const int MaxPolicyVersions = 5;

    // Value: whether AWS holds another document than the DMS.
    private readonly Remembered<bool> policies = new(timeProvider, options.Value.RememberAwsFor);
    private readonly Remembered<bool> groups = new(timeProvider, options.Value.RememberAwsFor);

    /// <summary>
    /// Every policy and group exists afterwards. A policy that exists with another document is left as it is and reported: two DMSs may name one
    /// policy. Without effect when repeated.
    /// </summary>
    public async Task<EnsuredResources> EnsureAsync(DmsAwsSettings settings, CancellationToken cancellationToken)
    {
        var ensured = new EnsuredResources([], [], []);
        foreach (var policy in settings.Policies)
        {
            await EnsurePolicyAsync(policy, ensured, cancellationToken);
        }

        foreach (var group in settings.Groups)
        {
            await EnsureGroupAsync(group, ensured, cancellationToken);
        }

        return ensured;
    }

    /// <summary>
    /// The document of a policy was changed in the DMS. AWS follows if it still has the former one, with a new version that is the default one; with any
    /// other document the policy is somebody else's too and stays. Without effect when repeated, or when there is no such policy.
    /// </summary>
    public async Task FollowAsync(DmsPolicy former, DmsPolicy policy, CancellationToken cancellationToken)
    {
        policies.Forget(KeyOf(policy));
        policies.Forget(KeyOf(former));
        if (await iot.GetPolicyAsync(policy.Name, cancellationToken) is not { } present || !PolicyDocuments.AreSame(present.PolicyDocument, former.Document))
        {
            return;
        }

        var versions = await iot.ListPolicyVersionsAsync(policy.Name, cancellationToken);
        if (versions.Count >= MaxPolicyVersions)
        {
            await iot.DeletePolicyVersionAsync(policy.Name, versions.First(version => version.IsDefaultVersion != true).VersionId, cancellationToken);
        }

        await iot.CreatePolicyVersionAsync(policy.Name, policy.Document, cancellationToken);
        Log.PolicyFollowed(logger, policy.Name);
    }

    /// <summary>Asks AWS anew the next time: something that was remembered is not there.</summary>
    public void Forget(DmsAwsSettings settings)
    {
        foreach (var policy in settings.Policies)
        {
            policies.Forget(KeyOf(policy));
        }

        foreach (var group in settings.Groups)
        {
            groups.Forget(group);
        }
    }

    private async Task EnsurePolicyAsync(DmsPolicy policy, EnsuredResources ensured, CancellationToken cancellationToken)
    {
        var created = false;
        var differs = await policies.GetAsync(
            KeyOf(policy),
            async cancellation =>
            {
                if (await iot.GetPolicyAsync(policy.Name, cancellation) is { } present)
                {
                    return !PolicyDocuments.AreSame(present.PolicyDocument, policy.Document);
                }

                created = await CreateAsync(() => iot.CreatePolicyAsync(policy.Name, policy.Document, cancellation));
                return false;
            },
            cancellationToken);
        if (created)
        {
            ensured.Created.Add(new ResourceNote(Policy, policy.Name));
            Log.PolicyCreated(logger, policy.Name);
        }
        else if (differs)
        {
            ensured.LeftAlone.Add(new ResourceNote(Policy, policy.Name, "exists in AWS with another document than the DMS has, and is not changed"));
        }
        else
        {
            ensured.Existing.Add(new ResourceNote(Policy, policy.Name));
        }
    }

    private async Task EnsureGroupAsync(string group, EnsuredResources ensured, CancellationToken cancellationToken)
    {
        var created = false;
        await groups.GetAsync(
            group,
            async cancellation =>
            {
                if (await iot.DescribeThingGroupAsync(group, cancellation) is null)
                {
                    created = await CreateAsync(() => iot.CreateThingGroupAsync(group, cancellation));
                }

                return true;
            },
            cancellationToken);
        if (created)
        {
            ensured.Created.Add(new ResourceNote(ThingGroup, group));
            Log.ThingGroupCreated(logger, group);
        }
        else
        {
            ensured.Existing.Add(new ResourceNote(ThingGroup, group));
        }
    }

    // Another replica may be the one that creates it, between our look and our call.
    private static async Task<bool> CreateAsync(Func<Task> create)
    {
        try
        {
            await create();
            return true;
        }
        catch (ConnectorException exception) when (exception.Code == AwsErrorCodes.ResourceAlreadyExists)
        {
            return false;
        }
    }

    private static string KeyOf(DmsPolicy policy) => $"{policy.Name}\n{policy.Document}";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Created policy {PolicyName} in AWS", EventName = "create_policy")]
        public static partial void PolicyCreated(ILogger logger, string policyName);

        [LoggerMessage(2, LogLevel.Information, "Created thing group {ThingGroupName} in AWS", EventName = "create_thing_group")]
        public static partial void ThingGroupCreated(ILogger logger, string thingGroupName);

        [LoggerMessage(3, LogLevel.Information, "Policy {PolicyName} has the DMS's changed document in AWS, as a new default version")]
        public static partial void PolicyFollowed(ILogger logger, string policyName);
    }
}

/// <summary>What became of a DMS's policies and groups.</summary>
internal sealed record EnsuredResources(List<ResourceNote> Created, List<ResourceNote> Existing, List<ResourceNote> LeftAlone);
