using System.Collections.Immutable;
using LamassuAwsConnector.Core;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace LamassuAwsConnector.Api.Security;

/// <summary>
/// The issuer's public keys. They are fetched when a token first needs them, anew when a token names one that is not known, which is how keys rotate, and
/// now and then, so that withdrawn ones go. While the issuer is away the known ones hold.
/// </summary>
internal sealed partial class SigningKeys(
    IOptions<AuthOptions> options, IHttpClientFactory clients, TimeProvider timeProvider, ILogger<SigningKeys> logger) : IDisposable
{
    public const string HttpClientName = "auth";

    /// <summary>Anybody can name an unknown key in a token; the issuer is asked no more often than this for all of them together.</summary>
    public static readonly TimeSpan PauseBetweenFetches = TimeSpan.FromSeconds(10);

    /// <summary>How long a key that its issuer has withdrawn is taken at most, unless the issuer is away.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim gate = new(1, 1);
    private DateTimeOffset? lastAttempt;
    private bool lastFailed;

    public ImmutableArray<SecurityKey> Known { get; private set; } = [];

    /// <summary>Who the tokens have to be issued by; null before the keys are known.</summary>
    public string? Issuer { get; private set; }

    private DateTimeOffset FetchedAt { get; set; }

    /// <summary>Afterwards the key of that id is known if the issuer has it.</summary>
    /// <param name="keyId">null: the token names none, any key will do.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ConnectorException"><see cref="FailureKind.Unavailable"/> when the key is not known and the issuer can't be asked.</exception>
    public async Task FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (IsKnown(keyId) && timeProvider.GetUtcNow() - FetchedAt < MaxAge)
        {
            return;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            if (lastAttempt is null || timeProvider.GetUtcNow() - lastAttempt >= PauseBetweenFetches)
            {
                await FetchAsync(cancellationToken);
            }
        }
        finally
        {
            gate.Release();
        }

        if (lastFailed && !IsKnown(keyId))
        {
            throw new ConnectorException(
                FailureKind.Unavailable,
                "token_issuer_unavailable",
                FailureSource.Lamassu,
                $"The token can't be checked: the issuer's keys can't be had from {options.Value.KeysFrom.GetLeftPart(UriPartial.Authority)} at present.");
        }
    }

    public void Dispose() => gate.Dispose();

    private bool IsKnown(string? keyId) => keyId is null ? Known.Length > 0 : Known.Any(key => key.KeyId == keyId);

    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        try
        {
            var (issuer, keys) = await ReadAsync(cancellationToken);
            (Known, Issuer, FetchedAt, lastAttempt, lastFailed) = (keys, issuer, now, now, false);
            Log.Fetched(logger, keys.Length, options.Value.KeysFrom);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is HttpRequestException or OperationCanceledException or ArgumentException or InvalidDataException or UriFormatException)
        {
            (lastAttempt, lastFailed) = (now, true);
            Log.NotFetched(logger, options.Value.KeysFrom, Known.Length, exception);
        }
    }

    private async Task<(string Issuer, ImmutableArray<SecurityKey> Keys)> ReadAsync(CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(HttpClientName);
        var (issuer, url) = (options.Value.Issuer, options.Value.KeysFrom);
        if (options.Value.JwksUrl is not { Length: > 0 })
        {
            var discovery = OpenIdConnectConfiguration.Create(await client.GetStringAsync(url, cancellationToken));
            issuer = issuer is { Length: > 0 } ? issuer : discovery.Issuer;
            url = new Uri(discovery.JwksUri ?? throw new InvalidDataException("The discovery document has no jwks_uri"));
        }

        // Asymmetric keys only: with a symmetric one whoever can check a token can also make one.
        var published = new JsonWebKeySet(await client.GetStringAsync(url, cancellationToken)).GetSigningKeys();
        var keys = published.OfType<AsymmetricSecurityKey>().ToImmutableArray<SecurityKey>();
        return issuer is not { Length: > 0 } ? throw new InvalidDataException("The discovery document has no issuer")
            : keys.Length == 0 ? throw new InvalidDataException("The issuer publishes no RSA or EC key for signatures")
            : (issuer, keys);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The token issuer's {Count} keys were fetched from {Url}")]
        public static partial void Fetched(ILogger logger, int count, Uri url);

        [LoggerMessage(2, LogLevel.Warning, "The token issuer's keys can't be had from {Url}; tokens signed with one of the {Count} known keys are taken, others are answered with 503")]
        public static partial void NotFetched(ILogger logger, Uri url, int count, Exception exception);
    }
}
