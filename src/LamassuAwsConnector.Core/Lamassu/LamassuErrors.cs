using System.Text.Json;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>
/// Lamassu's failures as ours. A status alone does not tell: "not found" comes as 404, as 400 (device), and as 500 with a text or with <c>{}</c>
/// (DMS, device writes), and a permanent refusal comes as 500.
/// </summary>
internal static class LamassuErrors
{
    /// <summary>The code of an answer that is a 500 without a text, which stands for a missing DMS or device as well as for a fault.</summary>
    public const string WithoutText = "lamassu_error_without_text";

    public const string KeyNotFound = "key_not_found";

    /// <summary>null when the response is a success.</summary>
    public static async ValueTask<Exception?> FromResponseAsync(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            return null;
        }

        var text = ErrText(await response.Content.ReadAsStringAsync());
        return Translate(Subject(response.RequestMessage?.RequestUri), (int)response.StatusCode, text, ForeignText.Of(text, response.RequestMessage));
    }

    /// <summary>A body that is no JSON of the expected shape: somebody between us and Lamassu answered, or Lamassu is broken.</summary>
    public static Exception FromUnreadableBody(HttpResponseMessage response, Exception exception) => new ConnectorException(
        FailureKind.Unavailable,
        "lamassu_unreadable",
        FailureSource.Lamassu,
        $"Lamassu's answer for {Subject(response.RequestMessage?.RequestUri)} can't be read; check that the service URL leads to Lamassu.",
        exception);

    /// <summary>No response at all. A cancellation that the caller asked for stays one, and a failure that is ours already (no token) too.</summary>
    public static Exception FromTransport(HttpRequestMessage request, Exception exception, CancellationToken cancellationToken) =>
        exception is ConnectorException || (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
            ? exception
            : new ConnectorException(
                FailureKind.Unavailable,
                exception is OperationCanceledException or TimeoutException ? "lamassu_timeout" : "lamassu_unreachable",
                FailureSource.Lamassu,
                $"Lamassu did not answer for {Subject(request.RequestUri)} at {request.RequestUri?.GetLeftPart(UriPartial.Authority)}; it is tried again.",
                exception);

    private static ConnectorException Translate(string subject, int status, string text, string words)
    {
        var (kind, code, message) = (status, text) switch
        {
            // A certificate or CA without the key in Lamassu's KMS under its key id; retrying never helps.
            (500, "key not found") => (FailureKind.Conflict, KeyNotFound, $"Lamassu has no signing key for {subject}"),

            // Profile errors are 500s and stay until a person changes the profile.
            (500, "issuance profile not found") => (FailureKind.Conflict, "issuance_profile_not_found", $"The issuance profile for {subject} does not exist in Lamassu"),

            (404, _) => NotFound(subject),
            (400, "device not found") => NotFound(subject),

            // With its event bus on, Lamassu wraps the text and loses the 404.
            (500, _) when text.EndsWith(": CA not found", StringComparison.Ordinal)
                || text.EndsWith(": certificate not found", StringComparison.Ordinal)
                || text.EndsWith(": DMS not found", StringComparison.Ordinal) => NotFound(subject),

            (401 or 403, _) => (FailureKind.Denied, "lamassu_denied", $"Lamassu denied access to {subject} ({status}); check the client's credentials and the gateway's rules"),
            (429, _) => (FailureKind.Throttled, "lamassu_throttled", $"Lamassu asks for fewer calls ({subject})"),
            ( >= 300 and < 400, _) => (FailureKind.Unavailable, "lamassu_redirect", $"A redirect came in place of {subject} ({status}); check that the service URL leads to Lamassu itself"),
            (408 or 502 or 503 or 504, _) => (FailureKind.Unavailable, "lamassu_unavailable", $"Lamassu is not available for {subject} ({status})"),
            ( >= 500, "") => (FailureKind.Unavailable, WithoutText, $"Lamassu answered {status} without a reason for {subject}"),
            ( >= 500, _) => (FailureKind.Unavailable, "lamassu_error", $"Lamassu answered {status} for {subject}: {words}"),
            _ => (FailureKind.Invalid, "lamassu_refused", $"Lamassu refused the request for {subject} ({status}): {(words.Length > 0 ? words : "no reason given")}"),
        };
        return new ConnectorException(kind, code, FailureSource.Lamassu, message + ".");
    }

    private static (FailureKind Kind, string Code, string Message) NotFound(string subject) =>
        (FailureKind.NotFound, "not_found", $"There is no {subject} in Lamassu");

    // The err text only: other bodies (a database's error object, a proxy's HTML page) say nothing to a user and may say too much.
    private static string ErrText(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("err", out var err)
                && err.ValueKind == JsonValueKind.String
                ? err.GetString() ?? ""
                : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    /// <summary>The object that a route names, in words: <c>/v1/cas/ca-1/metadata</c> is <c>CA ca-1</c>.</summary>
    private static string Subject(Uri? uri)
    {
        var parts = (uri?.AbsolutePath ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var start = Array.LastIndexOf(parts, "v1");
        var (kind, id) = (parts.ElementAtOrDefault(start + 1), parts.ElementAtOrDefault(start + 2));
        var name = kind switch
        {
            "cas" => "CA",
            "certificates" => "certificate",
            "devices" => "device",
            "dms" => "DMS",
            _ => kind ?? "service",
        };
        return id is null ? name : $"{name} {Uri.UnescapeDataString(id)}";
    }
}
