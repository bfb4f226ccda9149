using Amazon.Runtime;

namespace Amazon.IotData;

public partial class AmazonIotDataRequest : AmazonWebServiceRequest;
