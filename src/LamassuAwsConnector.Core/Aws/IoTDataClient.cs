using Amazon.Extensions.NETCore.Setup;
using Amazon.IotData;
using Amazon.Runtime;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>The data plane's client, at the account's own endpoint: it is known only after AWS was asked for it.</summary>
internal sealed class IoTDataClient(AWSOptions setup, IOptions<AwsOptions> options) : IDisposable
{
    private readonly Lock gate = new();
    private (string Endpoint, IAmazonIotData Client)? present;

    /// <param name="endpoint">A host name without scheme. With <c>aws_config.endpoint_url</c> set, that address takes its place.</param>
    public IAmazonIotData At(string endpoint)
    {
        lock (gate)
        {
            if (present?.Endpoint != endpoint)
            {
                present?.Client.Dispose();
                present = (endpoint, Create(endpoint));
            }

            return present.Value.Client;
        }
    }

    public void Dispose() => present?.Client.Dispose();

    private AmazonIotDataClient Create(string endpoint) => new(
        setup.Credentials ?? setup.GetCredentials(),
        new AmazonIotDataConfig
        {
            ServiceURL = options.Value.EndpointUrl is { Length: > 0 } url ? url : $"https://{endpoint}",
            AuthenticationRegion = options.Value.Region,
            RetryMode = RequestRetryMode.Standard,
            Timeout = options.Value.Timeout,
        });
}
