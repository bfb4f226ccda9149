namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>What a template run works on, and in whose quota.</summary>
internal sealed record ProvisioningContext(RegionState State, DateTimeOffset Now, DateTimeOffset CertificateTime, Action<string> Spend);

internal sealed record ProvisionedThing(Thing Thing, DeviceCertificate? Certificate, IReadOnlyDictionary<string, string> ResourceArns);

/// <summary>
/// Carries out a plan: thing, certificate and policies are made or found, policies attached to the certificate, the certificate attached
/// to the thing, the thing put into its groups. What was done before a failure remains.
/// </summary>
internal static class ThingProvisioning
{
    // Not of the resource, but of the call: they come through as they are.
    private static readonly string[] OwnCodes = ["ThrottlingException", "AccessDeniedException"];

    /// <exception cref="AwsException">ResourceRegistrationFailureException, or ThrottlingException or AccessDeniedException of an operation called on the way.</exception>
    public static ProvisionedThing Run(ProvisioningContext context, ProvisioningPlan plan)
    {
        try
        {
            return RunSteps(context, plan);
        }
        catch (AwsException exception) when (!OwnCodes.Contains(exception.Code))
        {
            // The operation's model knows no other refusal of a resource.
            throw AwsException.ResourceRegistrationFailure(exception.Message);
        }
    }

    private static ProvisionedThing RunSteps(ProvisioningContext context, ProvisioningPlan plan)
    {
        var arns = new Dictionary<string, string>(StringComparer.Ordinal);
        var existed = context.State.Things.ContainsKey(plan.ThingName);
        var thing = ProvideThing(context, plan);
        arns[plan.Thing.LogicalName] = thing.Arn(context.State);

        var certificate = plan.Certificate is { } planned ? ProvideCertificate(context, planned) : null;
        if (certificate is not null)
        {
            arns[plan.Certificate!.Resource.LogicalName] = certificate.Arn(context.State);
            foreach (var (logicalName, policy) in plan.Policies.Select(policy => (policy.LogicalName, ProvidePolicy(context, policy))).ToList())
            {
                arns[logicalName] = policy.Arn(context.State);
                context.Spend("AttachPolicy");
                PolicyTargets.Attach(context.State, policy, certificate);
            }

            context.Spend("AttachThingPrincipal");
            ThingPrincipals.Attach(context.State, thing, certificate);
        }

        JoinGroups(context, plan, thing, existed);
        if (certificate?.Status == CertificateStatuses.PendingActivation)
        {
            // Last, so that a device whose provisioning failed half-way is still waiting for it.
            certificate.SetStatus(plan.Certificate!.Status, context.Now);
        }

        return new ProvisionedThing(thing, certificate, arns);
    }

    private static Thing ProvideThing(ProvisioningContext context, ProvisioningPlan plan)
    {
        if (plan.ThingType is not null)
        {
            throw AwsException.ResourceRegistrationFailure("Thing type not found");
        }

        context.Spend("CreateThing");
        if (!context.State.Things.TryGetValue(plan.ThingName, out var thing))
        {
            return Things.Add(context.State, plan.ThingName, plan.Attributes ?? new Dictionary<string, string>());
        }

        if (plan.Thing.Overrides.Values.Contains(TemplateBody.Fail))
        {
            throw Assumptions.ResourceExists(plan.Thing.LogicalName);
        }

        if (plan.Groups is not null && plan.Thing.Override("ThingGroups") is null && !thing.Groups.SetEquals(plan.Groups))
        {
            throw Assumptions.DiffersWithoutOverride(plan.Thing.LogicalName, "ThingGroups");
        }

        if (plan.Attributes is { } attributes)
        {
            OverrideAttributes(thing, plan.Thing, attributes);
        }

        return thing;
    }

    private static void OverrideAttributes(Thing thing, TemplateResource resource, IReadOnlyDictionary<string, string> attributes)
    {
        switch (resource.Override("AttributePayload"))
        {
            case TemplateBody.Replace:
                Things.UpdateAttributes(thing, attributes, merge: false);
                break;
            case TemplateBody.Merge:
                Things.UpdateAttributes(thing, attributes, merge: true);
                break;
            case null when attributes.Count != thing.Attributes.Count || attributes.Any(own => thing.Attributes.GetValueOrDefault(own.Key) != own.Value):
                throw Assumptions.DiffersWithoutOverride(resource.LogicalName, "AttributePayload");
        }
    }

    private static DeviceCertificate ProvideCertificate(ProvisioningContext context, PlannedCertificate plan)
    {
        if (plan.Id is { } id)
        {
            return OverrideStatus(
                context,
                plan,
                context.State.Certificates.GetValueOrDefault(id) ?? throw AwsException.NotFound($"Certificate {id} does not exist")
            );
        }

        context.Spend("RegisterCertificate");
        var data = CertificateData.Parse(plan.Pem!, "CertificatePem");
        var issuer = CertificateRegistration.IssuerOf(context.State, data, plan.CAPem, context.CertificateTime);
        return context.State.Certificates.TryGetValue(data.Id, out var known)
            ? OverrideStatus(context, plan, known)
            : CertificateRegistration.Add(context.State, data, issuer, plan.Status, context.Now);
    }

    private static DeviceCertificate OverrideStatus(ProvisioningContext context, PlannedCertificate plan, DeviceCertificate certificate)
    {
        if (certificate.Status == CertificateStatuses.Revoked)
        {
            throw Assumptions.RevokedCertificateInTemplate(certificate.Id);
        }

        if (certificate.Status == CertificateStatuses.PendingActivation)
        {
            return certificate;
        }

        switch (plan.Resource.Override("Status"))
        {
            case TemplateBody.Replace:
                certificate.SetStatus(plan.Status, context.Now);
                break;
            case TemplateBody.Fail:
                throw Assumptions.ResourceExists(plan.Resource.LogicalName);
            case null when certificate.Status != plan.Status:
                throw Assumptions.DiffersWithoutOverride(plan.Resource.LogicalName, "Status");
        }

        return certificate;
    }

    private static Policy ProvidePolicy(ProvisioningContext context, PlannedPolicy plan)
    {
        if (context.State.Policies.TryGetValue(plan.Name, out var known))
        {
            return known;
        }

        if (plan.Document is null)
        {
            throw AwsException.NotFound($"Policy not found. Policy name: {plan.Name}");
        }

        context.Spend("CreatePolicy");
        return Policies.Add(context.State, plan.Name, plan.Document, context.Now);
    }

    private static void JoinGroups(ProvisioningContext context, ProvisioningPlan plan, Thing thing, bool existed)
    {
        var setting = existed ? plan.Thing.Override("ThingGroups") : TemplateBody.Merge;
        if (plan.Groups is null || setting == TemplateBody.DoNothing)
        {
            return;
        }

        var groups = plan.Groups.Select(name => ThingGroups.Find(context.State, name)).ToList();
        if (setting == TemplateBody.Replace)
        {
            foreach (var name in thing.Groups.Except(plan.Groups).ToList())
            {
                ThingGroupMembership.Leave(context.State, thing, name);
            }
        }

        foreach (var group in groups)
        {
            context.Spend("AddThingToThingGroup");
            ThingGroupMembership.Join(context.State, thing, group);
        }
    }
}
