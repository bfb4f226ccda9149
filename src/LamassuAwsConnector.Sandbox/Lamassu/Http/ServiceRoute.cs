using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Lamassu.Http;

internal delegate Task<Reply> RouteHandler(Exchange exchange);

/// <summary>A route, and which of Lamassu's errors it maps to a status. Every other error is a 500.</summary>
/// <param name="Methods">Method names, parted by <c>|</c>.</param>
/// <param name="Pattern">Segments in braces take any text.</param>
/// <param name="Handler">Carries the request out.</param>
/// <param name="HidesErrors">A 500 has the error object as its body, which for ordinary errors is <c>{}</c>.</param>
/// <param name="Mapped">Error texts with a status of their own.</param>
internal sealed record ServiceRoute(string Methods, string Pattern, RouteHandler Handler, bool HidesErrors = false, params (string Text, int Status)[] Mapped)
{
    private readonly string[] segments = Pattern.Trim('/').Split('/');

    /// <summary>How many segments are fixed: of two routes that fit, the one with more of them is meant.</summary>
    public int FixedSegments => segments.Count(segment => !IsParameter(segment));

    public Dictionary<string, string>? Match(string method, string[] path)
    {
        if (!Methods.Split('|').Contains(method) || path.Length != segments.Length)
        {
            return null;
        }

        var values = new Dictionary<string, string>();
        foreach (var (segment, text) in segments.Zip(path))
        {
            if (IsParameter(segment))
            {
                values[segment[1..^1]] = text;
            }
            else if (segment != text)
            {
                return null;
            }
        }

        return values;
    }

    public Reply ReplyTo(LamassuException failure)
    {
        foreach (var (text, status) in Mapped)
        {
            if (failure.Message == text)
            {
                return Reply.Error(status, text);
            }
        }

        return HidesErrors ? Reply.Json(500, failure.DriverError ?? new JsonObject()) : Reply.Error(500, failure.Message);
    }

    private static bool IsParameter(string segment) => segment.StartsWith('{');
}
