using System.Net.Http.Json;
using Amazon.IoT;
using Amazon.IoT.Model;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

/// <summary>Roles, by AWS's own client.</summary>
public sealed class SecurityTokenTests : AwsStandInTest
{
    private const string Role = "arn:aws:iam::123456789012:role/path/connector";

    [Fact]
    public async Task A_role_is_somebody_else_with_credentials_of_its_own()
    {
        var credentials = await AssumeAsync();

        Assert.Equal("arn:aws:sts::123456789012:assumed-role/connector/test", await CallerAsync(credentials));
        Assert.Equal(64, await CodeLengthAsync(credentials));
    }

    [Fact]
    public async Task Credentials_of_a_role_need_their_token_and_end()
    {
        var credentials = await AssumeAsync();
        var (id, secret) = (credentials.AccessKeyId, credentials.SecretAccessKey);
        Assert.Equal("UnrecognizedClientException", await CodeOfRefusalAsync(new SessionAWSCredentials(id, secret, "another")));
        Assert.Equal("UnrecognizedClientException", await CodeOfRefusalAsync(new BasicAWSCredentials(id, secret)));

        (await Http.PutAsJsonAsync("/_control/session-lifetime", new { milliseconds = 1 }, Cancelled)).EnsureSuccessStatusCode();
        var ended = await AssumeAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(50), Cancelled);

        Assert.Equal("ExpiredTokenException", await CodeOfRefusalAsync(ended));
    }

    [Theory]
    [InlineData("nonsense", "test", 3600, "ValidationError")]
    [InlineData(Role, "a b", 3600, "ValidationError")]
    [InlineData(Role, "test", 60, "ValidationError")]
    [InlineData("arn:aws:iam::999999999999:role/connector", "test", 3600, "AccessDenied")]
    public async Task A_role_is_refused_as_AWS_does(string role, string session, int seconds, string code)
    {
        using var sts = Sts(new BasicAWSCredentials("testing", "testing"));

        var refusal = await Assert.ThrowsAsync<AmazonSecurityTokenServiceException>(() => sts.AssumeRoleAsync(
            new AssumeRoleRequest { RoleArn = role, RoleSessionName = session, DurationSeconds = seconds }, Cancelled));

        Assert.Equal(code, refusal.ErrorCode);
    }

    private async Task<Credentials> AssumeAsync()
    {
        using var sts = Sts(new BasicAWSCredentials("testing", "testing"));
        return (await sts.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = Role, RoleSessionName = "test" }, Cancelled)).Credentials;
    }

    private async Task<string> CallerAsync(AWSCredentials credentials)
    {
        using var sts = Sts(credentials);
        return (await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), Cancelled)).Arn;
    }

    private async Task<int> CodeLengthAsync(AWSCredentials credentials)
    {
        using var iot = new AmazonIoTClient(credentials, new AmazonIoTConfig { ServiceURL = Url.ToString(), AuthenticationRegion = Region, MaxErrorRetry = 0 });
        return (await iot.GetRegistrationCodeAsync(new GetRegistrationCodeRequest(), Cancelled)).RegistrationCode.Length;
    }

    private async Task<string> CodeOfRefusalAsync(AWSCredentials credentials) =>
        (await Assert.ThrowsAnyAsync<AmazonServiceException>(() => CodeLengthAsync(credentials))).ErrorCode;

    private AmazonSecurityTokenServiceClient Sts(AWSCredentials credentials) =>
        new(credentials, new AmazonSecurityTokenServiceConfig { ServiceURL = Url.ToString(), AuthenticationRegion = Region, MaxErrorRetry = 0 });
}
