using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LamassuAwsConnector.Tests.AwsIot;

/// <summary>AWS Signature Version 4 computed anew from a request as it arrived, after AWS's public description of it.</summary>
internal sealed record SignatureV4(string AccessKeyId, string Date, string Region, string Service, string[] SignedHeaders, string Signature)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    public static SignatureV4 Parse(ReceivedRequest request)
    {
        var authorization = request.Headers["authorization"];
        Assert.StartsWith(Algorithm + " ", authorization, StringComparison.Ordinal);
        var parts = authorization[(Algorithm.Length + 1)..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var scope = parts["Credential"].Split('/');
        Assert.Equal("aws4_request", scope[4]);
        return new SignatureV4(scope[0], scope[1], scope[2], scope[3], parts["SignedHeaders"].Split(';'), parts["Signature"]);
    }

    /// <summary>The signature that the request should carry, for the signed headers that it names.</summary>
    public string Compute(ReceivedRequest request, string secret)
    {
        var payloadHash = Hex(SHA256.HashData(request.Body));
        Assert.Equal(payloadHash, request.Headers["x-amz-content-sha256"]);

        // All services but S3 encode the path that is sent once more.
        var path = string.Join('/', request.Path.Split('/').Select(Encode));
        var query = string.Join('&', request.Query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Contains('=') ? pair : pair + "=")
            .Order(StringComparer.Ordinal));
        var headers = string.Concat(SignedHeaders.Select(name => $"{name}:{OneSpace(request.Headers[name])}\n"));
        var canonical = $"{request.Method}\n{path}\n{query}\n{headers}\n{string.Join(';', SignedHeaders)}\n{payloadHash}";
        var canonicalHash = Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        var toSign = $"{Algorithm}\n{request.Headers["x-amz-date"]}\n{Date}/{Region}/{Service}/aws4_request\n{canonicalHash}";

        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (string[])[Date, Region, Service, "aws4_request", toSign])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Hex(key);
    }

    private static string Encode(string sent)
    {
        var encoded = new StringBuilder();
        foreach (var character in sent)
        {
            Assert.True(char.IsAscii(character), $"'{character}' was sent unencoded");
            _ = char.IsAsciiLetterOrDigit(character) || "-_.~".Contains(character)
                ? encoded.Append(character)
                : encoded.Append(CultureInfo.InvariantCulture, $"%{(int)character:X2}");
        }

        return encoded.ToString();
    }

    private static string OneSpace(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
