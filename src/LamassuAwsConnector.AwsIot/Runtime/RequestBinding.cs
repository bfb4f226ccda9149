using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Util;

namespace LamassuAwsConnector.AwsIot;

/// <summary>Where each member of a request goes: path, query, header, or else body.</summary>
internal sealed partial class RequestBinding
{
    private readonly Service service;
    private readonly string method;
    private readonly string path;
    private readonly Member[] labels;
    private readonly Member[] query;
    private readonly Member[] headers;
    private readonly Member? payload;
    private readonly Member[] body;

    public RequestBinding(Service service, Type model, string requestLine, string[] query, string[] headers)
    {
        this.service = service;
        (method, path) = requestLine.Split(' ') is [var verb, var template] ? (verb, template) : throw new ArgumentException(requestLine, nameof(requestLine));

        var unplaced = WireJson.Options.GetTypeInfo(model).Properties.ToDictionary(property => property.Name);
        labels = [.. Label().Matches(path).Select(label => Place(label.Groups[1].Value))];
        this.query = [.. query.Select(Place)];
        this.headers = [.. headers.Select(Place)];
        payload = unplaced.Values.SingleOrDefault(property => property.PropertyType == typeof(MemoryStream)) is { } stream ? Place(stream.Name) : null;
        body = [.. unplaced.Keys.Order(StringComparer.Ordinal).Select(Place)];

        Member Place(string column)
        {
            var (wireName, name) = column.Split('=') is [var wire, var member] ? (wire, JsonNamingPolicy.CamelCase.ConvertName(member)) : (column, column);
            return unplaced.Remove(name, out var property)
                ? new Member(wireName, name, property.Get!)
                : throw new ArgumentException($"{model.Name} has no member {name} to place");
        }
    }

    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var request = new DefaultRequest(input, service.Name)
        {
            HttpMethod = method,
            ResourcePath = path,
            UseQueryString = query.Length > 0,
        };
        request.Headers[HeaderKeys.XAmzApiVersion] = Service.ApiVersion;

        foreach (var label in labels)
        {
            request.AddPathResource($"{{{label.Name}}}", label.Text(input) ?? throw service.RequiredMemberIsMissing(label.Name));
        }

        foreach (var member in query)
        {
            if (member.Text(input) is { } text)
            {
                request.Parameters.Add(member.WireName, text);
            }
        }

        foreach (var member in headers)
        {
            if (member.Text(input) is { } text)
            {
                request.Headers[member.WireName] = text;
            }
        }

        if (payload is not null)
        {
            WritePayload(request, (Stream?)payload.Get(input) ?? new MemoryStream());
        }
        else if (body.Length > 0)
        {
            request.Content = WriteBody(input);
            request.Headers[HeaderKeys.ContentTypeHeader] = "application/json";
        }

        return request;
    }

    private static void WritePayload(DefaultRequest request, Stream content)
    {
        content.Position = 0;
        request.ContentStream = content;
        request.Headers[HeaderKeys.ContentLengthHeader] = content.Length.ToString(CultureInfo.InvariantCulture);
        request.Headers[HeaderKeys.ContentTypeHeader] = "application/octet-stream";
    }

    /// <summary>An operation with body members sends <c>{}</c> when none of them is set.</summary>
    private byte[] WriteBody(AmazonWebServiceRequest input)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in body)
            {
                if (member.Get(input) is { } value && !Unset.Is(value))
                {
                    writer.WritePropertyName(member.WireName);
                    JsonSerializer.Serialize(writer, value, WireJson.Options.GetTypeInfo(value.GetType()));
                }
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Label();

    private sealed record Member(string WireName, string Name, Func<object, object?> Get)
    {
        public string? Text(object request) => Get(request) switch
        {
            null => null,
            bool flag => flag ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            var other => other.ToString(),
        };
    }
}
