using Amazon.IotData;
using Amazon.IotData.Model;
using Amazon.Runtime;

namespace LamassuAwsConnector.AwsIot;

/// <summary>The operations of the data plane, written as those of <see cref="IoTOperations"/>. A member called Payload is the body as it is.</summary>
internal static class IotDataOperations
{
    public static readonly Operation[] All =
    [
        Row<GetThingShadowRequest, GetThingShadowResponse>("GET /things/{thingName}/shadow?shadowName=name"),
        Row<UpdateThingShadowRequest, UpdateThingShadowResponse>("POST /things/{thingName}/shadow?shadowName=name"),
        Row<DeleteConnectionRequest, DeleteConnectionResponse>("DELETE /connections/{clientId}?cleanSession&preventWillMessage"),
        Row<GetConnectionRequest, GetConnectionResponse>("GET /connections/{clientId}?includeSocketInformation"),
    ];

    private static Operation<TRequest, TResponse> Row<TRequest, TResponse>(string line)
        where TRequest : AmazonIotDataRequest
        where TResponse : AmazonWebServiceResponse, new() => new(Service.IotData, line);
}
