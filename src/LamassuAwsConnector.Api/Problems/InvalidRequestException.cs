namespace LamassuAwsConnector.Api.Problems;

/// <summary>A request that says something wrong, by member; <c>$</c> stands for the body as a whole.</summary>
internal sealed class InvalidRequestException(IReadOnlyDictionary<string, string[]> errors)
    : Exception($"The request is not valid: {string.Join("; ", errors.Select(error => $"{(error.Key == "$" ? "body" : error.Key)}: {string.Join(", ", error.Value)}"))}.")
{
    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;

    public static InvalidRequestException Of(string member, string reason) => new(new Dictionary<string, string[]> { [member] = [reason] });
}
