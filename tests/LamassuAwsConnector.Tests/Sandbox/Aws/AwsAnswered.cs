using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

/// <summary>An answer of the stand-in, taken apart.</summary>
internal sealed record AwsAnswered(int Status, string? Error, string? RequestId, string Text)
{
    /// <summary>Empty where the body is.</summary>
    public JsonObject Json => Text.Length == 0 ? [] : JsonNode.Parse(Text)!.AsObject();

    public string? this[string member] => Json[member]?.ToString();

    /// <summary>Passes an answer on when it is a success.</summary>
    public AwsAnswered Succeeded()
    {
        Assert.True(Status == 200, $"{Status} {Error} {Text}");
        return this;
    }

    public AwsAnswered Refused(int status, string error)
    {
        Assert.True(Status == status && Error == error, $"expected {status} {error}, got {Status} {Error} {Text}");
        Assert.False(string.IsNullOrEmpty(this["message"]), "a refusal says why");
        return this;
    }

    public AwsAnswered RefusedAsInvalid() => Refused(400, "InvalidRequestException");
}
