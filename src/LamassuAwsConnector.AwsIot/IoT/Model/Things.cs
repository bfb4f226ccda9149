#nullable disable

using Amazon.Runtime;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT.Model;

public partial class RegisterThingRequest : AmazonIoTRequest
{
    public Dictionary<string, string> Parameters { get; set; } = Unset.Map();

    public string TemplateBody { get; set; }
}

public partial class RegisterThingResponse : AmazonWebServiceResponse
{
    public string CertificatePem { get; set; }

    public Dictionary<string, string> ResourceArns { get; set; } = Unset.Map();
}

public partial class DescribeThingRequest : AmazonIoTRequest
{
    public string ThingName { get; set; }
}

public partial class DescribeThingResponse : AmazonWebServiceResponse
{
    public Dictionary<string, string> Attributes { get; set; } = Unset.Map();

    public string BillingGroupName { get; set; }

    public string DefaultClientId { get; set; }

    public string ThingArn { get; set; }

    public string ThingId { get; set; }

    public string ThingName { get; set; }

    public string ThingTypeName { get; set; }

    public long? Version { get; set; }
}

public partial class ListThingPrincipalsRequest : AmazonIoTRequest
{
    public int? MaxResults { get; set; }

    public string NextToken { get; set; }

    public string ThingName { get; set; }
}

public partial class ListThingPrincipalsResponse : AmazonWebServiceResponse
{
    public string NextToken { get; set; }

    public List<string> Principals { get; set; } = Unset.List<string>();
}

public partial class AttachThingPrincipalRequest : AmazonIoTRequest
{
    public string Principal { get; set; }

    public string ThingName { get; set; }

    public ThingPrincipalType ThingPrincipalType { get; set; }
}

public partial class AttachThingPrincipalResponse : AmazonWebServiceResponse;

public partial class DetachThingPrincipalRequest : AmazonIoTRequest
{
    public string Principal { get; set; }

    public string ThingName { get; set; }
}

public partial class DetachThingPrincipalResponse : AmazonWebServiceResponse;

public partial class DescribeEndpointRequest : AmazonIoTRequest
{
    public string EndpointType { get; set; }
}

public partial class DescribeEndpointResponse : AmazonWebServiceResponse
{
    public string EndpointAddress { get; set; }
}

public partial class AttributePayload
{
    public Dictionary<string, string> Attributes { get; set; } = Unset.Map();

    public bool? Merge { get; set; }
}
