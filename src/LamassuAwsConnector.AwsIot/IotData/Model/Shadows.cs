#nullable disable

using Amazon.Runtime;

namespace Amazon.IotData.Model;

public partial class GetThingShadowRequest : AmazonIotDataRequest
{
    public string ShadowName { get; set; }

    public string ThingName { get; set; }
}

public partial class GetThingShadowResponse : AmazonWebServiceResponse
{
    public MemoryStream Payload { get; set; }
}

public partial class UpdateThingShadowRequest : AmazonIotDataRequest
{
    public MemoryStream Payload { get; set; }

    public string ShadowName { get; set; }

    public string ThingName { get; set; }
}

public partial class UpdateThingShadowResponse : AmazonWebServiceResponse
{
    public MemoryStream Payload { get; set; }
}
