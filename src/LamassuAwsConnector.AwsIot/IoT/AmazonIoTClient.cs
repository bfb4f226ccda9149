using Amazon.IoT.Model;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT;

/// <summary>The control plane of AWS IoT Core. Thread-safe; one instance for a process.</summary>
public partial class AmazonIoTClient : AmazonServiceClient, IAmazonIoT
{
    public AmazonIoTClient()
        : base(new AmazonIoTConfig())
    {
    }

    public AmazonIoTClient(RegionEndpoint region)
        : base(new AmazonIoTConfig { RegionEndpoint = region })
    {
    }

    public AmazonIoTClient(AmazonIoTConfig config)
        : base(config)
    {
    }

    public AmazonIoTClient(AWSCredentials credentials)
        : this(credentials, new AmazonIoTConfig())
    {
    }

    public AmazonIoTClient(AWSCredentials credentials, RegionEndpoint region)
        : this(credentials, new AmazonIoTConfig { RegionEndpoint = region })
    {
    }

    public AmazonIoTClient(AWSCredentials credentials, AmazonIoTConfig clientConfig)
        : base(credentials, clientConfig)
    {
    }

    public AmazonIoTClient(string awsAccessKeyId, string awsSecretAccessKey)
        : this(awsAccessKeyId, awsSecretAccessKey, new AmazonIoTConfig())
    {
    }

    public AmazonIoTClient(string awsAccessKeyId, string awsSecretAccessKey, RegionEndpoint region)
        : this(awsAccessKeyId, awsSecretAccessKey, new AmazonIoTConfig { RegionEndpoint = region })
    {
    }

    public AmazonIoTClient(string awsAccessKeyId, string awsSecretAccessKey, AmazonIoTConfig clientConfig)
        : base(awsAccessKeyId, awsSecretAccessKey, clientConfig)
    {
    }

    public AmazonIoTClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken)
        : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonIoTConfig())
    {
    }

    public AmazonIoTClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, RegionEndpoint region)
        : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonIoTConfig { RegionEndpoint = region })
    {
    }

    public AmazonIoTClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, AmazonIoTConfig clientConfig)
        : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, clientConfig)
    {
    }

    public IIoTPaginatorFactory Paginators => field ??= new IoTPaginatorFactory(this);

    protected override IServiceMetadata ServiceMetadata => Service.IoT;

    public Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request) =>
        Config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(request));

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) => Pipeline.Customize(pipeline);

    private Task<TResponse> Call<TRequest, TResponse>(Operation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : AmazonWebServiceRequest
        where TResponse : AmazonWebServiceResponse, new() => InvokeAsync<TResponse>(request, operation.Options, cancellationToken);
}
