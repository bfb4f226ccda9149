using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>
/// Paging, sorting and filtering of a list, with Lamassu's habits: filters that are not understood let everything through, bookmarks forget the sort.
/// </summary>
internal sealed class ListQuery
{
    /// <summary>Page size without a usable <c>page_size</c>, and with one that is zero or negative.</summary>
    private const int DefaultPageSize = 25;
    private const int SmallPageSize = 15;

    private readonly IReadOnlyList<ListFilter> filters;
    private readonly int offset;
    private readonly int pageSize;
    private readonly ListField? sort;
    private readonly bool descending;
    private readonly bool sortWasAsked;

    public ListQuery(IQueryCollection query, FrozenDictionary<string, ListField> fields)
    {
        string? sortName;
        if (LastOf(query, "bookmark") is { Length: > 0 } bookmark)
        {
            // With a bookmark the page size and the filters of the request do not count.
            var parts = BookmarkParts(bookmark);
            offset = Number(parts, "off", 0);
            pageSize = Number(parts, "lim", SmallPageSize);
            filters = [.. parts.Where(part => part.Key == "filter").Select(part => ListFilter.FromBookmark(part.Value, fields)).OfType<ListFilter>()];
            sortName = parts.Find(part => part.Key == "sortB").Value;
            descending = parts.Find(part => part.Key == "sortM").Value == "desc";
            if (sortName is null)
            {
                sortName = LastOf(query, "sort_by");
                descending = LastOf(query, "sort_mode") == "desc";
            }
        }
        else
        {
            pageSize = int.TryParse(LastOf(query, "page_size"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var size)
                ? size > 0 ? size : SmallPageSize
                : DefaultPageSize;
            filters = [.. query["filter"].Select(text => ListFilter.FromQuery(text ?? "", fields)).OfType<ListFilter>()];
            sortName = LastOf(query, "sort_by");
            descending = LastOf(query, "sort_mode") == "desc";
        }

        sort = sortName is not null && fields.TryGetValue(sortName, out var field) ? field : null;
        sortWasAsked = LastOf(query, "sort_by") is not null;
    }

    public JsonObject Run(LamassuState state, LamassuKind kind, Func<JsonObject, bool>? scope = null)
    {
        if (filters.FirstOrDefault(filter => filter.Field.IsAmbiguous) is { } ambiguous)
        {
            throw new LamassuException($"ERROR: column reference \"{ambiguous.Field.Name}\" is ambiguous (SQLSTATE 42702)");
        }

        // One row more than the page tells whether there is a next page.
        var rows = state.Page(kind, row => (scope is null || scope(row)) && filters.All(filter => filter.Matches(row)), Order(), offset, pageSize + 1);
        return new JsonObject
        {
            ["next"] = rows.Count > pageSize ? NextBookmark() : "",
            ["list"] = new JsonArray([.. rows.Take(pageSize)]),
        };
    }

    private static string? LastOf(IQueryCollection query, string name) => query[name].LastOrDefault();

    private static List<KeyValuePair<string, string>> BookmarkParts(string bookmark)
    {
        string text;
        try
        {
            text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(bookmark));
        }
        catch (FormatException)
        {
            throw new LamassuException("not a valid bookmark");
        }

        return [.. text.Split(';').Select(part => part.Split(':', 2)).Where(part => part.Length == 2).Select(part => KeyValuePair.Create(part[0], part[1]))];
    }

    private static int Number(List<KeyValuePair<string, string>> parts, string name, int otherwise)
    {
        var value = parts.Find(part => part.Key == name).Value;
        return value is null ? otherwise
            : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new LamassuException("not a valid bookmark");
    }

    private string NextBookmark()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"off:{offset + pageSize};lim:{pageSize};");
        if (sort is not null && sortWasAsked)
        {
            text.Append(CultureInfo.InvariantCulture, $"sortM:{(descending ? "desc" : "asc")};sortB:{sort.Name};");
        }

        foreach (var filter in filters)
        {
            text.Append(CultureInfo.InvariantCulture, $"filter:{filter.ToBookmark()};");
        }

        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private Comparer<JsonObject>? Order()
    {
        if (sort is null)
        {
            return null;
        }

        var direction = descending ? -1 : 1;
        return Comparer<JsonObject>.Create((left, right) => direction * sort.Compare(left, right));
    }
}
