using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT;

public partial class AmazonIoTConfig : ClientConfig
{
    public AmazonIoTConfig()
        : base(DefaultModes.Provider)
    {
        base.ServiceId = ServiceId;
        AuthenticationServiceName = "iot";
        EndpointProvider = EndpointRules.IoT;
    }

    public static new string ServiceId => Service.IoT.ServiceId;

    public override string RegionEndpointServiceName => "iot";

    public override string ServiceVersion => Service.ApiVersion;

    public override string UserAgent => Service.IoT.UserAgent;

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
        EndpointProvider.ResolveEndpoint(EndpointRules.Parameters(this, parameters.AlternateEndpoint));
}
