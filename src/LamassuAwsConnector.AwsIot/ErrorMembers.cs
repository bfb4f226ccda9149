using System.Text.Json;
using Amazon.IoT.Model;

namespace LamassuAwsConnector.AwsIot;

/// <summary>The one error that has members beside its message.</summary>
internal static class ErrorMembers
{
    public static void Read(ResourceAlreadyExistsException exception, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            exception.ResourceArn = Text(document.RootElement, "resourceArn");
            exception.ResourceId = Text(document.RootElement, "resourceId");
        }
        catch (JsonException)
        {
            // The code came in a header; the exception is complete without the members.
        }
    }

    private static string Text(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
