using System.Net;
using System.Reflection;
using Amazon.IoT;
using Amazon.IotData;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Util.Internal;
using Endpoint = Amazon.Runtime.Endpoints.Endpoint;

namespace LamassuAwsConnector.AwsIot;

internal delegate AmazonServiceException ErrorFactory(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode);

/// <summary>What the two planes of AWS IoT differ in beside their operations.</summary>
internal sealed class Service(string name, string serviceId, IReadOnlyDictionary<string, ErrorFactory> errors, ErrorFactory otherError)
{
    // Of both planes' service models.
    public const string ApiVersion = "2015-05-28";

    public static readonly Service IoT = new(
        "Amazon.IoT", "IoT", IoTErrors.ByCode, (message, inner, type, code, request, status) => new AmazonIoTException(message, inner, type, code, request, status));

    public static readonly Service IotData = new(
        "Amazon.IotData", "IoT Data Plane", IotDataErrors.ByCode, (message, inner, type, code, request, status) => new AmazonIotDataException(message, inner, type, code, request, status));

    /// <summary>As the marshallers name it in requests.</summary>
    public string Name => name;

    public IServiceMetadata Metadata { get; } = new ServiceMetadata(serviceId);

    // Read at every call, so it is built once.
    public string UserAgent { get; } = InternalSDKUtils.BuildUserAgentString(
        serviceId.Replace(' ', '_'), typeof(AmazonServiceClient).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version ?? "4");

    public AmazonServiceException Error(ErrorResponse error) => errors.GetValueOrDefault(error.Code ?? "", otherError)(
        error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode);

    /// <summary>Both planes resolve their endpoint without rules and sign with SigV4.</summary>
    public static void Customize(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new HostResolver());
        pipeline.AddHandlerAfter<HostResolver>(new SigV4());
    }

    /// <summary>The configured URL (set in code, or by the service's environment variable), else the service's host in the region and its partition.</summary>
    public static Endpoint EndpointOf(IClientConfig config)
    {
        if (config.ServiceURL is { Length: > 0 } url)
        {
            return new Endpoint(url);
        }

        var region = config.RegionEndpoint ?? throw new AmazonClientException("No RegionEndpoint or ServiceURL configured");
        var prefix = config.UseFIPSEndpoint ? config.RegionEndpointServiceName.Replace("iot", "iot-fips", StringComparison.Ordinal) : config.RegionEndpointServiceName;
        return new Endpoint($"{(config.UseHttp ? "http" : "https")}://{prefix}.{region.SystemName}.{region.PartitionDnsSuffix}/");
    }

    private sealed class ServiceMetadata(string serviceId) : IServiceMetadata
    {
        public string ServiceId => serviceId;

        public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
    }

    private sealed class HostResolver : BaseEndpointResolver
    {
        public override Endpoint GetEndpoint(IExecutionContext executionContext)
        {
            var context = executionContext.RequestContext;

            // With a URL from the environment the runtime would sign for the region of the environment, not for the configured one.
            context.Request.AuthenticationRegion = context.ClientConfig.AuthenticationRegion is { Length: > 0 } region
                ? region
                : context.ClientConfig.RegionEndpoint?.SystemName;
            return EndpointOf(context.ClientConfig);
        }
    }

    private sealed class SigV4 : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
    }
}
