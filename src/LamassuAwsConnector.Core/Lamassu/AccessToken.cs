using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>
/// Our own token for one of Lamassu's services, by OAuth 2 client credentials: asked for when it is first needed, by one call for all that wait, and anew
/// shortly before it ends.
/// </summary>
internal sealed class AccessToken(JwtClientOptions options, string clientName, IHttpClientFactory clients, TimeProvider timeProvider) : IDisposable
{
    // Lamassu's own clients renew 10 s before the end; a call may take 15 s.
    private static readonly TimeSpan RenewedBefore = TimeSpan.FromSeconds(20);

    // RFC 6749 leaves expires_in out where the lifetime is known otherwise; Keycloak's default is 5 min, so this is on the safe side.
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile Held? held;

    // Which of the two ways the server took; RFC 6749, section 2.3.1 asks for the first to be there.
    private bool sendsForm;

    /// <summary>A token that is valid for the call at hand.</summary>
    /// <exception cref="ConnectorException">
    /// <see cref="FailureKind.Denied"/> when the issuer refuses our credentials, <see cref="FailureKind.Unavailable"/> when it does not answer.
    /// </exception>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        if (held is { } present && timeProvider.GetUtcNow() < present.RenewAt)
        {
            return present.Token;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            if (held is not { } token || timeProvider.GetUtcNow() >= token.RenewAt)
            {
                held = token = await AskAsync(cancellationToken);
            }

            return token.Token;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>A service does not take that token; a newer one stays.</summary>
    public void Forget(string token)
    {
        if (held is { } present && present.Token == token)
        {
            Interlocked.CompareExchange(ref held, null, present);
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task<Held> AskAsync(CancellationToken cancellationToken)
    {
        var askedAt = timeProvider.GetUtcNow();
        try
        {
            using var client = clients.CreateClient(clientName);
            var discovery = await client.GetFromJsonAsync<Discovery>(options.WellKnown, cancellationToken);
            if (!Uri.TryCreate(discovery?.TokenEndpoint, UriKind.Absolute, out var endpoint))
            {
                throw Failure(FailureKind.Unavailable, "lamassu_token_unavailable", "its discovery document names no token_endpoint");
            }

            var answer = await AskAsync(client, endpoint, cancellationToken);
            var lifetime = answer.ExpiresIn is > 0 ? TimeSpan.FromSeconds(answer.ExpiresIn.Value) : DefaultLifetime;
            var margin = lifetime > 2 * RenewedBefore ? RenewedBefore : lifetime / 2;
            return new Held(answer.AccessToken!, askedAt + lifetime - margin);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or NotSupportedException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Failure(FailureKind.Unavailable, "lamassu_token_unavailable", "it did not answer as a token issuer does", exception);
        }
    }

    private async Task<TokenAnswer> AskAsync(HttpClient client, Uri endpoint, CancellationToken cancellationToken)
    {
        var response = await SendAsync(client, endpoint, cancellationToken);
        if (IsRefusal(response))
        {
            // Some servers take the credentials in the form alone, as some take them in the header alone.
            response.Dispose();
            sendsForm = !sendsForm;
            response = await SendAsync(client, endpoint, cancellationToken);
        }

        using (response)
        {
            if (IsRefusal(response))
            {
                throw Failure(
                    FailureKind.Denied, "lamassu_token_denied", $"it refuses the client '{options.ClientId}' ({(int)response.StatusCode}); check jwt_options");
            }

            if (!response.IsSuccessStatusCode)
            {
                throw Failure(FailureKind.Unavailable, "lamassu_token_unavailable", $"it answered {(int)response.StatusCode}");
            }

            var answer = await response.Content.ReadFromJsonAsync<TokenAnswer>(cancellationToken);
            return answer?.AccessToken is { Length: > 0 }
                ? answer
                : throw Failure(FailureKind.Unavailable, "lamassu_token_unavailable", "its answer has no access_token");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient client, Uri endpoint, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        if (sendsForm)
        {
            form["client_id"] = options.ClientId;
            form["client_secret"] = options.ClientSecret;
        }
        else
        {
            var credentials = $"{WebUtility.UrlEncode(options.ClientId)}:{WebUtility.UrlEncode(options.ClientSecret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        }

        request.Content = new FormUrlEncodedContent(form);
        return await client.SendAsync(request, cancellationToken);
    }

    private static bool IsRefusal(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    private ConnectorException Failure(FailureKind kind, string code, string reason, Exception? inner = null) =>
        new(kind, code, FailureSource.Lamassu, $"There is no token for Lamassu from the issuer at {options.WellKnown}: {reason}.", inner);

    private sealed record Held(string Token, DateTimeOffset RenewAt);

    private sealed record Discovery([property: JsonPropertyName("token_endpoint")] string? TokenEndpoint);

    private sealed record TokenAnswer(
        [property: JsonPropertyName("access_token")] string? AccessToken, [property: JsonPropertyName("expires_in")] double? ExpiresIn);
}

/// <summary>Sends our token; one that is refused is replaced, once, as the issuer may have withdrawn it before its time.</summary>
internal sealed class BearerTokenHandler(AccessToken token) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not null)
        {
            // It may have to be sent twice.
            await request.Content.LoadIntoBufferAsync(cancellationToken);
        }

        var sent = await token.GetAsync(cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", sent);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        response.Dispose();
        token.Forget(sent);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await token.GetAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }
}
