using System.Reflection;
using Amazon.IoT;
using Amazon.IotData;
using Amazon.Runtime;

namespace LamassuAwsConnector.Tests.AwsIot;

/// <summary>Clients as the recordings were made: their credentials, their Region, but another host.</summary>
internal sealed class AwsClients : IDisposable
{
    public const string AccessKeyId = "AKIDEXAMPLE";
    public const string SecretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string Region = "us-east-1";

    public static readonly AWSCredentials Credentials = new BasicAWSCredentials(AccessKeyId, SecretAccessKey);

    /// <param name="server">Where to send the requests.</param>
    /// <param name="retries">Null leaves it to the SDK.</param>
    public AwsClients(RecordingServer server, int? retries = null)
    {
        IoT = new AmazonIoTClient(Credentials, Configure(new AmazonIoTConfig()));
        IotData = new AmazonIotDataClient(Credentials, Configure(new AmazonIotDataConfig()));

        T Configure<T>(T config)
            where T : ClientConfig
        {
            config.ServiceURL = server.Url;
            config.AuthenticationRegion = Region;
            if (retries is { } count)
            {
                config.MaxErrorRetry = count;
            }

            return config;
        }
    }

    public IAmazonIoT IoT { get; }

    public IAmazonIotData IotData { get; }

    /// <summary>The method of an operation by the names in the recordings, or null if we do not have that operation.</summary>
    public static MethodInfo? Method(string service, string operation) => service switch
    {
        "iot" => Method(typeof(IAmazonIoT), operation),
        "iot-data" => Method(typeof(IAmazonIotData), operation),
        _ => null,
    };

    public async Task<AmazonWebServiceResponse> CallAsync(MethodInfo method, object request, CancellationToken cancellationToken)
    {
        var client = method.DeclaringType == typeof(IAmazonIoT) ? (object)IoT : IotData;
        var call = (Task)method.Invoke(client, [request, cancellationToken])!;
        await call;
        return (AmazonWebServiceResponse)call.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(call)!;
    }

    public void Dispose()
    {
        IoT.Dispose();
        IotData.Dispose();
    }

    private static MethodInfo? Method(Type client, string operation) => client.GetMethods().SingleOrDefault(method =>
        method.Name == operation + "Async" && method.GetParameters()[0].ParameterType.IsSubclassOf(typeof(AmazonWebServiceRequest)));
}
