using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Http;

/// <summary>A request on its way to the handler of its route.</summary>
internal sealed record Exchange(
    Operation Operation, HttpRequest Request, IReadOnlyDictionary<string, string> PathValues, byte[] Body, CancellationToken Cancelled)
{
    public string this[string name] => PathValues[name];

    public JsonObject Read(WireObject model) => model.ReadBody(Body);
}

/// <summary>An answer, ready to be written.</summary>
internal sealed record Reply(int Status, string? ContentType, byte[] Body)
{
    private const string JsonType = "application/json; charset=utf-8";
    private const string TextType = "text/plain; charset=utf-8";

    public static Reply NoContent { get; } = new(204, null, []);

    /// <summary>Unknown routes and wrong methods alike.</summary>
    public static Reply NotFound { get; } = new(404, "text/plain", "404 page not found"u8.ToArray());

    public static Reply Json(int status, JsonNode? body) => new(status, JsonType, GoJson.WriteBytes(body));

    public static Reply Json(int status, string body) => new(status, JsonType, System.Text.Encoding.UTF8.GetBytes(body));

    public static Reply Error(int status, string text) => Json(status, new JsonObject { ["err"] = text });

    /// <summary>A decoding failure: JSON under the name of plain text.</summary>
    public static Reply Undecodable(string text) => new(400, TextType, GoJson.WriteBytes(new JsonObject { ["err"] = text }));
}
