using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>What a valid signature says: who signed, for which region and service.</summary>
internal sealed record SigningScope(string AccessKeyId, string Region, string Service);

/// <summary>
/// Verifies AWS Signature Version 4 in the Authorization header
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
/// </summary>
internal sealed class Signatures(IReadOnlyDictionary<string, string> credentials, Sessions sessions, TimeProvider clock)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(5);

    /// <exception cref="AwsException">The signature is missing, wrong, too old, or of an unknown key.</exception>
    public SigningScope Verify(HttpRequest request, string rawPath, string rawQuery, byte[] body)
    {
        var authorization = Parse(request.Headers.Authorization.ToString());
        var signedHeaders = authorization.SignedHeaders.Split(';');
        RequireSigned(request, signedHeaders);

        var secret = SecretOf(authorization.AccessKeyId, request.Headers["x-amz-security-token"].ToString());
        var date = request.Headers["x-amz-date"].ToString();
        RequireRecent(date, authorization.Date);

        var bodyHash = Hex(SHA256.HashData(body));
        var declaredHash = request.Headers["x-amz-content-sha256"].ToString();
        var canonical = string.Join(
            '\n',
            request.Method,
            Escape(rawPath, keepSlash: true),
            CanonicalQuery(rawQuery),
            CanonicalHeaders(request, signedHeaders),
            authorization.SignedHeaders,
            bodyHash
        );
        var scope = $"{authorization.Date}/{authorization.Region}/{authorization.Service}/aws4_request";
        var stringToSign = string.Join('\n', Algorithm, date, scope, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = new[] { authorization.Date, authorization.Region, authorization.Service, "aws4_request" }.Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + secret),
            (current, part) => HMACSHA256.HashData(current, Encoding.UTF8.GetBytes(part))
        );
        var expected = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(stringToSign)));
        if ((declaredHash.Length > 0 && declaredHash != bodyHash) || !Same(expected, authorization.Signature))
        {
            throw Invalid("The request signature we calculated does not match the signature you provided.");
        }

        return new SigningScope(authorization.AccessKeyId, authorization.Region, authorization.Service);
    }

    /// <summary>The service that an unverified request says it is for: it decides in which form a refused signature is answered.</summary>
    public static AwsService ClaimedService(HttpRequest request) =>
        request.Headers.Authorization.ToString().Split('/') is [_, _, _, var service, ..] ? AwsServices.Named(service) ?? AwsService.Iot : AwsService.Iot;

    private string SecretOf(string accessKeyId, string token)
    {
        if (credentials.TryGetValue(accessKeyId, out var secret))
        {
            return secret;
        }

        if (sessions.Find(accessKeyId) is not { } session || session.Token != token)
        {
            throw AwsException.Denied("UnrecognizedClientException", "The security token included in the request is invalid.");
        }

        return session.Expires > clock.GetUtcNow()
            ? session.SecretAccessKey
            : throw AwsException.Denied("ExpiredTokenException", "The security token included in the request is expired");
    }

    private static Authorization Parse(string header)
    {
        if (header.Length == 0)
        {
            throw AwsException.Denied("MissingAuthenticationTokenException", "Missing Authentication Token");
        }

        var parts = header.StartsWith(Algorithm + " ", StringComparison.Ordinal)
            ? header[Algorithm.Length..]
                .Split(',', StringSplitOptions.TrimEntries)
                .Select(part => part.Split('=', 2))
                .Where(part => part.Length == 2)
                .ToLookup(part => part[0], part => part[1])
            : Enumerable.Empty<string[]>().ToLookup(part => part[0], part => part[1]);
        var scope = (parts["Credential"].SingleOrDefault() ?? "").Split('/');
        return
            parts["SignedHeaders"].SingleOrDefault() is { Length: > 0 } signedHeaders
            && parts["Signature"].SingleOrDefault() is { Length: > 0 } signature
            && scope is [var id, var date, var region, var service, "aws4_request"]
            ? new Authorization(id, date, region, service, signedHeaders, signature)
            : throw AwsException.Denied(
                "IncompleteSignatureException",
                "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters of AWS4-HMAC-SHA256."
            );
    }

    // The host and every x-amz- header must be signed, else somebody on the way could change them.
    private static void RequireSigned(HttpRequest request, string[] signedHeaders)
    {
        var unsigned = request
            .Headers.Keys.Select(name => name.ToLowerInvariant())
            .Where(name => name == "host" || name.StartsWith("x-amz-", StringComparison.Ordinal) || name == "x-amzn-principal")
            .Except(signedHeaders, StringComparer.Ordinal)
            .ToList();
        if (unsigned.Count > 0)
        {
            throw Invalid($"There were headers present in the request which were not signed: {string.Join(", ", unsigned)}");
        }

        if (!signedHeaders.SequenceEqual(signedHeaders.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            throw Invalid("The signed headers are not in order");
        }
    }

    private void RequireRecent(string date, string scopeDate)
    {
        if (!DateTimeOffset.TryParseExact(date, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signedAt))
        {
            throw AwsException.Denied("IncompleteSignatureException", "Authorization header requires existence of an 'X-Amz-Date' header.");
        }

        if (!date.StartsWith(scopeDate, StringComparison.Ordinal) || scopeDate.Length != 8)
        {
            throw Invalid($"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{scopeDate}' != '{date}'");
        }

        var now = clock.GetUtcNow();
        if (signedAt < now - AllowedSkew)
        {
            throw Invalid($"Signature expired: {date} is now earlier than {Format(now - AllowedSkew)} ({Format(now)} - 5 min.)");
        }

        if (signedAt > now + AllowedSkew)
        {
            throw Invalid($"Signature not yet current: {date} is still later than {Format(now + AllowedSkew)} ({Format(now)} + 5 min.)");
        }
    }

    private static string CanonicalQuery(string rawQuery) =>
        string.Join(
            '&',
            rawQuery
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .Select(pair => (Name: Escape(Uri.UnescapeDataString(pair[0])), Value: pair.Length > 1 ? Escape(Uri.UnescapeDataString(pair[1])) : ""))
                .OrderBy(pair => pair.Name, StringComparer.Ordinal)
                .ThenBy(pair => pair.Value, StringComparer.Ordinal)
                .Select(pair => $"{pair.Name}={pair.Value}")
        );

    private static string CanonicalHeaders(HttpRequest request, string[] signedHeaders) =>
        string.Concat(signedHeaders.Select(name => $"{name}:{string.Join(',', request.Headers[name].Select(Collapse))}\n"));

    private static string Collapse(string? value) => string.Join(' ', (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));

    // The path is escaped once more than it travels (all services but S3).
    private static string Escape(string text, bool keepSlash = false)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            var character = (char)octet;
            if (char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '~' || (keepSlash && character == '/'))
            {
                escaped.Append(character);
            }
            else
            {
                escaped.Append('%').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return escaped.ToString();
    }

    private static bool Same(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string Format(DateTimeOffset time) => time.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static AwsException Invalid(string message) => AwsException.Denied("InvalidSignatureException", message);

    private sealed record Authorization(string AccessKeyId, string Date, string Region, string Service, string SignedHeaders, string Signature);
}
