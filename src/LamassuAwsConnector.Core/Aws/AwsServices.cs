using Amazon;
using Amazon.Extensions.NETCore.Setup;
using Amazon.Runtime;
using Amazon.SecurityToken;
using LamassuAwsConnector.Core.Configuration;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Aws;

internal static class AwsServices
{
    public static IServiceCollection AddAwsIoT(this IServiceCollection services)
    {
        services.AddCheckedOptions<AwsOptions>(AwsOptions.SectionName);
        services.AddSingleton<IValidateOptions<AwsOptions>, AwsCredentialsValidator>();
        services.AddSingleton(provider => Setup(provider.GetRequiredService<IOptions<AwsOptions>>().Value));
        services.AddConnectorMetrics();
        services.AddSingleton<AwsRateLimiter>();
        services.AddSingleton<AwsClients>();
        services.AddSingleton(provider => provider.GetRequiredService<AwsClients>().CreateIoT());
        services.AddSingleton(provider => provider.GetRequiredService<AwsClients>().CreateSts());
        services.AddSingleton<AwsAccount>();
        services.AddSingleton<IoTDataClient>();
        return services.AddSingleton<IIoTCore, IoTCore>();
    }

    private static AWSOptions Setup(AwsOptions options)
    {
        var setup = Setup(options, Keys(options));
        return options.EffectiveAuthMethod == "role"
            ? Setup(options, new AssumedRole(setup.CreateServiceClient<IAmazonSecurityTokenService>, options.RoleArn!))
            : setup;
    }

    private static AWSOptions Setup(AwsOptions options, AWSCredentials? credentials)
    {
        var setup = new AWSOptions { Credentials = credentials };
        setup.DefaultClientConfig.Timeout = options.Timeout;

        // Three attempts in all within a second or two; the bus has the longer retries.
        setup.DefaultClientConfig.RetryMode = RequestRetryMode.Standard;

        // An endpoint and a region exclude each other, and with an endpoint the signing region must be said.
        if (options.EndpointUrl is { Length: > 0 } url)
        {
            setup.DefaultClientConfig.ServiceURL = url;
        }
        else
        {
            setup.Region = RegionEndpoint.GetBySystemName(options.Region);
        }

        setup.DefaultClientConfig.AuthenticationRegion = options.Region;
        return setup;
    }

    // null: the SDK's default chain.
    private static AWSCredentials? Keys(AwsOptions options) => options switch
    {
        { EffectiveAuthMethod: "default" } or { HasKeys: false } => null,
        { SessionToken.Length: > 0 } => new SessionAWSCredentials(options.AccessKeyId, options.SecretAccessKey, options.SessionToken),
        _ => new BasicAWSCredentials(options.AccessKeyId, options.SecretAccessKey),
    };
}
