using System.Text.Json;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Core.DryRuns;

/// <summary>The calls of one dry run so far.</summary>
internal sealed class CallPlan
{
    private readonly List<PlannedCall> calls = [];

    public IReadOnlyList<PlannedCall> Calls => calls;

    public void Aws(string operation, string target, JsonNode? after = null, JsonNode? before = null) => Add("aws", operation, target, before, after);

    public void Lamassu(string operation, string target, JsonNode? after = null, JsonNode? before = null) => Add("lamassu", operation, target, before, after);

    public void Connector(string operation, string target) => Add("connector", operation, target, before: null, after: null);

    /// <summary>A document that AWS holds as text; shown as it is where it is no JSON.</summary>
    public static JsonNode? Document(string? text)
    {
        try
        {
            return text is null ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private void Add(string service, string operation, string target, JsonNode? before, JsonNode? after)
    {
        lock (calls)
        {
            calls.Add(new PlannedCall(service, operation, target, before, after));
        }
    }
}
