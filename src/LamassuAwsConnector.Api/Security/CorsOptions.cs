using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Security;

/// <summary>
/// Pages of which other origins may call the connector from a browser: <c>cors</c> in the YAML file. None by default; behind Lamassu's gateway none is needed.
/// </summary>
public sealed class CorsOptions
{
    public const string SectionName = "cors";

    /// <summary>Scheme, host and port, e.g. <c>https://lamassu.example.com</c>; <c>*</c> for all.</summary>
    [ConfigurationKeyName("allowed_origins")]
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];
}

internal sealed class CorsOptionsValidator : IValidateOptions<CorsOptions>
{
    public ValidateOptionsResult Validate(string? name, CorsOptions options)
    {
        var wrong = options.AllowedOrigins.Where(origin => origin != "*" && !IsOrigin(origin)).ToList();
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(
                origin => $"cors.allowed_origins: '{origin}' is no origin; write scheme, host and port alone, e.g. https://lamassu.example.com"));
    }

    // Browsers send it so, and it is compared as text.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && text == uri.GetLeftPart(UriPartial.Authority);
}
