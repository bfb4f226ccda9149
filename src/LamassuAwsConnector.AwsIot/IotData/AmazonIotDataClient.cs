using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IotData;

/// <summary>The data plane of AWS IoT Core: shadows and connections, at the endpoint that DescribeEndpoint names. Thread-safe.</summary>
public partial class AmazonIotDataClient : AmazonServiceClient, IAmazonIotData
{
    public AmazonIotDataClient(string serviceUrl)
        : base(new AmazonIotDataConfig { ServiceURL = serviceUrl })
    {
    }

    public AmazonIotDataClient(AmazonIotDataConfig config)
        : base(config)
    {
    }

    public AmazonIotDataClient(string serviceUrl, AWSCredentials credentials)
        : this(credentials, new AmazonIotDataConfig { ServiceURL = serviceUrl })
    {
    }

    public AmazonIotDataClient(AWSCredentials credentials, AmazonIotDataConfig clientConfig)
        : base(credentials, clientConfig)
    {
    }

    public AmazonIotDataClient(string awsAccessKeyId, string awsSecretAccessKey, string serviceUrl)
        : this(awsAccessKeyId, awsSecretAccessKey, new AmazonIotDataConfig { ServiceURL = serviceUrl })
    {
    }

    public AmazonIotDataClient(string awsAccessKeyId, string awsSecretAccessKey, AmazonIotDataConfig clientConfig)
        : base(awsAccessKeyId, awsSecretAccessKey, clientConfig)
    {
    }

    public AmazonIotDataClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, string serviceUrl)
        : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonIotDataConfig { ServiceURL = serviceUrl })
    {
    }

    public AmazonIotDataClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, AmazonIotDataConfig clientConfig)
        : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, clientConfig)
    {
    }

    protected override IServiceMetadata ServiceMetadata => Service.IotData;

    public Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request) =>
        Config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(request));

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) => Pipeline.Customize(pipeline);

    private Task<TResponse> Call<TRequest, TResponse>(Operation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : AmazonWebServiceRequest
        where TResponse : AmazonWebServiceResponse, new() => InvokeAsync<TResponse>(request, operation.Options, cancellationToken);
}
