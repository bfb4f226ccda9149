using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Core.Aws;

internal static partial class TagValues
{
    // https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
    private const int Max = 256;

    /// <summary>The text as AWS takes it as the value of a tag.</summary>
    public static string Allowed(string value)
    {
        var allowed = NotAllowed().Replace(value, "_");
        return allowed.Length <= Max ? allowed : allowed[..Max];
    }

    // https://docs.aws.amazon.com/iot/latest/apireference/API_Tag.html gives no pattern for values; this is AWS's general one.
    [GeneratedRegex(@"[^\p{L}\p{Z}\p{N}_.:/=+\-@]")]
    private static partial Regex NotAllowed();
}
