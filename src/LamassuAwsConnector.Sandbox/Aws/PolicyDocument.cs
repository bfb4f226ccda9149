using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>The checks of a policy document (https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html).</summary>
internal static class PolicyDocument
{
    // Without white space, says the service model.
    private const int LongestDocument = 2048;

    private static readonly HashSet<string> DocumentMembers = ["Version", "Id", "Statement"];

    private static readonly HashSet<string> StatementMembers = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

    /// <exception cref="AwsException">MalformedPolicyException.</exception>
    public static void Check(string document)
    {
        if (document.Count(character => !char.IsWhiteSpace(character)) > LongestDocument)
        {
            throw AwsException.MalformedPolicy($"The policy document is longer than {LongestDocument} characters without white space");
        }

        var policy = Json.ParseObject(document) ?? throw AwsException.MalformedPolicy("The policy document is no JSON object");
        policy.AllowOnly(DocumentMembers, "The policy", AwsException.MalformedPolicy);
        if (policy["Version"] is not JsonValue version || version.ToString() != "2012-10-17")
        {
            throw Assumptions.PolicyVersionMissing();
        }

        var statements = Statements(policy);
        if (statements.Count == 0)
        {
            throw AwsException.MalformedPolicy("The policy has no Statement");
        }

        foreach (var statement in statements)
        {
            CheckStatement(statement as JsonObject ?? throw AwsException.MalformedPolicy("A Statement is no object"));
        }
    }

    /// <summary>Whether a statement allows devices to connect. Resources, conditions and denials are not looked at.</summary>
    public static bool AllowsConnect(string document) =>
        Statements(Json.ParseObject(document)!)
            .OfType<JsonObject>()
            .Where(statement => statement["Effect"]!.ToString() == "Allow")
            .SelectMany(statement => Texts(statement["Action"]))
            .Any(action => FileSystemName.MatchesSimpleExpression(action, "iot:Connect"));

    private static IReadOnlyList<JsonNode?> Statements(JsonObject policy) =>
        policy["Statement"] switch
        {
            JsonArray list => [.. list],
            JsonObject one => [one],
            _ => [],
        };

    private static void CheckStatement(JsonObject statement)
    {
        statement.AllowOnly(StatementMembers, "A Statement", AwsException.MalformedPolicy);
        if (statement["Effect"]?.ToString() is not ("Allow" or "Deny"))
        {
            throw AwsException.MalformedPolicy("The Effect of a Statement is Allow or Deny");
        }

        CheckEither(statement, "Action", "NotAction");
        CheckEither(statement, "Resource", "NotResource");
        if (
            Texts(statement["Action"] ?? statement["NotAction"]).FirstOrDefault(action => action != "*" && !action.Contains(':', StringComparison.Ordinal)) is
            { } action
        )
        {
            throw AwsException.MalformedPolicy($"'{action}' is no action: the service's prefix is missing");
        }

        if (statement["Condition"] is not (null or JsonObject))
        {
            throw AwsException.MalformedPolicy("The Condition of a Statement is an object");
        }
    }

    private static void CheckEither(JsonObject statement, string name, string opposite)
    {
        if (statement.ContainsKey(name) == statement.ContainsKey(opposite))
        {
            throw AwsException.MalformedPolicy($"A Statement has either {name} or {opposite}");
        }

        if (Texts(statement[name] ?? statement[opposite]).Count == 0)
        {
            throw AwsException.MalformedPolicy($"{name} is a string or a list of strings");
        }
    }

    /// <summary>Empty when it is neither a string nor a list of strings.</summary>
    private static IReadOnlyList<string> Texts(JsonNode? node) =>
        node switch
        {
            JsonValue value when value.TryGetValue<string>(out var text) => [text],
            JsonArray list when list.All(item => item is JsonValue value && value.TryGetValue<string>(out _)) =>
            [
                .. list.Select(item => item!.GetValue<string>()),
            ],
            _ => [],
        };
}
