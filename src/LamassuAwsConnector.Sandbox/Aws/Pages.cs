using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>
/// Cuts a list into pages. A token holds the last item served and its place, so that items that come and go between two pages move no other item out of sight.
/// </summary>
internal sealed record Pages(string TokenParameter, string TokenMember, string? SizeParameter, int LargestSize = 250, int DefaultSize = 250)
{
    public static Pages ByToken { get; } = new("nextToken", "nextToken", "maxResults");

    // ListCACertificates pages by 25 when no size is given, says the service model.
    public static Pages ByMarker { get; } = new("marker", "nextMarker", "pageSize", DefaultSize: 25);

    public AwsAnswer Answer<T>(
        AwsCall call,
        string resultKey,
        IEnumerable<T> items,
        Func<T, string> key,
        Func<T, JsonNode> write,
        Action<JsonObject>? extend = null
    )
    {
        var all = items.ToList();
        var start = call.Parameter(TokenParameter) is { } token ? After(all, key, token) : 0;
        var size = Size(call);
        var page = all.Skip(start).Take(size).ToList();
        var body = new JsonObject { [resultKey] = Json.List(page.Select(write)) };
        if (start + page.Count < all.Count)
        {
            body[TokenMember] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{start + page.Count}:{key(page[^1])}"));
        }

        extend?.Invoke(body);
        return AwsAnswer.Of(body);
    }

    private int Size(AwsCall call) =>
        SizeParameter is not null && call.Number(SizeParameter) is { } size ? Names.Between(size, SizeParameter, 1, LargestSize) : DefaultSize;

    private int After<T>(List<T> all, Func<T, string> key, string token)
    {
        if (TokenParameter == "marker")
        {
            Names.Marker(token);
        }

        var bytes = new byte[token.Length];
        var parts = Convert.TryFromBase64String(token, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) : [];
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var place))
        {
            throw AwsException.InvalidRequest($"Invalid {TokenParameter}");
        }

        var index = all.FindIndex(item => key(item) == parts[1]);
        return index < 0 ? place : index + 1;
    }
}
