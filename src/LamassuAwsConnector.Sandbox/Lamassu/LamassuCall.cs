namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>A request that a stand-in received, and how it ended.</summary>
/// <param name="Service"><c>ca</c>, <c>device-manager</c> or <c>dms-manager</c>.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="PathAndQuery">As sent.</param>
/// <param name="Status">The answer's status; null when the connection was closed without an answer.</param>
/// <param name="Headers">Those that matter, by lower-case name. Of <c>authorization</c> only the scheme is kept.</param>
/// <param name="Body">The request's body.</param>
internal sealed record LamassuCall(
    string Service, string Method, string PathAndQuery, int? Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Who the caller says it is: the first <c>x-lms-source</c>.</summary>
    public string? Source => Headers.GetValueOrDefault("x-lms-source");
}
