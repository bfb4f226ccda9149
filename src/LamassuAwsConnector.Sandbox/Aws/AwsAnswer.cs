using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>A success: always status 200. <see cref="ContentType"/> is null where there is no body.</summary>
internal sealed record AwsAnswer(byte[] Body, string? ContentType)
{
    /// <summary>For operations without an output shape.</summary>
    public static AwsAnswer None { get; } = new([], null);

    /// <summary>For operations whose output shape has no members.</summary>
    public static AwsAnswer Empty => Of([]);

    public static AwsAnswer Of(JsonObject body) => new(Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json");

    public static AwsAnswer Xml(string body) => new(Encoding.UTF8.GetBytes(body), "text/xml");
}
