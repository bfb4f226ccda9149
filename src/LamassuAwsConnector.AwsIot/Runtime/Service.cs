using System.Collections.Frozen;
using System.Net;
using System.Reflection;
using System.Text.Json;
using Amazon.IoT;
using Amazon.IotData;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;
using Amazon.Util.Internal;

namespace LamassuAwsConnector.AwsIot;

/// <summary>What the operations of one service have in common: its names and its exceptions.</summary>
internal sealed class Service : IServiceMetadata
{
    public const string ApiVersion = "2015-05-28";

    public static readonly Service IoT = new("Amazon.IoT", "IoT", typeof(AmazonIoTException));

    public static readonly Service IotData = new("Amazon.IotData", "IoT Data Plane", typeof(AmazonIotDataException));

    private readonly Type baseException;
    private readonly FrozenDictionary<string, Type> exceptions;

    private Service(string name, string serviceId, Type baseException)
    {
        Name = name;
        ServiceId = serviceId;
        UserAgent = InternalSDKUtils.BuildUserAgentString(serviceId, typeof(Service).Assembly.GetName().Version!.ToString(3));
        this.baseException = baseException;

        // An error is named as its exception. Types are looked up for the service as a whole, as AWS's JavaScript client does; the official .NET
        // client knows per operation those that its model lists, and gives the base exception with the same ErrorCode for the others.
        exceptions = baseException.Assembly.GetTypes().Where(type => type.IsSubclassOf(baseException)).ToFrozenDictionary(type => type.Name);
    }

    public string Name { get; }

    public string ServiceId { get; }

    /// <summary>Read by the SDK on every call, therefore built once.</summary>
    public string UserAgent { get; }

    public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();

    public AmazonServiceException RequiredMemberIsMissing(string member)
    {
        var message = $"Request object does not have required field {char.ToUpperInvariant(member[0])}{member[1..]} set";
        return (AmazonServiceException)Activator.CreateInstance(baseException, message)!;
    }

    public AmazonServiceException ReadError(JsonUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)
    {
        var reader = new StreamingUtf8JsonReader(context.Stream);
        var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(context, ref reader);
        var type = error.Code is { } code ? exceptions.GetValueOrDefault(code, baseException) : baseException;
        var exception = (AmazonServiceException)Activator.CreateInstance(
            type, error.Message, innerException, error.Type, error.Code, error.RequestId, statusCode)!;

        var members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        if (members.Length > 0)
        {
            Fill(exception, members, context.GetResponseBodyBytes());
        }

        return exception;
    }

    private static void Fill(AmazonServiceException exception, PropertyInfo[] members, byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var texts = json.RootElement.ValueKind == JsonValueKind.Object
                ? json.RootElement.EnumerateObject().Where(text => text.Value.ValueKind == JsonValueKind.String)
                : [];
            foreach (var text in texts)
            {
                members.FirstOrDefault(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name) == text.Name)?.SetValue(exception, text.Value.GetString());
            }
        }
        catch (JsonException)
        {
            // The error was told in a header, and the body is no JSON: the exception is as true without its extra members.
        }
    }
}
