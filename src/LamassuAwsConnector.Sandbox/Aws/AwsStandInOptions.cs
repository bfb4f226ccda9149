using System.Net;

namespace LamassuAwsConnector.Sandbox.Aws;

internal sealed record AwsStandInOptions
{
    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; } = 4566;

    /// <summary>The address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    public string Account { get; init; } = "123456789012";

    /// <summary>Access key id to secret access key.</summary>
    public IReadOnlyDictionary<string, string> Credentials { get; init; } =
        new Dictionary<string, string> { ["AKIAFAKE000000000000"] = "fakesecret", ["testing"] = "testing" };

    /// <summary>Called after each operation, still under the region's lock, so that no state between two operations is missed.</summary>
    public Action<RegionState>? AfterOperation { get; init; }
}
