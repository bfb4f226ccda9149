using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using static Amazon.Runtime.Internal.Endpoints.StandardLibrary.Fn;

namespace LamassuAwsConnector.AwsIot;

/// <summary>Host names of a service: https://{prefix}[-fips].{region}.{suffix of the partition}, or the URL that was configured.</summary>
internal sealed class EndpointRules : IEndpointProvider
{
    public static readonly EndpointRules IoT = new("iot", []);

    // iot-data of AWS's endpoint rules: these Regions have no data-ats host of the regular form.
    public static readonly EndpointRules IotData = new("data-ats.iot", new()
    {
        ["cn-north-1"] = "data.ats.iot",
        ["fips ca-central-1"] = "data.iot-fips",
        ["fips us-east-1"] = "data.iot-fips",
        ["fips us-east-2"] = "data.iot-fips",
        ["fips us-west-1"] = "data.iot-fips",
        ["fips us-west-2"] = "data.iot-fips",
        ["fips us-gov-east-1"] = "data.iot-fips",
        ["fips us-gov-west-1"] = "data.iot-fips",
    });

    private readonly string prefix;
    private readonly Dictionary<string, string> irregular;

    private EndpointRules(string prefix, Dictionary<string, string> irregular)
    {
        this.prefix = prefix;
        this.irregular = irregular;
    }

    public static EndpointParameters Parameters(IClientConfig config, Amazon.RegionEndpoint? alternate)
    {
        // Asking for the Region may ask the instance metadata service, which a configured URL makes needless.
        var url = config.ServiceURL;
        return new EndpointParameters
        {
            ["Region"] = (alternate ?? (string.IsNullOrEmpty(url) ? config.RegionEndpoint : null))?.SystemName,
            ["UseDualStack"] = config.UseDualstackEndpoint,
            ["UseFIPS"] = config.UseFIPSEndpoint,
            ["Endpoint"] = url,
        };
    }

    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var fips = parameters["UseFIPS"] is true;
        var dualStack = parameters["UseDualStack"] is true;
        if (parameters["Endpoint"] is string { Length: > 0 } url)
        {
            return fips || dualStack
                ? throw new AmazonClientException("Invalid Configuration: FIPS or dual-stack and a custom endpoint are not supported together")
                : new Endpoint(url);
        }

        if (parameters["Region"] is not string region || Partition(region) is not { } partition)
        {
            throw new AmazonClientException("Invalid Configuration: Missing Region");
        }

        if ((fips && !partition.supportsFIPS) || (dualStack && !partition.supportsDualStack))
        {
            throw new AmazonClientException("FIPS or dual-stack is enabled, but the partition does not support it");
        }

        var host = dualStack ? null : irregular.GetValueOrDefault(fips ? $"fips {region}" : region);
        host ??= fips ? $"{prefix}-fips" : prefix;
        return new Endpoint($"https://{host}.{region}.{(dualStack ? partition.dualStackDnsSuffix : partition.dnsSuffix)}");
    }
}
