using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>What an auth mode needs is there, and can be used.</summary>
internal sealed class LamassuCredentialsValidator : IValidateOptions<LamassuOptions>
{
    public ValidateOptionsResult Validate(string? name, LamassuOptions options)
    {
        var wrong = options.Clients.SelectMany(client => Wrong(client.Client).Select(reason => $"{client.Key}.{reason}")).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Wrong(LamassuClientOptions client)
    {
        if (client.CACertFile is { Length: > 0 } file && WhyUnusable(() => Tls.HandlerTrusting(file, insecureSkipVerify: false).Dispose()) is { } reason)
        {
            yield return $"ca_cert_file '{file}' can't be used: {reason}";
        }

        switch (client.AuthMode)
        {
            case LamassuClientOptions.Jwt when client.JwtOptions is { ClientId.Length: 0 } or { ClientSecret.Length: 0 } or { WellKnown.Length: 0 }:
                yield return "auth_mode is jwt: jwt_options needs oidc_client_id, oidc_client_secret and oidc_well_known";
                break;
            case LamassuClientOptions.Jwt
                when !Uri.TryCreate(client.JwtOptions.WellKnown, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"):
                yield return "jwt_options.oidc_well_known must be an http or https URL";
                break;
            case LamassuClientOptions.ApiKey when client.ApiKeyOptions is { Key.Length: 0 } or { Header.Length: 0 }:
                yield return "auth_mode is apikey: apikey_options needs key and header";
                break;
            case LamassuClientOptions.ApiKey when !IsHeader(client.ApiKeyOptions):
                yield return "apikey_options.header is no name of a header, or key no value of one";
                break;
            case LamassuClientOptions.Mtls when client.MtlsOptions is { CertFile.Length: 0 } or { KeyFile.Length: 0 }:
                yield return "auth_mode is mtls: mtls_options needs cert_file and key_file";
                break;
            case LamassuClientOptions.Mtls
                when WhyUnusable(() => Tls.ClientCertificate(client.MtlsOptions.CertFile, client.MtlsOptions.KeyFile)) is { } why:
                yield return $"mtls_options can't be used: {why}";
                break;
        }
    }

    // The exception's own words are not said: with PEM text in place of a path they would hold the key.
    private static string? WhyUnusable(Action use)
    {
        try
        {
            use();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "a file is not there or can't be read";
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return "it is no PEM of a certificate, or the key does not belong to it";
        }
    }

    private static bool IsHeader(ApiKeyClientOptions options)
    {
        using var request = new HttpRequestMessage();
        return options.Key.All(character => character is >= ' ' and <= '~')
            && options.Header.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
            && request.Headers.TryAddWithoutValidation(options.Header, options.Key);
    }
}
