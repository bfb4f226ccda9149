using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Tests.Infrastructure;
using NJsonSchema;

namespace LamassuAwsConnector.Tests.Contracts;

/// <summary>The document that the running service publishes, and whether an answer is one that it promises.</summary>
internal sealed class ApiDocument
{
    private readonly JsonObject document;
    private readonly Dictionary<string, JsonSchema> schemas = [];

    private ApiDocument(JsonObject document)
    {
        this.document = document;
        Operations =
        [
            .. from path in document["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               select new ApiOperation(operation.Value!["operationId"]?.GetValue<string>() ?? "", new HttpMethod(operation.Key.ToUpperInvariant()), path.Key, operation.Value!.AsObject()),
        ];
    }

    public IReadOnlyList<ApiOperation> Operations { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ApiDocument> OfAsync(TestStage stage) => new((await stage.Connector.GetFromJsonAsync<JsonObject>("/openapi/v1.json", Cancellation))!);

    public ApiOperation Operation(string id) => Operations.Single(operation => operation.Id == id);

    /// <summary>The node itself, or what it refers to.</summary>
    public JsonObject Resolve(JsonNode node) => node["$ref"]?.GetValue<string>() is { } reference
        ? Resolve(reference.Split('/').Skip(1).Aggregate((JsonNode)document, (at, name) => at[name]!))
        : node.AsObject();

    /// <summary>What the answer has that the document does not promise; empty: nothing.</summary>
    public async Task<IReadOnlyList<string>> FaultsOfAsync(ApiOperation operation, HttpResponseMessage response)
    {
        var status = $"{(int)response.StatusCode}";
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return operation.Node["responses"]![status] is { } declared
            ? [.. HeaderFaults(Resolve(declared), response), .. await ContentFaultsAsync(Resolve(declared), response.Content.Headers.ContentType, text)]
            : [$"status {status} is not declared: {text}"];
    }

    /// <summary>What in the text is not as the schema says; the schema as it stands in the document.</summary>
    public async Task<IReadOnlyList<string>> SchemaFaultsAsync(JsonNode schema, string text)
    {
        var key = schema.ToJsonString();
        if (!schemas.TryGetValue(key, out var compiled))
        {
            var root = new JsonObject { ["allOf"] = new JsonArray(WithNull(schema)), ["definitions"] = WithNull(document["components"]!["schemas"]!) };
            compiled = schemas[key] = await JsonSchema.FromJsonAsync(
                root.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal), Cancellation);
        }

        return [.. compiled.Validate(text).Select(error => $"{error}: {text}")];
    }

    private async Task<IReadOnlyList<string>> ContentFaultsAsync(JsonObject declared, MediaTypeHeaderValue? type, string text)
    {
        if (declared["content"] is not JsonObject { Count: > 0 } content)
        {
            return text.Length == 0 ? [] : [$"no content is declared: {text}"];
        }

        return type?.MediaType is { } media && content[media]?["schema"] is { } schema
            ? await SchemaFaultsAsync(schema, text)
            : [$"content type {type} is not declared: {text}"];
    }

    private static IEnumerable<string> HeaderFaults(JsonObject declared, HttpResponseMessage response)
    {
        foreach (var (name, header) in declared["headers"] as JsonObject ?? [])
        {
            var value = response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
            if (value is null && header!["required"]?.GetValue<bool>() == true)
            {
                yield return $"header {name} is missing";
            }
            else if (value is not null && header!["schema"]!["type"]!.GetValue<string>() == "integer" && !int.TryParse(value, out _))
            {
                yield return $"header {name} is no number: {value}";
            }
        }
    }

    // OpenAPI 3.0's nullable in the words of JSON Schema.
    private static JsonNode? WithNull(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                var copy = new JsonObject();
                foreach (var (name, value) in members.Where(member => member.Key != "nullable" || member.Value is JsonObject))
                {
                    copy[name] = WithNull(value);
                }

                return members["nullable"] is JsonValue nullable && nullable.GetValue<bool>()
                    ? new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "null" }, copy) }
                    : copy;
            case JsonArray list:
                return new JsonArray([.. list.Select(WithNull)]);
            default:
                return node?.DeepClone();
        }
    }
}

internal sealed record ApiOperation(string Id, HttpMethod Method, string Path, JsonObject Node)
{
    public bool NeedsToken => Node["security"] is not null;

    public bool HasBody => Node["requestBody"] is not null;

    public JsonNode? BodySchema => Node["requestBody"]?["content"]?["application/json"]?["schema"];

    public IReadOnlyList<JsonObject> Parameters => [.. (Node["parameters"] as JsonArray ?? []).Select(parameter => parameter!.AsObject())];

    public IReadOnlyList<string> Statuses => [.. Node["responses"]!.AsObject().Select(response => response.Key)];

    /// <summary>The names of the parameters at that place: <c>path</c> or <c>query</c>.</summary>
    public IReadOnlyList<string> ParametersIn(string place) =>
        [.. Parameters.Where(parameter => parameter["in"]!.GetValue<string>() == place).Select(parameter => parameter["name"]!.GetValue<string>())];

    public override string ToString() => Id;
}
