#nullable disable

using Amazon.Runtime;

namespace Amazon.IotData.Model;

public partial class DeleteConnectionRequest : AmazonIotDataRequest
{
    public bool? CleanSession { get; set; }

    public string ClientId { get; set; }

    public bool? PreventWillMessage { get; set; }
}

public partial class DeleteConnectionResponse : AmazonWebServiceResponse;

public partial class GetConnectionRequest : AmazonIotDataRequest
{
    public string ClientId { get; set; }

    public bool? IncludeSocketInformation { get; set; }
}

public partial class GetConnectionResponse : AmazonWebServiceResponse
{
    public bool? CleanSession { get; set; }

    public string ClientId { get; set; }

    public bool? Connected { get; set; }

    public long? ConnectedSince { get; set; }

    public string DisconnectReason { get; set; }

    public long? DisconnectedSince { get; set; }

    public int? KeepAliveDuration { get; set; }

    public long? SessionExpiry { get; set; }

    public string SourceIp { get; set; }

    public int? SourcePort { get; set; }

    public string TargetIp { get; set; }

    public int? TargetPort { get; set; }

    public string ThingName { get; set; }

    public string VpcEndpointId { get; set; }
}
