using System.Text;
using System.Text.Json;

namespace LamassuAwsConnector.Tests.AwsIot;

/// <summary>Our requests against those that AWS's JavaScript client was recorded to send for the same input.</summary>
public sealed class RecordedRequestTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_recorded_request_of_our_operations_is_sent_as_recorded()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var file = RecordedModel.Read("golden-requests.json");
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server, retries: 0);
        var recordings = file.RootElement.GetProperty("recordings").EnumerateArray().ToList();
        var differences = new List<string>();
        var operations = new HashSet<string>();
        var sent = 0;

        foreach (var recording in recordings)
        {
            var operation = recording.GetProperty("operation").GetString()!;
            if (AwsClients.Method(recording.GetProperty("service").GetString()!, operation) is not { } method)
            {
                continue;
            }

            var input = RecordedModel.Create(recording.GetProperty("input"), method.GetParameters()[0].ParameterType)!;
            await clients.CallAsync(method, input, cancellationToken);
            Assert.Equal(++sent, server.Requests.Count);
            operations.Add(operation);
            differences.AddRange(Differences(recording.GetProperty("request"), server.Requests[^1])
                .Select(difference => $"{operation} ({recording.GetProperty("case")}): {difference}"));
        }

        output.WriteLine($"{sent} of {recordings.Count} recorded requests checked; the others are of operations that we do not have");
        Assert.True(differences.Count == 0, string.Join("\n", differences));
        Assert.Empty(PublicSurfaceTests.Operations.Except(operations));
    }

    private static IEnumerable<string> Differences(JsonElement recorded, ReceivedRequest request)
    {
        foreach (var (name, expected, actual) in ((string, string?, string)[])
        [
            ("method", recorded.GetProperty("method").GetString(), request.Method),
            ("path", recorded.GetProperty("path").GetString(), request.Path),
            ("query", recorded.GetProperty("query").GetString(), request.Query),
        ])
        {
            if (expected != actual)
            {
                yield return $"{name} '{actual}' instead of '{expected}'";
            }
        }

        var headers = recorded.GetProperty("headers").EnumerateObject()
            .Where(header => header.Name != "host")
            .ToDictionary(header => header.Name, header => header.Value.GetString());
        foreach (var (name, value) in headers)
        {
            if (request.Headers.GetValueOrDefault(name) != value)
            {
                yield return $"header {name} '{request.Headers.GetValueOrDefault(name)}' instead of '{value}'";
            }
        }

        // AWSSDK.Core adds a content type of its own to a POST or PUT that has nothing but a query, for the official client too.
        if (!headers.ContainsKey("content-type") && request.Headers.GetValueOrDefault("content-type") is { } type
            && (type != "application/x-amz-json-1.0" || request.Query.Length == 0 || request.Method is not ("POST" or "PUT")))
        {
            yield return $"content-type '{type}' without content";
        }

        if (!BodyIsRecorded(recorded.GetProperty("body"), request.Body))
        {
            yield return $"body '{Encoding.UTF8.GetString(request.Body)}'";
        }

        var signing = recorded.GetProperty("signing");
        var signature = SignatureV4.Parse(request);
        if ((signature.AccessKeyId, signature.Region, signature.Service)
            != (AwsClients.AccessKeyId, signing.GetProperty("region").GetString(), signing.GetProperty("service").GetString()))
        {
            yield return $"credential scope {signature}";
        }

        if (request.Headers.GetValueOrDefault("x-amz-api-version") != "2015-05-28")
        {
            yield return "no x-amz-api-version";
        }

        foreach (var header in ((string[])["host", "x-amz-date", "x-amz-content-sha256", "x-amz-api-version", .. headers.Keys]).Except(signature.SignedHeaders))
        {
            yield return $"header {header} is not signed";
        }

        if (signature.Compute(request, AwsClients.SecretAccessKey) != signature.Signature)
        {
            yield return "the signature does not fit the request";
        }
    }

    private static bool BodyIsRecorded(JsonElement recorded, byte[] body)
    {
        if (recorded.TryGetProperty("json", out var json))
        {
            using var sent = JsonDocument.Parse(body);
            return JsonElement.DeepEquals(json, sent.RootElement);
        }

        if (recorded.TryGetProperty("base64", out var base64))
        {
            return body.AsSpan().SequenceEqual(base64.GetBytesFromBase64());
        }

        return Encoding.UTF8.GetString(body) == (recorded.TryGetProperty("text", out var text) ? text.GetString() : "");
    }
}
