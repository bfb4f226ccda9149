using Amazon.Runtime;

namespace Amazon.IotData.Model;

public partial class GetThingShadowRequest : AmazonIotDataRequest
{
    public string ThingName { get; set; }

    public string ShadowName { get; set; }
}

public partial class GetThingShadowResponse : AmazonWebServiceResponse
{
    public MemoryStream Payload { get; set; }
}

public partial class UpdateThingShadowRequest : AmazonIotDataRequest
{
    public string ThingName { get; set; }

    public string ShadowName { get; set; }

    public MemoryStream Payload { get; set; }
}

public partial class UpdateThingShadowResponse : AmazonWebServiceResponse
{
    public MemoryStream Payload { get; set; }
}
