using System.Collections.Frozen;

namespace LamassuAwsConnector.Sandbox.Aws;

internal enum AwsService
{
    Iot,
    IotData,
    Sts,
}

internal static class AwsServices
{
    /// <summary>By the name in the signing scope; null for a service that is not served.</summary>
    public static AwsService? Named(string scope) =>
        scope switch
        {
            // The control plane's scope was execute-api until 2023; both are taken.
            "iot" or "execute-api" => AwsService.Iot,
            "iotdata" => AwsService.IotData,
            "sts" => AwsService.Sts,
            _ => null,
        };
}

/// <summary>
/// One operation of a service: its request line, and the query parameters and body members that it knows. AWS ignores others; here they are refused, so that a
/// misspelt name is seen.
/// </summary>
internal sealed record Operation
{
    private Operation(AwsService service, string name, string requestLine, Func<AwsCall, AwsAnswer> handle, string query, string? members)
    {
        var parts = requestLine.Split(' ');
        Service = service;
        Name = name;
        Method = parts[0];
        Path = parts[1].Split('/')[1..];
        Handle = handle;
        Query = Words(query);
        Members = members is null ? null : Words(members);
    }

    public AwsService Service { get; }

    public string Name { get; }

    public string Method { get; }

    /// <summary>Segments; one in braces is a label.</summary>
    public IReadOnlyList<string> Path { get; }

    public Func<AwsCall, AwsAnswer> Handle { get; }

    public IReadOnlySet<string> Query { get; }

    /// <summary>Null: the operation takes no JSON body.</summary>
    public IReadOnlySet<string>? Members { get; }

    /// <summary>The body is not JSON of ours: a shadow document, a form.</summary>
    public bool RawBody { get; private init; }

    /// <param name="name">The operation's name in the service model.</param>
    /// <param name="requestLine">Method and path, labels in braces.</param>
    /// <param name="handle">Runs under the region's lock.</param>
    /// <param name="query">Names of the query parameters, by space.</param>
    /// <param name="members">Names of the body's members, by space; null where there is no body.</param>
    public static Operation Control(string name, string requestLine, Func<AwsCall, AwsAnswer> handle, string query = "", string? members = null) =>
        new(AwsService.Iot, name, requestLine, handle, query, members);

    public static Operation Data(string name, string requestLine, Func<AwsCall, AwsAnswer> handle, string query = "", bool rawBody = false) =>
        new(AwsService.IotData, name, requestLine, handle, query, null) { RawBody = rawBody };

    public static Operation Sts(string name, Func<AwsCall, AwsAnswer> handle) => new(AwsService.Sts, name, "POST /", handle, "", null) { RawBody = true };

    private static FrozenSet<string> Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
