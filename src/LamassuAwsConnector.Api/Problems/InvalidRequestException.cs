namespace LamassuAwsConnector.Api.Problems;

/// <summary>A request that says something wrong, by name of the member, query parameter or part of the path.</summary>
internal sealed class InvalidRequestException(IReadOnlyDictionary<string, string[]> errors)
    : Exception($"The request is not valid: {string.Join("; ", errors.Select(error => $"{(error.Key == Body ? "body" : error.Key)}: {string.Join(", ", error.Value)}"))}.")
{
    /// <summary>Stands for the body as a whole.</summary>
    public const string Body = "$";

    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;

    public static InvalidRequestException Of(string member, string reason) => new(new Dictionary<string, string[]> { [member] = [reason] });
}
