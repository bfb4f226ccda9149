using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>What an operation gets to see of its request, and the state that it works on.</summary>
internal sealed class AwsCall
{
    public required RegionState State { get; init; }

    public required StandInState StandIn { get; init; }

    /// <summary>Who signed.</summary>
    public required string AccessKeyId { get; init; }

    public required string RequestId { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyDictionary<string, string> Query { get; init; }

    public required Func<string, string?> Header { get; init; }

    public required byte[] Payload { get; init; }

    /// <summary>Empty where the operation takes none.</summary>
    public required JsonObject Body { get; init; }

    /// <summary>Takes one token of another operation that AWS calls in the caller's name; throws when there is none.</summary>
    public required Action<string> Spend { get; init; }

    /// <summary>The time at which validity of certificates is judged.</summary>
    public DateTimeOffset CertificateTime => StandIn.Clock ?? Now;

    public string Label(string name) => Labels[name];

    public string? Parameter(string name) => Query.GetValueOrDefault(name);

    public bool Flag(string name) =>
        Parameter(name) switch
        {
            null or "false" => false,
            "true" => true,
            var other => throw AwsException.Serialization($"'{other}' of {name} is no boolean"),
        };

    public long? Number(string name)
    {
        if (Parameter(name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw AwsException.Serialization($"'{text}' of {name} is no number");
    }

    public static IReadOnlyDictionary<string, string> ParseQuery(string rawQuery, Operation operation)
    {
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in rawQuery.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var separator = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Uri.UnescapeDataString(separator < 0 ? pair : pair[..separator]);
            var value = separator < 0 ? "" : Uri.UnescapeDataString(pair[(separator + 1)..]);
            if (!operation.Query.Contains(name))
            {
                throw AwsException.InvalidRequest($"{operation.Name} has no query parameter '{name}'");
            }

            if (!query.TryAdd(name, value))
            {
                throw AwsException.InvalidRequest($"The query parameter '{name}' is given twice");
            }
        }

        return query;
    }

    public static JsonObject ParseBody(byte[] payload, Operation operation)
    {
        if (operation.RawBody)
        {
            return [];
        }

        if (operation.Members is null)
        {
            return payload.Length == 0 ? [] : throw AwsException.Serialization($"{operation.Name} takes no body");
        }

        var body =
            payload.Length == 0 ? [] : Json.ParseObject(Encoding.UTF8.GetString(payload)) ?? throw AwsException.Serialization("The body is no JSON object");
        body.AllowOnly(operation.Members, operation.Name, AwsException.InvalidRequest);
        return body;
    }
}
