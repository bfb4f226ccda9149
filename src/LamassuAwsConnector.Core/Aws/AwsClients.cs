using Amazon;
using Amazon.Extensions.NETCore.Setup;
using Amazon.IoT;
using Amazon.IotData;
using Amazon.Runtime;
using Amazon.SecurityToken;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>Clients of both planes with one set of credentials and one way of calling. Made by hand: the SDK's factory makes none that count.</summary>
internal sealed class AwsClients(AWSOptions setup, IOptions<AwsOptions> options, AwsRateLimiter limiter, ConnectorMetrics metrics, TimeProvider timeProvider)
{
    private readonly LateCredentials credentials = new(setup.GetCredentials);

    public IAmazonIoT CreateIoT()
    {
        var config = Configure(new AmazonIoTConfig());
        if (config.ServiceURL is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Value.Region);
        }

        return new CountedIoTClient(credentials, config, Attempts);
    }

    public IAmazonSecurityTokenService CreateSts()
    {
        var config = Configure(new AmazonSecurityTokenServiceConfig());
        if (config.ServiceURL is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Value.Region);
        }

        return new AmazonSecurityTokenServiceClient(credentials, config);
    }

    /// <param name="endpoint">A host name without scheme; <c>aws_config.endpoint_url</c> takes its place.</param>
    public IAmazonIotData CreateIotData(string endpoint)
    {
        var config = Configure(new AmazonIotDataConfig());
        config.ServiceURL ??= $"https://{endpoint}";
        return new CountedIotDataClient(credentials, config, Attempts);
    }

    private AwsAttempts Attempts() => new(limiter, metrics, timeProvider);

    private TConfig Configure<TConfig>(TConfig config)
        where TConfig : ClientConfig
    {
        // An endpoint and a region exclude each other, and with an endpoint the signing region must be said.
        if (options.Value.EndpointUrl is { Length: > 0 } url)
        {
            config.ServiceURL = url;
        }

        config.AuthenticationRegion = options.Value.Region;
        config.Timeout = options.Value.Timeout;

        // Three attempts in all within a second or two; the bus has the longer retries.
        config.RetryMode = RequestRetryMode.Standard;
        return config;
    }
}
