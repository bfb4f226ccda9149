using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Api.Endpoints;

/// <summary>
/// An id in a path. Lamassu takes nearly every text for an id; left out are the characters that would lead the calls to Lamassu elsewhere or nowhere, and
/// those that nobody sees.
/// </summary>
internal static partial class ObjectId
{
    public const int MaxLength = 256;

    /// <summary>Without the length, for the document.</summary>
    public const string Pattern = $"^{Characters}+$";

    private const string Characters = @"[^\u0000-\u001f\u007f-\u00a0\u2028\u2029/\\%?#]";

    /// <returns>What is wrong with it; null: nothing.</returns>
    public static string? Fault(string id) =>
        id.EnumerateRunes().Count() is 0 or > MaxLength ? $"has {id.Length} characters; an id has 1 to {MaxLength}"
        : id is "." or ".." ? "is no id"
        : !Whole().IsMatch(id) ? "holds a character that no id has: a control character, or one of / \\ % ? #"
        : null;

    [GeneratedRegex($@"^{Characters}+\z")]
    private static partial Regex Whole();
}
