using Amazon.IotData;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>The data plane's client, at the account's own endpoint: it is known only after AWS was asked for it.</summary>
internal sealed class IoTDataClient(AwsClients clients) : IDisposable
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
                present = (endpoint, clients.CreateIotData(endpoint));
            }

            return present.Value.Client;
        }
    }

    public void Dispose() => present?.Client.Dispose();
}
