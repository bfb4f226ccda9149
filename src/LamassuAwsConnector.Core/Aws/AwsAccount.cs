using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace LamassuAwsConnector.Core.Aws;

/// <param name="Partition"><c>aws</c>, <c>aws-cn</c>, <c>aws-us-gov</c>, …</param>
/// <param name="Account">Twelve digits.</param>
internal sealed record AwsIdentity(string Partition, string Account);

/// <summary>Whose credentials the connector has. Asked once: they belong to one account as long as the process runs.</summary>
internal sealed class AwsAccount(IAmazonSecurityTokenService sts, TimeProvider timeProvider)
{
    private readonly Remembered<AwsIdentity> identity = new(timeProvider, TimeSpan.MaxValue);

    public Task<AwsIdentity> GetAsync(CancellationToken cancellationToken) => identity.GetAsync("", AskAsync, cancellationToken);

    /// <summary>The same without a call, where AWS has named something of this account before.</summary>
    /// <param name="knownArn">The ARN of something in this account; null when there is none yet.</param>
    public async Task<AwsIdentity> GetAsync(string? knownArn, CancellationToken cancellationToken) =>
        Read(knownArn) ?? await GetAsync(cancellationToken);

    private async Task<AwsIdentity> AskAsync(CancellationToken cancellationToken)
    {
        GetCallerIdentityResponse response;
        try
        {
            response = await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw AwsErrors.Translate(exception, "GetCallerIdentity", "account");
        }

        return Read(response.Arn) ?? throw new ConnectorException(
            FailureKind.Unexpected, "caller_arn_unreadable", FailureSource.Aws, "AWS gave the connector's credentials an ARN that can't be read.");
    }

    // arn:<partition>:<service>:<region>:<account>:<resource>
    private static AwsIdentity? Read(string? arn) =>
        arn?.Split(':', 6) is ["arn", { Length: > 0 } partition, _, _, { Length: > 0 } account, _] ? new AwsIdentity(partition, account) : null;
}
