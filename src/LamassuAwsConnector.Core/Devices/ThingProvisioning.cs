using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>One device's identity on its way to AWS.</summary>
/// <param name="MayExist">The device carries our note of an earlier registration: AWS is read before it is written.</param>
/// <param name="OnlyIfKnown">A certificate that AWS does not know is not registered.</param>
internal sealed record ProvisionThing(
    string ThingName,
    string SerialNumber,
    IssuedCertificate Certificate,
    IssuedCertificate CA,
    string CAId,
    DmsAwsSettings Settings,
    bool MayExist,
    bool OnlyIfKnown);

/// <summary>What is in AWS after provisioning.</summary>
/// <param name="Changed">Something was missing and is there now.</param>
/// <param name="Ending">Why nothing was provisioned; nothing else holds then.</param>
internal sealed record ProvisionedThing(ThingRegistration? Registration, bool Changed, RegisterThingOutcome? Ending);

/// <summary>Makes thing, certificate, attachments and group memberships exist in AWS. Changes no status, replaces nothing, removes nothing.</summary>
internal sealed class ThingProvisioning(IIoTCore iot, DmsResources dmsResources)
{
    private const string Certificate = "certificate";

    // https://docs.aws.amazon.com/iot/latest/apireference/API_RegisterThing.html: characters of a template parameter's value.
    private const int MaxParameter = 4096;

    public async Task<ProvisionedThing> EnsureAsync(ProvisionThing request, CancellationToken cancellationToken)
    {
        ThrowIfTooLong(request.Certificate, $"Certificate {request.SerialNumber} of device {request.ThingName}");
        ThrowIfTooLong(request.CA, $"The certificate of CA {request.CAId}, which issued that of device {request.ThingName},");
        var resources = await dmsResources.EnsureAsync(request.Settings, cancellationToken);
        if ((request.MayExist || request.OnlyIfKnown) && await FindAsync(request, cancellationToken) is { } found)
        {
            return await CompleteAsync(request, found, resources, cancellationToken);
        }

        if (request.OnlyIfKnown)
        {
            return new ProvisionedThing(null, Changed: false, new RegisterThingOutcome.NotRequested($"AWS has not met device {request.ThingName} yet"));
        }

        try
        {
            return await RegisterThingAsync(request, resources, cancellationToken);
        }
        catch (ConnectorException refusal) when (IsRefusal(refusal))
        {
            return await AfterRefusalAsync(request, refusal, cancellationToken);
        }
    }

    private static void ThrowIfTooLong(IssuedCertificate certificate, string subject)
    {
        if (certificate.Pem.Length > MaxParameter)
        {
            throw new ConnectorException(
                FailureKind.Conflict,
                "certificate_too_long",
                FailureSource.Connector,
                $"{subject} has {certificate.Pem.Length} characters as PEM, and AWS takes {MaxParameter}; issue it with a shorter key or fewer extensions.");
        }
    }

    private async Task<ProvisionedThing> RegisterThingAsync(ProvisionThing request, EnsuredResources resources, CancellationToken cancellationToken)
    {
        var parameters = new Dictionary<string, string>
        {
            [ThingTemplate.ThingNameParameter] = request.ThingName,
            [ThingTemplate.CertificateParameter] = request.Certificate.Pem,
            [ThingTemplate.CACertificateParameter] = request.CA.Pem,
        };
        var response = await iot.RegisterThingAsync(request.ThingName, ThingTemplate.Build(request.Settings), parameters, cancellationToken);
        var arns = response.ResourceArns ?? [];
        if (!arns.TryGetValue(ThingTemplate.Certificate, out var certificateArn) || !certificateArn.EndsWith($"/{request.Certificate.AwsId}", StringComparison.Ordinal))
        {
            throw new ConnectorException(
                FailureKind.Unexpected,
                "certificate_arn_missing",
                FailureSource.Aws,
                $"AWS registered thing {request.ThingName} without naming the ARN of certificate {request.Certificate.AwsId}.");
        }

        var registration = new ThingRegistration(
            request.ThingName, arns.GetValueOrDefault(ThingTemplate.Thing), request.SerialNumber, request.Certificate.AwsId, certificateArn, CertificateStatus: null)
        {
            Created = [.. resources.Created, new ResourceNote("thing", request.ThingName), new ResourceNote(Certificate, request.Certificate.AwsId)],
            Existing = resources.Existing,
            LeftAlone = resources.LeftAlone,
        };
        return new ProvisionedThing(registration, Changed: true, Ending: null);
    }

    // Codes under which RegisterThing refuses for a reason that a look at AWS tells; none of them names it.
    private static bool IsRefusal(ConnectorException failure) => failure.Code
        is AwsErrorCodes.ResourceRegistrationFailure
        or AwsErrorCodes.CertificateValidation
        or AwsErrorCodes.CertificateConflict
        or AwsErrorCodes.CertificateState
        or AwsErrorCodes.InvalidRequest
        or AwsErrorCodes.ResourceNotFound;

