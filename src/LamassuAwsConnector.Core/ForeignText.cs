using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Core;

/// <summary>
/// What another service says about a failure, made fit for logs, answers and notes. Such a text can repeat what was sent: a token, a CSR, a policy
/// document. Words stay, and whatever may be a secret goes.
/// </summary>
internal static partial class ForeignText
{
    // A sentence or two.
    private const int MaxLength = 300;

    // Shorter header values are words.
    private const int MinSecretLength = 4;

    private const string Left = "…";

    /// <param name="text">As the other service wrote it.</param>
    /// <param name="sent">The request that it answers, whose header values are taken out.</param>
    public static string Of(string text, HttpRequestMessage? sent = null)
    {
        foreach (var value in Values(sent).OrderByDescending(value => value.Length))
        {
            text = text.Replace(value, Left, StringComparison.OrdinalIgnoreCase);
        }

        text = Document().Replace(text, Left);
        text = Run().Replace(text, run => MayBeSecret(run.Value) ? Left : run.Value);
        text = Space().Replace(text, " ").Trim();
        return text.Length > MaxLength ? text[..MaxLength] + Left : text;
    }

    // "Bearer x" is to go as a whole and as x alone.
    private static IEnumerable<string> Values(HttpRequestMessage? sent) =>
        (sent?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
            .SelectMany(header => header.Value)
            .SelectMany(value => value.Split(' ').Append(value))
            .Where(value => value.Length >= MinSecretLength);

    // Names and words have neither; keys, tokens, hashes, PEM bodies have one or the other.
    private static bool MayBeSecret(string run) => run.Any(character => char.IsAsciiDigit(character) || character is '+' or '/' or '=' or '%');

    // JSON, HTML and PEM, to the end: where they end cannot be told.
    [GeneratedRegex(@"(\{|<|-----BEGIN).*", RegexOptions.Singleline)]
    private static partial Regex Document();

    [GeneratedRegex(@"[A-Za-z0-9+/=_.~%-]{20,}")]
    private static partial Regex Run();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Space();
}
