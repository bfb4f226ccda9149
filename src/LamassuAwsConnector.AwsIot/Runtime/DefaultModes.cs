using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace LamassuAwsConnector.AwsIot;

/// <summary>The SDK's default modes (AWS_DEFAULTS_MODE). They differ in the time allowed for a connection only.</summary>
internal static class DefaultModes
{
    // Milliseconds, from sdk-default-configuration.json, which all AWS SDKs share.
    public static readonly DefaultConfigurationProvider Provider = new(
    [
        Mode(DefaultConfigurationMode.Standard, 3100),
        Mode(DefaultConfigurationMode.InRegion, 1100),
        Mode(DefaultConfigurationMode.CrossRegion, 3100),
        Mode(DefaultConfigurationMode.Mobile, 30000),
        Mode(DefaultConfigurationMode.Auto, 1100),
    ]);

    private static DefaultConfiguration Mode(DefaultConfigurationMode name, int connectMilliseconds) => new()
    {
        Name = name,
        RetryMode = RequestRetryMode.Standard,
        S3UsEast1RegionalEndpoint = S3UsEast1RegionalEndpointValue.Regional,
        ConnectTimeout = TimeSpan.FromMilliseconds(connectMilliseconds),
        TlsNegotiationTimeout = TimeSpan.FromMilliseconds(connectMilliseconds),
    };
}
