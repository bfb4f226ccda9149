using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Core.DryRuns;

/// <summary>What a command would have done.</summary>
/// <param name="Outcome">As the command itself would end, as far as that can be known without its calls.</param>
/// <param name="Calls">The calls that would change something, in their order. Reads are made and not listed.</param>
public sealed record DryRun<TOutcome>(TOutcome Outcome, IReadOnlyList<PlannedCall> Calls);

/// <summary>A call that a dry run did not make.</summary>
/// <param name="Service"><c>aws</c>, <c>lamassu</c>, or <c>connector</c> for work that the connector would give to itself.</param>
/// <param name="Operation">As AWS calls it, or method and route of Lamassu.</param>
/// <param name="Target">Name or id of what it would change.</param>
/// <param name="Before">What would be replaced, where that is a document; else null.</param>
/// <param name="After">What would be there afterwards, or the members of the call; null where the operation says it all.</param>
public sealed record PlannedCall(string Service, string Operation, string Target, JsonNode? Before, JsonNode? After);
