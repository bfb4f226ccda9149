using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using LamassuAwsConnector.AwsIot;
using Endpoint = Amazon.Runtime.Endpoints.Endpoint;

namespace Amazon.IoT;

public partial class AmazonIoTConfig : ClientConfig
{
    public AmazonIoTConfig()
        : base(new DefaultConfigurationProvider([new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard }]))
    {
        ServiceId = "IoT";
        AuthenticationServiceName = "iot";
    }

    public override string RegionEndpointServiceName => "iot";

    public override string ServiceVersion => Service.ApiVersion;

    public override string UserAgent => Service.IoT.UserAgent;

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => Service.EndpointOf(this);
}
