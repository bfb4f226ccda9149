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
        if (client.CACertFile is { Length: > 0 } file && Tls.WhyUnusable(file) is { } reason)
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
                when Tls.WhyUnusable(client.MtlsOptions.CertFile, client.MtlsOptions.KeyFile) is { } why:
                yield return $"mtls_options can't be used: {why}";
                break;
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
