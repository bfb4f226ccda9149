using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using LamassuAwsConnector.AwsIot;
using Endpoint = Amazon.Runtime.Endpoints.Endpoint;

namespace Amazon.IotData;

public partial class AmazonIotDataConfig : ClientConfig
{
    public AmazonIotDataConfig()
        : base(new DefaultConfigurationProvider([new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard }]))
    {
        ServiceId = "IoT Data Plane";
        AuthenticationServiceName = "iotdata";
    }

    public override string RegionEndpointServiceName => "data-ats.iot";

    public override string ServiceVersion => Service.ApiVersion;

    public override string UserAgent => Service.IotData.UserAgent;

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => Service.EndpointOf(this);
}
