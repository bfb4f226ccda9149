using System.Text.Json;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Api.Problems;

/// <summary>A query parameter that has another type than the endpoint takes. The framework says which one in its message alone.</summary>
internal static partial class InvalidParameter
{
    /// <returns>The same failure by name of the parameter; null: <paramref name="exception"/> is another one.</returns>
    public static InvalidRequestException? Of(Exception exception) =>
        exception is not BadHttpRequestException ? null
        : WrongType().Match(exception.Message) is { Success: true } wrong ? InvalidRequestException.Of(Name(wrong), "has the wrong type")
        : Missing().Match(exception.Message) is { Success: true } missing ? InvalidRequestException.Of(Name(missing), "is missing")
        : null;

    private static string Name(Match match) => JsonNamingPolicy.SnakeCaseLower.ConvertName(match.Groups[1].Value);

    [GeneratedRegex("""^Failed to bind parameter "[^"]* (\w+)" from """)]
    private static partial Regex WrongType();

    [GeneratedRegex("""^Required parameter "[^"]* (\w+)" was not provided""")]
    private static partial Regex Missing();
}
