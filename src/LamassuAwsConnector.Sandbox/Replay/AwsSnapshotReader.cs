using Amazon.IoT;
using Amazon.IoT.Model;

namespace LamassuAwsConnector.Sandbox.Replay;

/// <summary>Reads what AWS has of the objects that Lamassu has or had, and all provisioning templates, through AWS's own API.</summary>
internal sealed class AwsSnapshotReader(IAmazonIoT iot)
{
    public async Task<AwsSnapshot> ReadAsync(LamassuView lamassu, CancellationToken cancellationToken) => new(
        await ReadAsync(CAIds(lamassu), id => ReadCAAsync(id, cancellationToken)),
        await ReadAsync(CertificateIds(lamassu), id => ReadCertificateAsync(id, cancellationToken)),
        await ReadAsync(lamassu.Devices.Select(device => device.Text("id")), name => ReadThingAsync(name, cancellationToken)),
        await ReadAsync(PolicyNames(lamassu), name => ReadPolicyAsync(name, cancellationToken)),
        await ReadTemplatesAsync(cancellationToken));

    public Task<AwsCertificate?> ReadCertificateAsync(string id, CancellationToken cancellationToken) => FindAsync(async () =>
    {
        var certificate = (await iot.DescribeCertificateAsync(new DescribeCertificateRequest { CertificateId = id }, cancellationToken)).CertificateDescription;
        var policies = iot.Paginators.ListAttachedPolicies(new ListAttachedPoliciesRequest { Target = certificate.CertificateArn }).Policies;
        return new AwsCertificate(certificate.Status.Value, await NamesAsync(policies, policy => policy.PolicyName, cancellationToken));
    });

    public Task<AwsThing?> ReadThingAsync(string name, CancellationToken cancellationToken) => FindAsync(async () =>
    {
        await iot.DescribeThingAsync(new DescribeThingRequest { ThingName = name }, cancellationToken);
        var principals = iot.Paginators.ListThingPrincipals(new ListThingPrincipalsRequest { ThingName = name }).Principals;
        var groups = iot.Paginators.ListThingGroupsForThing(new ListThingGroupsForThingRequest { ThingName = name }).ThingGroups;
        return new AwsThing(
            await NamesAsync(principals, arn => arn.Split('/')[^1], cancellationToken), await NamesAsync(groups, group => group.GroupName, cancellationToken));
    });

    public Task<AwsCA?> ReadCAAsync(string id, CancellationToken cancellationToken) => FindAsync(async () =>
        new AwsCA((await iot.DescribeCACertificateAsync(new DescribeCACertificateRequest { CertificateId = id }, cancellationToken)).CertificateDescription.Status.Value));

    private Task<string?> ReadPolicyAsync(string name, CancellationToken cancellationToken) => FindAsync(async () =>
        (await iot.GetPolicyAsync(new GetPolicyRequest { PolicyName = name }, cancellationToken)).PolicyDocument);

    private async Task<IReadOnlyDictionary<string, AwsTemplate>> ReadTemplatesAsync(CancellationToken cancellationToken)
    {
        var templates = new Dictionary<string, AwsTemplate>(StringComparer.Ordinal);
        await foreach (var summary in iot.Paginators.ListProvisioningTemplates(new ListProvisioningTemplatesRequest()).Templates.WithCancellation(cancellationToken))
        {
            var template = await iot.DescribeProvisioningTemplateAsync(new DescribeProvisioningTemplateRequest { TemplateName = summary.TemplateName }, cancellationToken);
            templates[summary.TemplateName] = new AwsTemplate(template.TemplateBody, template.Enabled ?? false, template.Type?.Value ?? "", template.ProvisioningRoleArn);
        }

        return templates;
    }

    private static async Task<HashSet<string>> NamesAsync<T>(IAsyncEnumerable<T> items, Func<T, string> name, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            names.Add(name(item));
        }

        return names;
    }

    private static IEnumerable<string?> CAIds(LamassuView lamassu) => lamassu.CAs.Select(ca => lamassu.AwsId(ca.Object("certificate")))
        .Concat(lamassu.Certificates.Where(certificate => certificate.Flag("is_ca") == true).Select(lamassu.AwsId));

    private static IEnumerable<string?> CertificateIds(LamassuView lamassu) =>
        lamassu.Certificates.Where(certificate => certificate.Flag("is_ca") != true).Select(lamassu.AwsId);

    private static IEnumerable<string?> PolicyNames(LamassuView lamassu) =>
        lamassu.Dmss.SelectMany(dms => ConnectorNotes.Dms(dms, lamassu.ConnectorId).Policies).Select(policy => policy.Name);

    private static async Task<IReadOnlyDictionary<string, T>> ReadAsync<T>(IEnumerable<string?> names, Func<string, Task<T?>> read)
        where T : class
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var name in names.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (await read(name) is { } item)
            {
                found[name] = item;
            }
        }

        return found;
    }

    // What has a name that AWS refuses is not there either.
    private static async Task<T?> FindAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (AmazonIoTException exception) when (exception is ResourceNotFoundException or InvalidRequestException)
        {
            return null;
        }
    }
}
