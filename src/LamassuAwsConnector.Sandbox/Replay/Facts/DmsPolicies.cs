using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay.Facts;

/// <summary>Fact 6: each policy that an <c>auto</c> DMS names exists; where one DMS alone names it, its default document is that DMS's.</summary>
internal static class DmsPolicies
{
    private const int Number = 6;

    public static IEnumerable<Fact> Check(FactInput input)
    {
        var settings = input.Lamassu.Dmss.Where(dms => dms.Text("id") is not null).ToDictionary(dms => dms.Text("id")!, dms => ConnectorNotes.Dms(dms, input.Lamassu.ConnectorId));
        foreach (var (dmsId, dms) in settings.Where(item => item.Value.Mode == RegistrationMode.Auto))
        {
            foreach (var policy in dms.Policies)
            {
                var document = input.Aws.Policies.GetValueOrDefault(policy.Name);
                var isShared = input.History.UsersOf(policy.Name).Any(user => user != dmsId)
                    || settings.Any(other => other.Key != dmsId && other.Value.Policies.Any(named => named.Name == policy.Name));
                yield return Fact.Check(
                    Number, $"policy {policy.Name} of DMS {dmsId}", document is not null && (isShared || IsSame(document, policy.Document)),
                    document is null ? "missing" : $"with default document {document}", isShared ? "there" : $"with default document {policy.Document}",
                    () => input.History.UsersOf(policy.Name).Append(dmsId).SelectMany(user => input.History.NotHandled(LamassuKind.Dms, user)));
            }
        }
    }

    /// <summary>White space and the order of members mean nothing.</summary>
    public static bool IsSame(string left, string right)
    {
        try
        {
            return JsonNode.DeepEquals(JsonNode.Parse(left), JsonNode.Parse(right));
        }
        catch (JsonException)
        {
            return left == right;
        }
    }
}
