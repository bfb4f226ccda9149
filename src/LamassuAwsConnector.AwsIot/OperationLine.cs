namespace LamassuAwsConnector.AwsIot;

/// <summary>A table row taken apart: <c>PUT /things/{thingName}/principals?thingPrincipalType#principal=x-amzn-principal</c>.</summary>
internal sealed record OperationLine(
    string Method, string Path, IReadOnlyList<string> Labels, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers)
{
    public static OperationLine Parse(string text)
    {
        var parts = text.Split(' ');
        var (target, headers) = Cut(parts[1], '#');
        var (path, query) = Cut(target, '?');
        var labels = path.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => segment[1..^1]).ToList();
        return new OperationLine(parts[0], path, labels, Names(query), Names(headers));
    }

    private static (string Before, string After) Cut(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is var index and >= 0 ? (text[..index], text[(index + 1)..]) : (text, "");

    private static Dictionary<string, string> Names(string list) => list.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(item => item.Split('='))
        .ToDictionary(item => item[0], item => item[^1]);
}
