using Amazon.IotData.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IotData;

public partial class AmazonIotDataClient : AmazonServiceClient, IAmazonIotData
{
    public AmazonIotDataClient(AmazonIotDataConfig config)
        : base(config)
    {
    }

    public AmazonIotDataClient(string serviceUrl)
        : base(new AmazonIotDataConfig { ServiceURL = serviceUrl })
    {
    }

    public AmazonIotDataClient(string serviceUrl, AWSCredentials credentials)
        : base(credentials, new AmazonIotDataConfig { ServiceURL = serviceUrl })
    {
    }

    public AmazonIotDataClient(string awsAccessKeyId, string awsSecretAccessKey, string serviceUrl)
        : base(awsAccessKeyId, awsSecretAccessKey, new AmazonIotDataConfig { ServiceURL = serviceUrl })
    {
    }

    public AmazonIotDataClient(AWSCredentials credentials, AmazonIotDataConfig clientConfig)
        : base(credentials, clientConfig)
    {
    }

    public AmazonIotDataClient(string awsAccessKeyId, string awsSecretAccessKey, AmazonIotDataConfig clientConfig)
        : base(awsAccessKeyId, awsSecretAccessKey, clientConfig)
    {
    }

    protected override IServiceMetadata ServiceMetadata => Service.IotData.Metadata;

    public virtual Task<GetThingShadowResponse> GetThingShadowAsync(GetThingShadowRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<GetThingShadowResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<UpdateThingShadowResponse> UpdateThingShadowAsync(UpdateThingShadowRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<UpdateThingShadowResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<DeleteConnectionResponse> DeleteConnectionAsync(DeleteConnectionRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DeleteConnectionResponse>(request, Operations.Of(request), cancellationToken);

    public virtual Task<GetConnectionResponse> GetConnectionAsync(GetConnectionRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<GetConnectionResponse>(request, Operations.Of(request), cancellationToken);

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) => Service.Customize(pipeline);
}
