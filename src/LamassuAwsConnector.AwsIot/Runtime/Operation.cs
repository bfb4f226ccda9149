using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace LamassuAwsConnector.AwsIot;

/// <summary>
/// One operation of a service, as the SDK's pipeline wants it: it writes the request and reads the response.
/// </summary>
/// <param name="service">Whose operation it is.</param>
/// <param name="requestLine">Method and path. A label <c>{thingName}</c> is filled from the member ThingName.</param>
/// <param name="query">Members in the query by their wire names; <c>wire=Member</c> where the two differ by more than the first letter.</param>
/// <param name="headers">Members in headers, written in the same way.</param>
internal sealed class Operation<TRequest, TResponse>(Service service, string requestLine, string[]? query = null, string[]? headers = null)
    : JsonResponseUnmarshaller, IMarshaller<IRequest, AmazonWebServiceRequest>
    where TRequest : AmazonWebServiceRequest
    where TResponse : AmazonWebServiceResponse, new()
{
    // Looking at a model takes time, and a process uses a part of the operations.
    private readonly Lazy<RequestBinding> binding = new(() => new RequestBinding(service, typeof(TRequest), requestLine, query ?? [], headers ?? []));
    private readonly Lazy<JsonTypeInfo<TResponse>> response = new(() => (JsonTypeInfo<TResponse>)WireJson.Options.GetTypeInfo(typeof(TResponse)));
    private InvokeOptions? options;

    public InvokeOptions Options => options ??= new InvokeOptions { RequestMarshaller = this, ResponseUnmarshaller = this };

    public IRequest Marshall(AmazonWebServiceRequest input) => binding.Value.Marshall(input);

    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
    {
        var members = response.Value.Properties;
        var body = new MemoryStream();
        input.Stream.CopyTo(body);

        // An answer without members may be {} or nothing, and the announced length of a chunked one is 0.
        if (members.Count == 0 || body.Length == 0)
        {
            return new TResponse();
        }

        if (members.SingleOrDefault(member => member.PropertyType == typeof(MemoryStream)) is { } payload)
        {
            var answer = new TResponse();
            body.Position = 0;
            payload.Set!(answer, body);
            return answer;
        }

        return JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), response.Value) ?? new TResponse();
    }

    public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode) =>
        service.ReadError(input, innerException, statusCode);
}
