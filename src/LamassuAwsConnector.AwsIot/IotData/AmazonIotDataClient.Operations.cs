using Amazon.IotData.Model;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IotData;

public partial class AmazonIotDataClient
{
    public virtual Task<DeleteConnectionResponse> DeleteConnectionAsync(DeleteConnectionRequest request, CancellationToken cancellationToken = default) =>
        Call(IotDataOperations.DeleteConnection, request, cancellationToken);

    public virtual Task<GetConnectionResponse> GetConnectionAsync(GetConnectionRequest request, CancellationToken cancellationToken = default) =>
        Call(IotDataOperations.GetConnection, request, cancellationToken);

    public virtual Task<GetThingShadowResponse> GetThingShadowAsync(GetThingShadowRequest request, CancellationToken cancellationToken = default) =>
        Call(IotDataOperations.GetThingShadow, request, cancellationToken);

    public virtual Task<UpdateThingShadowResponse> UpdateThingShadowAsync(UpdateThingShadowRequest request, CancellationToken cancellationToken = default) =>
        Call(IotDataOperations.UpdateThingShadow, request, cancellationToken);
}
