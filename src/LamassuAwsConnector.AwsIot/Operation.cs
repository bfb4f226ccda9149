using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;

namespace LamassuAwsConnector.AwsIot;

/// <summary>One operation of a service, ready to be invoked.</summary>
internal abstract class Operation : JsonResponseUnmarshaller
{
    public abstract Type RequestType { get; }

    public abstract InvokeOptions Options { get; }
}

/// <summary>
/// Any operation: a request becomes method, path, query, headers and body by the line of its table row, an answer becomes a response or a typed exception.
/// </summary>
internal sealed class Operation<TRequest, TResponse> : Operation, IMarshaller<IRequest, AmazonWebServiceRequest>
    where TRequest : AmazonWebServiceRequest
    where TResponse : AmazonWebServiceResponse, new()
{
    private const string Json = "application/json";
    private const string Bytes = "application/octet-stream";

    private static readonly PropertyInfo Payload = typeof(TResponse).GetProperty(nameof(Payload));

    private readonly Service service;
    private readonly OperationLine line;
    private readonly PropertyInfo requestPayload;
    private readonly IReadOnlyList<PropertyInfo> body;

    public Operation(Service service, string text)
    {
        this.service = service;
        line = OperationLine.Parse(text);
        var elsewhere = line.Labels.Concat(line.Query.Keys).Concat(line.Headers.Keys).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var members = typeof(TRequest).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        body = [.. members.Where(member => !elsewhere.Contains(member.Name))];
        requestPayload = body.FirstOrDefault(member => member.PropertyType == typeof(MemoryStream));
        Options = new InvokeOptions { RequestMarshaller = this, ResponseUnmarshaller = this };
    }

    public override Type RequestType => typeof(TRequest);

    public override InvokeOptions Options { get; }

    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var request = new DefaultRequest(input, service.Name) { HttpMethod = line.Method, ResourcePath = line.Path };
        request.Headers["x-amz-api-version"] = Service.ApiVersion;
        foreach (var label in line.Labels)
        {
            var value = Text(Member(label).GetValue(input));
            request.AddPathResource(
                $"{{{label}}}", string.IsNullOrEmpty(value) ? throw new AmazonClientException($"Request object does not have required field {Member(label).Name} set") : value);
        }

        foreach (var (member, name) in line.Query)
        {
            if (Text(Member(member).GetValue(input)) is { } value)
            {
                request.Parameters.Add(name, value);
            }
        }

        foreach (var (member, name) in line.Headers)
        {
            if (Text(Member(member).GetValue(input)) is { } value)
            {
                request.Headers[name] = value;
            }
        }

        request.UseQueryString = line.Query.Count > 0 || body.Count == 0;
        AddBody(request, input);
        return request;
    }

    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext context)
    {
        using var bytes = new MemoryStream();
        context.Stream.CopyTo(bytes);
        if (Payload is not null)
        {
            var response = new TResponse();
            bytes.Position = 0;
            Payload.SetValue(response, bytes.Length == 0 ? null : new MemoryStream(bytes.ToArray()));
            return response;
        }

        return bytes.Length == 0 ? new TResponse() : JsonSerializer.Deserialize<TResponse>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), WireJson.Options) ?? new TResponse();
    }

    public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)
    {
        var reader = new StreamingUtf8JsonReader(context.Stream);
        var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(context, ref reader);
        error.InnerException = innerException;
        error.StatusCode = statusCode;
        var exception = service.Error(error);
        if (exception is Amazon.IoT.Model.ResourceAlreadyExistsException existing)
        {
            ErrorMembers.Read(existing, context.GetResponseBodyBytes());
        }

        return exception;
    }

    private void AddBody(DefaultRequest request, AmazonWebServiceRequest input)
    {
        if (requestPayload is not null)
        {
            request.ContentStream = (MemoryStream)requestPayload.GetValue(input) ?? new MemoryStream();
            request.Headers["Content-Length"] = request.ContentStream.Length.ToString(CultureInfo.InvariantCulture);
            request.Headers["Content-Type"] = Bytes;
        }
        else if (body.Count > 0)
        {
            var members = body.Select(member => (member, value: member.GetValue(input))).Where(pair => pair.value is not null)
                .ToDictionary(pair => JsonNamingPolicy.CamelCase.ConvertName(pair.member.Name), pair => pair.value);
            request.Content = JsonSerializer.SerializeToUtf8Bytes(members, WireJson.Options);
            request.Headers["Content-Type"] = Json;
        }
    }

    private static PropertyInfo Member(string wireName) => typeof(TRequest).GetProperty(wireName, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);

    private static string Text(object value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
