using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Aws;

namespace LamassuAwsConnector.Tests.Aws;

public sealed class AwsAccountTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("arn:aws:iam::123456789012:user/sandbox", "aws")]
    [InlineData("arn:aws-cn:sts::123456789012:assumed-role/connector/session", "aws-cn")]
    [InlineData("arn:aws-us-gov:sts::123456789012:assumed-role/a/b:c", "aws-us-gov")]
    public async Task STS_tells_account_and_partition_once(string arn, string partition)
    {
        using var sts = new Sts(arn);
        var account = new AwsAccount(sts, TimeProvider.System);

        Assert.Equal(new AwsIdentity(partition, "123456789012"), await account.GetAsync(Cancellation));
        await account.GetAsync(knownArn: null, Cancellation);

        Assert.Equal(1, sts.Calls);
    }

    [Fact]
    public async Task A_known_ARN_spares_the_question()
    {
        using var sts = new Sts("unused");

        var identity = await new AwsAccount(sts, TimeProvider.System).GetAsync("arn:aws-cn:iot:cn-north-1:123456789012:cacert/ab", Cancellation);

        Assert.Equal((new AwsIdentity("aws-cn", "123456789012"), 0), (identity, sts.Calls));
    }

    [Fact]
    public async Task An_answer_that_can_not_be_read_is_unexpected_and_not_remembered()
    {
        using var sts = new Sts("nonsense");
        var account = new AwsAccount(sts, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => account.GetAsync(Cancellation));
        await Assert.ThrowsAsync<ConnectorException>(() => account.GetAsync(Cancellation));

        Assert.Equal((FailureKind.Unexpected, 2), (failure.Kind, sts.Calls));
    }

    private sealed class Sts(string arn) : AmazonSecurityTokenServiceClient(new AnonymousAWSCredentials(), RegionEndpoint.EUWest1)
    {
        public int Calls { get; private set; }

        public override Task<GetCallerIdentityResponse> GetCallerIdentityAsync(GetCallerIdentityRequest request, CancellationToken cancellationToken = default)
        {
            Calls++;
            return Task.FromResult(new GetCallerIdentityResponse { Arn = arn, Account = "123456789012" });
        }
    }
}
