using System.Text;
using Amazon.IotData.Model;

namespace LamassuAwsConnector.Core.Aws;

internal sealed partial class IoTCore
{
    public async Task<string?> GetThingShadowAsync(string thingName, string? shadowName, CancellationToken cancellationToken)
    {
        var response = await FindAsync(Shadow(thingName, shadowName), async () => await (await DataAsync(cancellationToken))
            .GetThingShadowAsync(new GetThingShadowRequest { ThingName = thingName, ShadowName = shadowName }, cancellationToken));
        return response?.Payload is { } payload ? Encoding.UTF8.GetString(payload.ToArray()) : null;
    }

    public async Task UpdateThingShadowAsync(string thingName, string? shadowName, string document, CancellationToken cancellationToken)
    {
        await CallAsync(
            Shadow(thingName, shadowName),
            async () => await (await DataAsync(cancellationToken)).UpdateThingShadowAsync(
                new UpdateThingShadowRequest { ThingName = thingName, ShadowName = shadowName, Payload = new MemoryStream(Encoding.UTF8.GetBytes(document)) },
                cancellationToken));
        metrics.ShadowUpdated(thingName);
    }

    public async Task<bool> DeleteConnectionAsync(string clientId, CancellationToken cancellationToken) => await FindAsync(
        $"client {clientId}",
        async () => await (await DataAsync(cancellationToken)).DeleteConnectionAsync(new DeleteConnectionRequest { ClientId = clientId }, cancellationToken)) is not null;

    public Task<GetConnectionResponse?> GetConnectionAsync(string clientId, CancellationToken cancellationToken) => FindAsync(
        $"client {clientId}",
        async () => await (await DataAsync(cancellationToken)).GetConnectionAsync(new GetConnectionRequest { ClientId = clientId }, cancellationToken));

    private async Task<Amazon.IotData.IAmazonIotData> DataAsync(CancellationToken cancellationToken) =>
        data.At(await DescribeEndpointAsync(cancellationToken));

    private static string Shadow(string thingName, string? shadowName) => shadowName is null ? $"shadow of thing {thingName}" : $"shadow {shadowName} of thing {thingName}";
}
