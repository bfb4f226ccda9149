using Amazon.Extensions.NETCore.Setup;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>Who the connector is in AWS. Nobody needs a permission to ask that, so the answer tells whether the credentials are good.</summary>
public sealed class AwsCredentialsProbe(AWSOptions setup, IOptions<HealthOptions> options, TimeProvider timeProvider) : IDisposable
{
    private readonly Lazy<IAmazonSecurityTokenService> sts = new(setup.CreateServiceClient<IAmazonSecurityTokenService>);
    private readonly Remembered<ConnectorException?> answers = new(timeProvider, options.Value.RememberFor);

    /// <returns>null: AWS knows us. Else Denied when there are no credentials or bad ones, Unavailable when AWS is away.</returns>
    public Task<ConnectorException?> CheckAsync(CancellationToken cancellationToken) => answers.GetAsync("", AskAsync, cancellationToken);

    public void Dispose()
    {
        if (sts.IsValueCreated)
        {
            sts.Value.Dispose();
        }
    }

    private async Task<ConnectorException?> AskAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.Timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await sts.Value.GetCallerIdentityAsync(new GetCallerIdentityRequest(), either.Token);
            return null;
        }
        catch (Exception exception)
        {
            return AwsErrors.Translate(exception, "GetCallerIdentity", "account");
        }
    }
}
