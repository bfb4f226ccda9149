namespace LamassuAwsConnector.Api;

/// <summary>How a message ended for good.</summary>
/// <param name="Outcome"><c>handled</c>, <c>ignored</c>, <c>outdated</c>, <c>gone</c> or <c>dead_lettered</c>.</param>
/// <param name="Code">Of a dead letter, the kind of its failure: <c>invalid</c>, <c>conflict</c>, <c>denied</c>, <c>throttled</c>, <c>unavailable</c> or <c>unexpected</c>.</param>
/// <param name="Reason">Of a dead letter, a sentence for a person.</param>
/// <param name="Deliveries">How often it was delivered.</param>
public sealed record EventEnd(string Outcome, string? Code, string? Reason, int Deliveries);
