using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

/// <summary>Signs requests as an SDK does: all headers that it finds, in the Authorization header.</summary>
internal sealed record SigV4Signer(string AccessKeyId, string Secret, string Region, string Service)
{
    public void Sign(HttpRequestMessage request, byte[] body, DateTimeOffset time)
    {
        var date = time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var bodyHash = Hex(SHA256.HashData(body));
        request.Headers.Add("x-amz-date", date);
        request.Headers.Add("x-amz-content-sha256", bodyHash);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = request.RequestUri!.Authority };
        foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []))
        {
            headers[name.ToLowerInvariant()] = string.Join(',', values);
        }

        var signedHeaders = string.Join(';', headers.Keys);
        var (path, query) = Split(request.RequestUri.OriginalString[request.RequestUri.GetLeftPart(UriPartial.Authority).Length..]);
        var canonicalQuery = string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(WithEquals).Order(StringComparer.Ordinal));
        var canonicalHeaders = string.Concat(headers.Select(header => $"{header.Key}:{header.Value.Trim()}\n"));
        // The test's paths travel percent-encoded; for the signature that is encoded once more.
        var canonicalPath = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        var canonical = $"{request.Method}\n{canonicalPath}\n{canonicalQuery}\n{canonicalHeaders}\n{signedHeaders}\n{bodyHash}";
        var scope = $"{date[..8]}/{Region}/{Service}/aws4_request";
        var stringToSign = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), Hmac);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={AccessKeyId}/{scope}, SignedHeaders={signedHeaders}, Signature={Hex(Hmac(key, stringToSign))}"
        );
    }

    private static (string Path, string Query) Split(string target) =>
        target.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? (target[..mark], target[(mark + 1)..]) : (target, "");

    private static string WithEquals(string pair) => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=";

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
