using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace LamassuAwsConnector.Api.Security;

internal static class TokenRoles
{
    /// <summary>The roles that a token's claims name at a path; empty when there are none.</summary>
    /// <param name="encodedPayload">The token's middle part.</param>
    /// <param name="path">
    /// Members joined by dots (<c>realm_access.roles</c>). A member's name may hold dots itself (<c>https://example.com/roles</c>), so the longest name that
    /// exists is taken.
    /// </param>
    public static IReadOnlyList<string> Of(string encodedPayload, string path)
    {
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(encodedPayload));
        return Find(payload.RootElement, path) switch
        {
            { ValueKind: JsonValueKind.Array } roles =>
                [.. roles.EnumerateArray().Where(role => role.ValueKind == JsonValueKind.String).Select(role => role.GetString()!)],

            // As OAuth writes scopes.
            { ValueKind: JsonValueKind.String } text => text.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            _ => [],
        };
    }

    private static JsonElement? Find(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        for (var end = path.Length; end > 0; end = path.LastIndexOf('.', end - 1))
        {
            if (element.TryGetProperty(path[..end], out var value))
            {
                return end == path.Length ? value : Find(value, path[(end + 1)..]);
            }
        }

        return null;
    }
}
