#nullable disable

using Amazon.IotData.Model;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace Amazon.IotData;

public partial interface IAmazonIotData : IAmazonService, IDisposable
{
    Task<DeleteConnectionResponse> DeleteConnectionAsync(DeleteConnectionRequest request, CancellationToken cancellationToken = default);

    Task<GetConnectionResponse> GetConnectionAsync(GetConnectionRequest request, CancellationToken cancellationToken = default);

    Task<GetThingShadowResponse> GetThingShadowAsync(GetThingShadowRequest request, CancellationToken cancellationToken = default);

    Task<UpdateThingShadowResponse> UpdateThingShadowAsync(UpdateThingShadowRequest request, CancellationToken cancellationToken = default);

    /// <summary>The endpoint that a request would be sent to.</summary>
    Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonIotDataConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
        clientConfig is not AmazonIotDataConfig config ? throw new AmazonClientException("The configuration is no AmazonIotDataConfig")
        : awsCredentials is null ? new AmazonIotDataClient(config)
        : new AmazonIotDataClient(awsCredentials, config);
}
