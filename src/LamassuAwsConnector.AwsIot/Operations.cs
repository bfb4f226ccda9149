using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace LamassuAwsConnector.AwsIot;

/// <summary>The operations of both planes by the type of their request.</summary>
internal static class Operations
{
    private static readonly Dictionary<Type, InvokeOptions> ByRequest =
        IoTOperations.All.Concat(IotDataOperations.All).ToDictionary(operation => operation.RequestType, operation => operation.Options);

    public static InvokeOptions Of(AmazonWebServiceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ByRequest[request.GetType()];
    }
}
