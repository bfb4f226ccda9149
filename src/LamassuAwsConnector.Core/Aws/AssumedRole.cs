using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>
/// Credentials of a role, renewed before they end. In place of the SDK's own, which ask STS in a region and at an address that they choose themselves:
/// not in China's or GovCloud's partition, nor at <c>aws_config.endpoint_url</c>.
/// </summary>
internal sealed class AssumedRole : RefreshingAWSCredentials
{
    // Names our calls in CloudTrail.
    private const string SessionName = "lamassu-aws-connector";

    private readonly Lazy<IAmazonSecurityTokenService> sts;
    private readonly string roleArn;

    /// <param name="createSts">Makes the client that assumes the role, at the first use: what has no credentials yet must not stop the start.</param>
    public AssumedRole(Func<IAmazonSecurityTokenService> createSts, string roleArn)
    {
        sts = new Lazy<IAmazonSecurityTokenService>(createSts);
        this.roleArn = roleArn;

        // A call with its repetitions comes to an end with the credentials that it began with.
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    protected override CredentialsRefreshState GenerateNewCredentials() => GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        var response = await sts.Value.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = roleArn, RoleSessionName = SessionName });
        var credentials = response.Credentials;
        return new CredentialsRefreshState(
            new ImmutableCredentials(credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken),
            credentials.Expiration!.Value.ToUniversalTime());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && sts.IsValueCreated)
        {
            sts.Value.Dispose();
        }

        base.Dispose(disposing);
    }
}
