using Amazon.IoT;
using Amazon.IoT.Model;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>
/// AWS IoT Core as the connector uses it: one method for each call, and so the list of permissions that the connector's IAM policy needs. What is not
/// there reads as null. Every method throws <see cref="ConnectorException"/> with the AWS error code.
/// </summary>
public interface IIoTCore
{
    Task<string> GetRegistrationCodeAsync(CancellationToken cancellationToken);

    /// <summary>The account's MQTT endpoint (<c>iot:Data-ATS</c>), a host name without scheme.</summary>
    Task<string> DescribeEndpointAsync(CancellationToken cancellationToken);

    Task<RegisterCACertificateResponse> RegisterCACertificateAsync(RegisterCACertificateRequest request, CancellationToken cancellationToken);

    Task<CACertificateDescription?> DescribeCACertificateAsync(string certificateId, CancellationToken cancellationToken);

    /// <param name="thingName">Names the object in errors.</param>
    Task<RegisterThingResponse> RegisterThingAsync(
        string thingName, string templateBody, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken);

    Task<DescribeThingResponse?> DescribeThingAsync(string thingName, CancellationToken cancellationToken);

    /// <summary>The ARNs of the principals attached to the thing; empty for a thing that does not exist.</summary>
    Task<IReadOnlyList<string>> ListThingPrincipalsAsync(string thingName, CancellationToken cancellationToken);

    Task AttachThingPrincipalAsync(string thingName, string certificateArn, CancellationToken cancellationToken);

    Task DetachThingPrincipalAsync(string thingName, string certificateArn, CancellationToken cancellationToken);

    Task<CertificateDescription?> DescribeCertificateAsync(string certificateId, CancellationToken cancellationToken);

    Task UpdateCertificateAsync(string certificateId, CertificateStatus newStatus, CancellationToken cancellationToken);

    Task<GetPolicyResponse?> GetPolicyAsync(string policyName, CancellationToken cancellationToken);

    Task CreatePolicyAsync(string policyName, string policyDocument, CancellationToken cancellationToken);

    Task AttachPolicyAsync(string policyName, string certificateArn, CancellationToken cancellationToken);

    /// <summary>The names of the policies attached to the certificate itself.</summary>
    Task<IReadOnlyList<string>> ListAttachedPoliciesAsync(string certificateArn, CancellationToken cancellationToken);

    Task<DescribeThingGroupResponse?> DescribeThingGroupAsync(string thingGroupName, CancellationToken cancellationToken);

    Task CreateThingGroupAsync(string thingGroupName, CancellationToken cancellationToken);

    Task AddThingToThingGroupAsync(string thingName, string thingGroupName, CancellationToken cancellationToken);

    /// <summary>The names of the groups that the thing is in.</summary>
    Task<IReadOnlyList<string>> ListThingGroupsForThingAsync(string thingName, CancellationToken cancellationToken);
}
