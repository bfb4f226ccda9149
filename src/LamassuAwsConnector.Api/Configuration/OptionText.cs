using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LamassuAwsConnector.Core.Configuration;

namespace LamassuAwsConnector.Api.Configuration;

/// <summary>Values of options as text, as it stands in the file, and without secrets.</summary>
internal static partial class OptionText
{
    public const string Mask = "********";

    public static string Of(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>A secret, PEM text and the password of a URL are not shown.</summary>
    public static string Masked(OptionMember option, string value) =>
        value.Length == 0 ? value
        : option.IsSecret || value.Contains("-----BEGIN", StringComparison.Ordinal) || value.Contains('\n') ? Mask
        : option.Rules.OfType<HttpUrlAttribute>().Any() ? UserInfo().Replace(value, $"$1{Mask}@")
        : value;

    /// <summary>As a YAML scalar that the connector reads back as it is.</summary>
    public static string Yaml(string value) => Plain().IsMatch(value) && value is not "null"
        ? value
        : JsonSerializer.Serialize(value.Replace("$", "$$", StringComparison.Ordinal), Json);

    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // user, user:password or a token alone, before the host; also where the scheme was forgotten.
    [GeneratedRegex("^([a-z][a-z0-9+.-]*://)?.+@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();

    [GeneratedRegex("^[A-Za-z0-9_/.](?:[A-Za-z0-9_/.@+-]|:(?=[^ ]))*$")]
    private static partial Regex Plain();
}
