using Amazon.IotData.Model;

namespace LamassuAwsConnector.AwsIot;

/// <summary>The data plane, one row for each operation. A MemoryStream member is the body, byte for byte.</summary>
internal static class IotDataOperations
{
    public static readonly Operation<DeleteConnectionRequest, DeleteConnectionResponse> DeleteConnection =
        new(Service.IotData, "DELETE /connections/{clientId}", query: ["cleanSession", "preventWillMessage"]);

    public static readonly Operation<GetConnectionRequest, GetConnectionResponse> GetConnection =
        new(Service.IotData, "GET /connections/{clientId}", query: ["includeSocketInformation"]);

    public static readonly Operation<GetThingShadowRequest, GetThingShadowResponse> GetThingShadow =
        new(Service.IotData, "GET /things/{thingName}/shadow", query: ["name=ShadowName"]);

    public static readonly Operation<UpdateThingShadowRequest, UpdateThingShadowResponse> UpdateThingShadow =
        new(Service.IotData, "POST /things/{thingName}/shadow", query: ["name=ShadowName"]);
}
