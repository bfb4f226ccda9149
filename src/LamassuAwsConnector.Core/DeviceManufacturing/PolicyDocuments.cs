using System.Text.Json;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

internal static class PolicyDocuments
{
    /// <summary>White space and the order of members do not count.</summary>
    public static bool AreSame(string? left, string? right)
    {
        try
        {
            return left is not null && right is not null && JsonNode.DeepEquals(JsonNode.Parse(left), JsonNode.Parse(right));
        }
        catch (JsonException)
        {
            return left == right;
        }
    }
}
