using Amazon.IoT;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Telemetry;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>The calls themselves. Nothing is decided here.</summary>
internal sealed partial class IoTCore(IAmazonIoT iot, IoTDataClient data, ConnectorMetrics metrics, TimeProvider timeProvider) : IIoTCore
{
    // The endpoint of an account and region does not change.
    private readonly Remembered<string> dataEndpoint = new(timeProvider, TimeSpan.FromDays(1));

    public async Task<string> GetRegistrationCodeAsync(CancellationToken cancellationToken)
    {
        var response = await CallAsync("account", () => iot.GetRegistrationCodeAsync(new GetRegistrationCodeRequest(), cancellationToken));
        return response.RegistrationCode;
    }

    public Task<string> DescribeEndpointAsync(CancellationToken cancellationToken) => dataEndpoint.GetAsync(
        "iot:Data-ATS",
        async cancellation => (await CallAsync(
            "account", () => iot.DescribeEndpointAsync(new DescribeEndpointRequest { EndpointType = "iot:Data-ATS" }, cancellation))).EndpointAddress,
        cancellationToken);

    public Task<RegisterCACertificateResponse> RegisterCACertificateAsync(RegisterCACertificateRequest request, CancellationToken cancellationToken) =>
        CallAsync("CA certificate", () => iot.RegisterCACertificateAsync(request, cancellationToken));

    public async Task<CACertificateDescription?> DescribeCACertificateAsync(string certificateId, CancellationToken cancellationToken) =>
        (await DescribeCARegistrationAsync(certificateId, cancellationToken))?.CertificateDescription;

    public Task<RegisterThingResponse> RegisterThingAsync(
        string thingName, string templateBody, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken) => CallAsync(
        $"thing {thingName}",
        () => iot.RegisterThingAsync(
            new RegisterThingRequest { TemplateBody = templateBody, Parameters = new Dictionary<string, string>(parameters) }, cancellationToken));

    public Task<DescribeThingResponse?> DescribeThingAsync(string thingName, CancellationToken cancellationToken) =>
        FindAsync($"thing {thingName}", () => iot.DescribeThingAsync(new DescribeThingRequest { ThingName = thingName }, cancellationToken));

    public async Task<IReadOnlyList<string>> ListThingPrincipalsAsync(string thingName, CancellationToken cancellationToken) => await FindAsync(
        $"thing {thingName}",
        () => ReadAsync(iot.Paginators.ListThingPrincipals(new ListThingPrincipalsRequest { ThingName = thingName }).Principals, cancellationToken)) ?? [];

    public Task AttachThingPrincipalAsync(string thingName, string certificateArn, CancellationToken cancellationToken) => CallAsync(
        $"thing {thingName}",
        () => iot.AttachThingPrincipalAsync(new AttachThingPrincipalRequest { ThingName = thingName, Principal = certificateArn }, cancellationToken));

    public Task DetachThingPrincipalAsync(string thingName, string certificateArn, CancellationToken cancellationToken) => CallAsync(
        $"thing {thingName}",
        () => iot.DetachThingPrincipalAsync(new DetachThingPrincipalRequest { ThingName = thingName, Principal = certificateArn }, cancellationToken));

    public async Task<CertificateDescription?> DescribeCertificateAsync(string certificateId, CancellationToken cancellationToken)
    {
        var response = await FindAsync(
            $"certificate {certificateId}",
            () => iot.DescribeCertificateAsync(new DescribeCertificateRequest { CertificateId = certificateId }, cancellationToken));
        return response?.CertificateDescription;
    }

    public async Task UpdateCertificateAsync(string certificateId, CertificateStatus newStatus, CancellationToken cancellationToken)
    {
        await CallAsync(
            $"certificate {certificateId}",
            () => iot.UpdateCertificateAsync(new UpdateCertificateRequest { CertificateId = certificateId, NewStatus = newStatus }, cancellationToken));
        metrics.CertificateStatusUpdated(newStatus);
    }

    public Task<GetPolicyResponse?> GetPolicyAsync(string policyName, CancellationToken cancellationToken) =>
        FindAsync($"policy {policyName}", () => iot.GetPolicyAsync(new GetPolicyRequest { PolicyName = policyName }, cancellationToken));

    public Task CreatePolicyAsync(string policyName, string policyDocument, CancellationToken cancellationToken) => CallAsync(
        $"policy {policyName}",
        () => iot.CreatePolicyAsync(new CreatePolicyRequest { PolicyName = policyName, PolicyDocument = policyDocument }, cancellationToken));

    public Task AttachPolicyAsync(string policyName, string certificateArn, CancellationToken cancellationToken) => CallAsync(
        $"policy {policyName}",
        () => iot.AttachPolicyAsync(new AttachPolicyRequest { PolicyName = policyName, Target = certificateArn }, cancellationToken));

    public Task<IReadOnlyList<string>> ListAttachedPoliciesAsync(string certificateArn, CancellationToken cancellationToken) => CallAsync(
        $"certificate {certificateArn}",
        async () => (IReadOnlyList<string>)[.. (await ReadAsync(
            iot.Paginators.ListAttachedPolicies(new ListAttachedPoliciesRequest { Target = certificateArn }).Policies, cancellationToken)).Select(policy => policy.PolicyName)]);

    public Task<DescribeThingGroupResponse?> DescribeThingGroupAsync(string thingGroupName, CancellationToken cancellationToken) => FindAsync(
        $"thing group {thingGroupName}",
        () => iot.DescribeThingGroupAsync(new DescribeThingGroupRequest { ThingGroupName = thingGroupName }, cancellationToken));

    public Task CreateThingGroupAsync(string thingGroupName, CancellationToken cancellationToken) => CallAsync(
        $"thing group {thingGroupName}",
        () => iot.CreateThingGroupAsync(new CreateThingGroupRequest { ThingGroupName = thingGroupName }, cancellationToken));

    public Task AddThingToThingGroupAsync(string thingName, string thingGroupName, CancellationToken cancellationToken) => CallAsync(
        $"thing {thingName}",
        () => iot.AddThingToThingGroupAsync(new AddThingToThingGroupRequest { ThingName = thingName, ThingGroupName = thingGroupName }, cancellationToken));

    public Task<IReadOnlyList<string>> ListThingGroupsForThingAsync(string thingName, CancellationToken cancellationToken) => CallAsync(
        $"thing {thingName}",
        async () => (IReadOnlyList<string>)[.. (await ReadAsync(
            iot.Paginators.ListThingGroupsForThing(new ListThingGroupsForThingRequest { ThingName = thingName }).ThingGroups, cancellationToken)).Select(group => group.GroupName)]);
}
