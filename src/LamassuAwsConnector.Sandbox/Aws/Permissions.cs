using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>
/// What IAM allows a caller, or the role in which AWS provisions, as far as a policy with statements of effect Allow says it
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
/// </summary>
internal sealed class Permissions
{
    private static readonly string[] Members = ["Sid", "Effect", "Action", "Resource", "Condition"];

    // The condition keys that are looked at, with the actions that have them; every call has a region.
    private const string RequestedRegion = "aws:RequestedRegion";
    private const string PassedToService = "iam:PassedToService";
    private const string AnyResource = "*";

    private readonly List<Statement> statements;

    private Permissions(List<Statement> statements) => this.statements = statements;

    /// <exception cref="AwsException">InvalidRequestException for what is not understood: a policy must not seem wider or narrower than it is.</exception>
    public static Permissions Parse(JsonObject policy) => new([.. (policy["Statement"] as JsonArray ?? throw Refuse("The policy has no list of statements")).Select(Read)]);

    /// <exception cref="AwsException">AccessDeniedException.</exception>
    public void Demand(Operation operation, AwsCall call)
    {
        if (operation.Service == AwsService.Sts)
        {
            return;
        }

        foreach (var resource in ResourcesOf(call))
        {
            Demand($"iot:{operation.Name}", resource, call.State.Region);
        }

        if (call.Body["tags"] is JsonArray { Count: > 0 })
        {
            Demand("iot:TagResource", resource: null, call.State.Region);
        }

        if (call.Body.Text("provisioningRoleArn") is { } role)
        {
            Demand("iam:PassRole", role, call.State.Region);
        }
    }

    /// <summary>For what AWS does in the caller's name: the action counts, whatever the resource.</summary>
    public void Demand(string operation, string region) => Demand($"iot:{operation}", resource: null, region);

    private void Demand(string action, string? resource, string region)
    {
        if (!statements.Any(statement => statement.Allows(action, resource, region)))
        {
            throw new AwsException("AccessDeniedException", 403, $"User is not authorized to perform: {action} on resource: {resource ?? AnyResource}");
        }
    }

    // AttachPolicy is allowed for its target, not for the policy.
    private static List<string> ResourcesOf(AwsCall call)
    {
        var resources = new List<string>();
        foreach (var (label, value) in call.Labels)
        {
            switch (label)
            {
                case "thingName":
                    resources.Add(call.State.Arn($"thing/{value}"));
                    break;
                case "thingGroupName":
                    resources.Add(call.State.Arn($"thinggroup/{value}"));
                    break;
                case "certificateId":
                    resources.Add(call.State.Arn($"cert/{value}"));
                    break;
                case "caCertificateId":
                    resources.Add(call.State.Arn($"cacert/{value}"));
                    break;
                case "policyName" when call.Body["target"] is null:
                    resources.Add(call.State.Arn($"policy/{value}"));
                    break;
                case "templateName":
                    resources.Add(call.State.Arn($"provisioningtemplate/{value}"));
                    break;
                case "clientId":
                    resources.Add(call.State.Arn($"client/{value}"));
                    break;
                case "target":
                    resources.Add(value);
                    break;
            }
        }

        Add(call.Header("x-amzn-principal"));
        Add(call.Body.Text("target"));
        Add(call.Parameter("resourceArn"));
        Add(call.Body.Text("thingName") is { } thing ? call.State.Arn($"thing/{thing}") : null);
        Add(call.Body.Text("thingGroupName") is { } group ? call.State.Arn($"thinggroup/{group}") : null);
        return resources.Count > 0 ? resources : [AnyResource];

        void Add(string? resource)
        {
            if (resource is not null)
            {
                resources.Add(resource);
            }
        }
    }

    private static Statement Read(JsonNode? node)
    {
        var statement = node as JsonObject ?? throw Refuse("A statement is no object");
        if (statement.Select(member => member.Key).Except(Members).FirstOrDefault() is { } unknown)
        {
            throw Refuse($"A statement has {unknown}, which is not looked at here");
        }

        if (statement.Text("Effect") != "Allow")
        {
            throw Refuse("Statements of effect Allow alone are looked at here");
        }

        var conditions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, keys) in statement.Object("Condition") ?? [])
        {
            foreach (var (key, value) in keys!.AsObject())
            {
                conditions[key] = name == "StringEquals" && key is RequestedRegion or PassedToService ? value!.GetValue<string>() : throw Refuse($"{name} of {key} is not looked at here");
            }
        }

        return new Statement(Texts(statement, "Action"), Texts(statement, "Resource"), conditions);
    }

    private static List<string> Texts(JsonObject statement, string member) => statement[member] switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        JsonArray list => [.. list.Select(item => item!.GetValue<string>())],
        _ => throw Refuse($"A statement has no {member}"),
    };

    private static AwsException Refuse(string reason) => AwsException.InvalidRequest(reason);

    private sealed record Statement(List<string> Actions, List<string> Resources, Dictionary<string, string> Conditions)
    {
        public bool Allows(string action, string? resource, string region) =>
            Actions.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, action))
            && (resource is null || Resources.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, resource, ignoreCase: false)))
            && Conditions.All(condition => condition.Key == RequestedRegion ? condition.Value == region : condition.Value == "iot.amazonaws.com");
    }
}
