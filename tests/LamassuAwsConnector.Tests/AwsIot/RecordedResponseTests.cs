using System.Globalization;
using System.Net;
using System.Text.Json;
using Amazon.IoT;
using Amazon.IoT.Model;
using Amazon.IotData;
using Amazon.Runtime;

namespace LamassuAwsConnector.Tests.AwsIot;

/// <summary>Our reading of responses and errors against that of AWS's JavaScript client.</summary>
public sealed class RecordedResponseTests(ITestOutputHelper output)
{
    /// <summary>Code and message of AWSSDK.Core where it words an error differently: no body, no type, no JSON.</summary>
    private static readonly Dictionary<string, (string? Code, string Message)> OwnWords = new()
    {
        ["header-empty-body"] = ("ResourceNotFoundException", "The service returned an error with Error Code ResourceNotFoundException."),
        ["no-type"] = (null, "only a message"),
        ["no-json"] = (null, "The service returned an error. See inner exception for details."),
    };

    [Fact]
    public async Task Every_recorded_response_of_our_operations_is_read_as_recorded()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var file = RecordedModel.Read("golden-responses.json");
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server, retries: 0);
        var recordings = file.RootElement.GetProperty("responses").EnumerateArray().ToList();
        var differences = new List<string>();
        var operations = new HashSet<string>();
        var read = 0;

        foreach (var recording in recordings)
        {
            var operation = recording.GetProperty("operation").GetString()!;
            if (AwsClients.Method(recording.GetProperty("service").GetString()!, operation) is not { } method)
            {
                continue;
            }

            var answer = Recorded(recording.GetProperty("response"));
            server.RespondWith(answer);
            var response = await clients.CallAsync(method, AnyRequest(method.GetParameters()[0].ParameterType), cancellationToken);
            read++;
            operations.Add(operation);
            Assert.Equal(answer.Headers!["x-amzn-requestid"], response.ResponseMetadata.RequestId);
            Assert.Equal((HttpStatusCode)answer.Status, response.HttpStatusCode);
            differences.AddRange(RecordedModel.Differences(recording.GetProperty("parsed"), response, $"{operation} ({recording.GetProperty("case")})"));
        }

        output.WriteLine($"{read} of {recordings.Count} recorded responses checked; the others are of operations that we do not have");
        Assert.True(differences.Count == 0, string.Join("\n", differences));
        Assert.Empty(PublicSurfaceTests.Operations.Except(operations));
    }

    [Fact]
    public async Task Every_recorded_error_of_our_operations_becomes_its_exception()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var file = RecordedModel.Read("golden-responses.json");
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server, retries: 0);
        var recordings = file.RootElement.GetProperty("errors").EnumerateArray().ToList();
        var differences = new List<string>();
        var read = 0;

        foreach (var recording in recordings)
        {
            var operation = recording.GetProperty("operation").GetString()!;
            if (AwsClients.Method(recording.GetProperty("service").GetString()!, operation) is not { } method)
            {
                continue;
            }

            var answer = Recorded(recording.GetProperty("response"));
            server.RespondWith(answer);
            var exception = await Assert.ThrowsAnyAsync<AmazonServiceException>(
                () => clients.CallAsync(method, AnyRequest(method.GetParameters()[0].ParameterType), cancellationToken));
            read++;
            differences.AddRange(Differences(recording, exception, answer)
                .Select(difference => $"{operation} ({recording.GetProperty("variant")}): {difference}"));
        }

        output.WriteLine($"{read} of {recordings.Count} recorded errors checked; the others are of operations that we do not have");
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    private static IEnumerable<string> Differences(JsonElement recording, AmazonServiceException exception, Answer answer)
    {
        var parsed = recording.GetProperty("parsed");
        var name = parsed.GetProperty("exception").GetString()!;
        var (code, message) = OwnWords.TryGetValue(recording.GetProperty("variant").GetString()!, out var own)
            ? own
            : (name, parsed.GetProperty("message").GetString()!);
        var service = recording.GetProperty("service").GetString() == "iot" ? typeof(AmazonIoTException) : typeof(AmazonIotDataException);
        var type = parsed.GetProperty("modelled").GetBoolean() ? $"{service.Namespace}.Model.{name}" : service.FullName;
        var expected = (type, code, message, answer.Status, answer.Headers!.GetValueOrDefault("x-amzn-requestid", ""));
        var actual = (exception.GetType().FullName, exception.ErrorCode, exception.Message, (int)exception.StatusCode, exception.RequestId);
        if (actual != expected || !service.IsInstanceOfType(exception))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{actual} instead of {expected}");
        }

        if (exception is ResourceAlreadyExistsException exists)
        {
            using var body = JsonDocument.Parse(answer.Body);
            var resource = (body.RootElement.GetProperty("resourceArn").GetString(), body.RootElement.GetProperty("resourceId").GetString());
            if ((exists.ResourceArn, exists.ResourceId) != resource)
            {
                yield return $"resource {exists.ResourceArn}, {exists.ResourceId} instead of {resource}";
            }
        }
    }

    private static Answer Recorded(JsonElement response) => new(
        response.GetProperty("status").GetInt32(),
        response.GetProperty("body").GetString()!,
        response.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!));

    /// <summary>A request with all its texts and numbers set, so that no path label is missing.</summary>
    private static object AnyRequest(Type type)
    {
        var request = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties())
        {
            if (property.PropertyType == typeof(string))
            {
                property.SetValue(request, "x");
            }
            else if (property.PropertyType == typeof(int?))
            {
                property.SetValue(request, 1);
            }
        }

        return request;
    }
}
