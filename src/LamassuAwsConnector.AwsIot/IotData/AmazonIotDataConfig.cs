using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IotData;

/// <summary>
/// Set ServiceURL to the account's endpoint, and AuthenticationRegion. A Region alone leads to the regional host; versions of the official
/// package are known whose configuration refuses a Region, so code that runs with either sets the URL.
/// </summary>
public partial class AmazonIotDataConfig : ClientConfig
{
    public AmazonIotDataConfig()
        : base(DefaultModes.Provider)
    {
        base.ServiceId = ServiceId;
        AuthenticationServiceName = "iotdata";
        EndpointProvider = EndpointRules.IotData;
    }

    public static new string ServiceId => Service.IotData.ServiceId;

    public override string RegionEndpointServiceName => "data-ats.iot";

    public override string ServiceVersion => Service.ApiVersion;

    public override string UserAgent => Service.IotData.UserAgent;

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
        EndpointProvider.ResolveEndpoint(EndpointRules.Parameters(this, parameters.AlternateEndpoint));
}