    private async Task<ProvisionedThing> AfterRefusalAsync(ProvisionThing request, ConnectorException refusal, CancellationToken cancellationToken)
    {
        var ca = await iot.DescribeCACertificateAsync(request.CA.AwsId, cancellationToken);
        if (ca is null || ca.Status != CACertificateStatus.ACTIVE)
        {
            return new ProvisionedThing(null, Changed: false, ca is null
                ? new RegisterThingOutcome.Waiting(
                    "ca_not_registered", $"CA {request.CAId}, which issued the certificate of device {request.ThingName}, is not registered in this AWS account and region; register it first.")
                : new RegisterThingOutcome.Waiting(
                    "ca_inactive", $"CA {request.CAId}, which issued the certificate of device {request.ThingName}, is INACTIVE in AWS; set it ACTIVE there."));
        }

        // A policy or group that was remembered may have been deleted since; a certificate or thing may have been there all along.
        dmsResources.Forget(request.Settings);
        var resources = await dmsResources.EnsureAsync(request.Settings, cancellationToken);
        if (await FindAsync(request, cancellationToken) is { } found)
        {
            return await CompleteAsync(request, found, resources, cancellationToken);
        }

        if (resources.Created.Count > 0)
        {
            return await RegisterThingAsync(request, resources, cancellationToken);
        }

        throw new ConnectorException(
            refusal.Kind,
            refusal.Code,
            refusal.FailureSource,
            $"AWS refused to register thing {request.ThingName} with certificate {request.SerialNumber} ({refusal.Code}). CA, policies and groups are in place; "
                + "check that the thing's existing type and groups allow those of its DMS, and that the certificate is valid.",
            refusal)
        { RequestId = refusal.RequestId };
    }

    private async Task<FoundThing?> FindAsync(ProvisionThing request, CancellationToken cancellationToken)
    {
        var certificate = await iot.DescribeCertificateAsync(request.Certificate.AwsId, cancellationToken);
        if (certificate is null)
        {
            return null;
        }

        var thing = await iot.DescribeThingAsync(request.ThingName, cancellationToken);
        if (thing is not null)
        {
            return new FoundThing(certificate, thing);
        }

        // RegisterThing would make the thing; with a revoked certificate it refuses, and nothing works with that one anyway.
        return certificate.Status == CertificateStatus.REVOKED ? new FoundThing(certificate, null) : null;
    }

    private async Task<ProvisionedThing> CompleteAsync(ProvisionThing request, FoundThing found, EnsuredResources resources, CancellationToken cancellationToken)
    {
        var arn = found.Certificate.CertificateArn;
        var existing = new List<ResourceNote>(resources.Existing) { new(Certificate, request.Certificate.AwsId) };
        var created = new List<ResourceNote>(resources.Created);
        var leftAlone = new List<ResourceNote>(resources.LeftAlone);
        if (found.Thing is not null)
        {
            existing.Add(new ResourceNote("thing", request.ThingName));
        }

        if (found.Certificate.Status == CertificateStatus.REVOKED)
        {
            leftAlone.Add(new ResourceNote(Certificate, request.Certificate.AwsId, "is REVOKED in AWS, which is final: the device needs a new certificate"));
        }
        else
        {
            if (found.Certificate.Status != CertificateStatus.ACTIVE)
            {
                leftAlone.Add(new ResourceNote(
                    Certificate, request.Certificate.AwsId, $"is {found.Certificate.Status} in AWS, set so by someone; set it ACTIVE there if the device should connect"));
            }

            await AttachWhatIsMissingAsync(request, arn, created, cancellationToken);
        }

        var registration = new ThingRegistration(
            request.ThingName, found.Thing?.ThingArn, request.SerialNumber, request.Certificate.AwsId, arn, found.Certificate.Status)
        {
            Created = created,
            Existing = existing,
            LeftAlone = leftAlone,
        };
        return new ProvisionedThing(registration, Changed: created.Count > 0, Ending: null);
    }

    private async Task AttachWhatIsMissingAsync(ProvisionThing request, string certificateArn, List<ResourceNote> created, CancellationToken cancellationToken)
    {
        var attached = request.Settings.Policies.Count == 0 ? [] : await iot.ListAttachedPoliciesAsync(certificateArn, cancellationToken);
        foreach (var policy in request.Settings.Policies.Where(policy => !attached.Contains(policy.Name, StringComparer.Ordinal)))
        {
            await iot.AttachPolicyAsync(policy.Name, certificateArn, cancellationToken);
            created.Add(new ResourceNote("policy_attachment", policy.Name));
        }

        var groups = request.Settings.Groups.Count == 0 ? [] : await iot.ListThingGroupsForThingAsync(request.ThingName, cancellationToken);
        foreach (var group in request.Settings.Groups.Where(group => !groups.Contains(group, StringComparer.Ordinal)))
        {
            await iot.AddThingToThingGroupAsync(request.ThingName, group, cancellationToken);
            created.Add(new ResourceNote("thing_group_membership", group));
        }

        var principals = await iot.ListThingPrincipalsAsync(request.ThingName, cancellationToken);
        if (!principals.Contains(certificateArn, StringComparer.Ordinal))
        {
            await iot.AttachThingPrincipalAsync(request.ThingName, certificateArn, cancellationToken);
            created.Add(new ResourceNote("certificate_attachment", request.Certificate.AwsId));
        }
    }

    private sealed record FoundThing(CertificateDescription Certificate, DescribeThingResponse? Thing);
}
